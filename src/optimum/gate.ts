import type { Millis } from '../core/clock.ts'

/** A limit that is asked for one admission after the other. */
export interface Gate {
  /** The earliest instant at which the next call can be admitted. It never falls from one admission to the next. */
  earliest(): Millis
  admit(at: Millis): void
}
