import type { Millis } from '../core/clock.ts'

/** A limit that is asked for one admission after the other. */
export interface Gate {
  /** The earliest instant, not before this one, at which the next call can be admitted. A limit that falls can close the gate again later. */
  earliest(from: Millis): Millis
  admit(at: Millis): void
}
