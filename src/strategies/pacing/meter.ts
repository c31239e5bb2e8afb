import type { Millis } from '../../core/clock.ts'

/** The client's own count of one limit: of requests or of tokens. It never waits and never reads a clock. */
export interface Meter {
  /** Returns the earliest instant at which this cost may be sent, if nothing is sent before it. It may have fractions, and may have passed. */
  opensAt(cost: number, now: Millis): Millis
  /**
   * Counts a cost that is sent at `now` (`SendGate` says what `planned` is). Returns what must be called once: with the cost that it turned out
   * to be, or with nothing if it stays as it is.
   */
  count(cost: number, now: Millis, planned: Millis): (actual?: number) => void
}
