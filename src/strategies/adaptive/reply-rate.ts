import type { Millis } from '../../core/clock.ts'

/** The length of an interval, in milliseconds, and the weight of the newest one in the mean. */
const interval: Millis = 500
const weight = 0.8

/**
 * The rate at which replies come, as botocore measures it (`RateClocker` of `retries/adaptive.py`): the exponential moving mean of the
 * rates of half seconds. A half second in which none came has no rate of its own: the next one is measured over both.
 */
export class ReplyRate {
  #perSecond = 0
  #count = 0
  #intervalAt: Millis

  constructor(now: Millis) {
    this.#intervalAt = startOf(now)
  }

  /** Counts a reply, and returns the rate. */
  count(now: Millis): number {
    this.#count++
    const at = startOf(now)
    if (at > this.#intervalAt) {
      const perSecond = (1000 * this.#count) / (at - this.#intervalAt)
      this.#perSecond = weight * perSecond + (1 - weight) * this.#perSecond
      this.#count = 0
      this.#intervalAt = at
    }
    return this.#perSecond
  }
}

function startOf(now: Millis): Millis {
  return Math.floor(now / interval) * interval
}
