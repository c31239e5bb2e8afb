import type { Millis } from '../../src/core/clock.ts'
import { isoTime } from '../../src/core/system-clock.ts'

/** The last instant that has a date, on 13 September of the year 275,760. */
export const lastDate: Millis = 8_640_000_000_000_000

/** Returns the date of an instant, or null for an instant that has none, or that is never. */
export function dateOf(at: Millis | null): string | null {
  return at === null || at > lastDate ? null : isoTime(at)
}
