import type { Millis } from '../../core/clock.ts'

/** The client's own count of one limit: of requests or of tokens. It never waits and never reads a clock. */
export interface Meter {
  /** Returns the earliest instant at which this cost may be sent, if nothing is sent before it. It may have fractions, and may have passed. */
  opensAt(cost: number, now: Millis): Millis
  /** Counts a cost that is sent at `now`. Returns what replaces it, at an instant after that, with the cost that it turned out to be. */
  count(cost: number, now: Millis): (actual: number, later: Millis) => void
}
