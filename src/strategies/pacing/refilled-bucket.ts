import type { Millis } from '../../core/clock.ts'
import type { Meter } from './meter.ts'
import type { BucketSize } from './safe-bucket.ts'

/**
 * A bucket that is full at first. A cost greater than its size must wait until the bucket would hold it, if it had room: then it was idle for
 * so long that no window holds more than `size` + `rate`·W, or than this cost alone.
 */
export class RefilledBucket implements Meter {
  readonly #size: number
  readonly #rate: number
  readonly #mostCost: number
  #level: number
  /** The instant of this level. */
  #at: Millis = -Infinity

  constructor({ size, rate, mostCost }: BucketSize) {
    this.#size = size
    this.#rate = rate
    this.#mostCost = mostCost
    this.#level = size
  }

  opensAt(cost: number): Millis {
    return this.#at + (Math.min(cost, this.#mostCost) - this.#level) / this.#rate
  }

  count(cost: number, _now: Millis, planned: Millis): (actual: number) => void {
    const taken = Math.min(cost, this.#mostCost)
    this.#level = Math.min(this.#size, this.#level + (planned - this.#at) * this.#rate) - taken
    this.#at = planned
    return (actual) => {
      this.#level = Math.min(this.#size, this.#level + taken - actual)
    }
  }
}
