import type { Millis } from '../../core/clock.ts'

/**
 * Evenly spaced instants, `limit` of them in each `window`: any window of w whole milliseconds has at most ⌈limit·w/window⌉.
 *
 * The ideal instants are exactly window/limit apart, with fractions; each slot is used less than a millisecond late, at the next
 * whole one. So n uses span more than (n−1)·window/limit − 1 ms, and in the long run the rate is exact. After an idle time nothing is made up
 * for: the spacing starts anew. What a late timer took is a matter of the line (`gated-line.ts`).
 * An instant is computed from where the spacing last began, not from the instant before: rounding errors do not add up.
 */
export class Slots {
  readonly #limit: number
  readonly #window: Millis
  #began: Millis = -Infinity
  #taken = 0

  constructor(limit: number, window: Millis) {
    this.#limit = limit
    this.#window = window
  }

  /** The next ideal instant, with fractions. The slot is free from then on. */
  get next(): Millis {
    return this.#began + (this.#taken * this.#window) / this.#limit
  }

  /** Uses the next slot. `now` may be before it: a call reserves it then. */
  take(now: Millis): void {
    if (now - this.next >= 1) {
      this.#began = now
      this.#taken = 0
    }
    this.#taken++
  }
}
