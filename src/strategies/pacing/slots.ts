import type { Millis } from '../../core/clock.ts'

/**
 * Evenly spaced instants, `limit` to each `window`: any window of w whole milliseconds holds at most ⌈limit·w/window⌉ of them.
 *
 * The ideal instants lie exactly window/limit apart, in fractions; each is used less than a millisecond late, when a whole
 * one has come. So n uses span more than (n−1)·window/limit − 1 ms, and in the long run the rate is exact. An idle time, or
 * a timer that was late by a millisecond or more, is not made up for: the spacing starts anew.
 * The instants are counted from where the spacing last began, not summed up, so that rounding errors cannot pile up.
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

  /** The next ideal instant: the slot is free from then on. */
  get next(): Millis {
    return this.#began + (this.#taken * this.#window) / this.#limit
  }

  /** Uses the next slot, now or (`now` is before it) ahead of its time. */
  take(now: Millis): void {
    if (now - this.next >= 1) {
      this.#began = now
      this.#taken = 0
    }
    this.#taken++
  }
}
