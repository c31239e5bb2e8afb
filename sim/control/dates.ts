import type { Millis } from '../../src/core/clock.ts'
import { isoTime } from '../../src/core/system-clock.ts'

/** The last instant that has a date in replies: a year has four digits there, as in RFC 3339. */
export const lastDate: Millis = 253_402_300_799_999

/** Returns the date of an instant, or null for an instant that has none, or that is never. */
export function dateOf(at: Millis | null): string | null {
  return at === null || at > lastDate ? null : isoTime(at)
}
