import type { Millis } from '../../core/clock.ts'
import type { Meter } from './meter.ts'
import { Peaks } from './peaks.ts'
import type { BucketSize } from './safe-bucket.ts'

/**
 * A bucket that is full at first. A cost greater than its size must wait until the bucket would hold it, if it had room: then it was idle for
 * so long that no window holds more than `size` + `rate`·W, or than this cost alone. What is given back of a cost brings the bucket to the level at
 * which it would be without it: a bucket that has been full since then has lost it.
 */
export class RefilledBucket implements Meter {
  readonly #size: number
  readonly #rate: number
  readonly #mostCost: number
  #level: number
  /** The instant of this level. */
  #at: Millis = -Infinity
  /** How many costs have been counted. */
  #counted = 0
  readonly #peaks = new Peaks()

  constructor({ size, rate, mostCost }: BucketSize) {
    this.#size = size
    this.#rate = rate
    this.#mostCost = mostCost
    this.#level = size
  }

  opensAt(cost: number): Millis {
    return this.#at + (Math.min(cost, this.#mostCost) - this.#level) / this.#rate
  }

  count(cost: number, now: Millis): (actual: number, later: Millis) => void {
    const taken = Math.min(cost, this.#mostCost)
    this.#refill(now)
    this.#level -= taken
    const counted = ++this.#counted
    return (actual, later) => {
      this.#refill(later)
      const back = Math.min(taken - actual, this.#size - this.#peaks.after(counted))
      this.#level += back
      if (back > 0) this.#peaks.raise(counted, back)
    }
  }

  #refill(now: Millis): void {
    this.#level = Math.min(this.#size, this.#level + (now - this.#at) * this.#rate)
    this.#at = now
    this.#peaks.note(this.#counted, this.#level)
  }
}
