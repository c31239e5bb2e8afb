import type { Millis } from './clock.ts'
import type { Bounds } from './expect.ts'

/** The end of the year 9999, since the years of dates have four digits in RFC 3339. Simulated time ends there. */
export const lastInstant: Millis = 253_402_300_799_999

/** The bounds of an instant that has a date, from the beginning of the year 0 on. */
export const instantBounds: Bounds = { atLeast: -62_167_219_200_000, atMost: lastInstant, whole: true }

/** Returns the instant after a wait, or null for a wait that does not end before time does. */
export function instantAfter(now: Millis, wait: Millis): Millis | null {
  const at = now + wait
  return at <= lastInstant ? at : null
}
