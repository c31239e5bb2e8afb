import type { Millis } from './clock.ts'
import type { Bounds } from './expect.ts'

/** The last instant that has a date, on 13 September of the year 275,760. Simulated time ends there. */
export const lastInstant: Millis = 8_640_000_000_000_000

/** The bounds of an instant that has a date. */
export const instantBounds: Bounds = { atLeast: -lastInstant, atMost: lastInstant, whole: true }

/** Returns the instant after a wait, or null for a wait that does not end before time does. */
export function instantAfter(now: Millis, wait: Millis): Millis | null {
  const at = now + wait
  return at <= lastInstant ? at : null
}
