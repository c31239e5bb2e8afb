import type { Millis } from '../../core/clock.ts'

/**
 * Even spacing at a rate that changes: each attempt is 1 ÷ rate after the one before, by the rate at that moment. The ideal instants
 * keep their fractions, so in the long run the rate is exact. After an idle time the spacing starts anew.
 */
export class Pacer {
  #due: Millis = -Infinity

  /** The instant from which the next attempt may be sent, with fractions. */
  get due(): Millis {
    return this.#due
  }

  /** Tells for when an attempt that is sent was planned, and how many of them a second may have from now on. */
  take(planned: Millis, perSecond: number): void {
    if (planned - this.#due >= 1) this.#due = planned
    this.#due += 1000 / perSecond
  }

  /** Lets nothing go before this instant. */
  holdUntil(at: Millis): void {
    this.#due = Math.max(this.#due, at)
  }
}
