import type { Millis } from '../../core/clock.ts'

/** The scale of the cubic curve, in attempts a second for each cubic second, and the factor of a cut. */
const scale = 0.4
const beta = 0.7

/**
 * The rate of CUBIC as botocore has it (`retries/throttling.py`). After a throttle at rate w it falls to 0.7·w. Then, t seconds after,
 * it is 0.4·(t − K)³ + w with K = ∛(0.3·w ÷ 0.4): it comes back to w at t = K, slowly around there, and then grows ever faster.
 */
export class Cubic {
  #most = 0
  #plateau = 0
  #throttledAt: Millis

  constructor(now: Millis) {
    this.#throttledAt = now
  }

  /** Returns the rate after an answer. */
  answered(now: Millis): number {
    return scale * ((now - this.#throttledAt) / 1000 - this.#plateau) ** 3 + this.#most
  }

  /** Returns the rate after a throttle at this rate. */
  throttled(perSecond: number, now: Millis): number {
    this.#most = perSecond
    this.#plateau = Math.cbrt((perSecond * (1 - beta)) / scale)
    this.#throttledAt = now
    return perSecond * beta
  }
}
