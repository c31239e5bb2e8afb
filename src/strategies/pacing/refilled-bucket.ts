import type { Millis } from '../../core/clock.ts'
import type { Meter } from './meter.ts'
import type { BucketSize } from './safe-bucket.ts'

interface Charge {
  readonly at: Millis
  cost: number
  /** Whether it may still turn out to be another cost. */
  isOpen: boolean
}

/**
 * A bucket that is full at first. A cost greater than its size must wait until the bucket would hold it, if it had room: then it was idle for
 * so long that no window holds more than `size` + `rate`·W, or than this cost alone.
 *
 * When a cost turns out to be another one, the level becomes what it would be if that had been taken in the first place. To give the difference
 * back would be too much: a bucket that was full in between would have had no room for it.
 */
export class RefilledBucket implements Meter {
  readonly #size: number
  readonly #rate: number
  readonly #mostCost: number
  #level: number
  /** The instant of this level. */
  #at: Millis = -Infinity
  /** The charges from the oldest open one on, and the level before them with its instant. */
  #charges: Charge[] = []
  #levelBefore: number
  #atBefore: Millis = -Infinity

  constructor({ size, rate, mostCost }: BucketSize) {
    this.#size = size
    this.#rate = rate
    this.#mostCost = mostCost
    this.#level = size
    this.#levelBefore = size
  }

  opensAt(cost: number): Millis {
    return this.#at + (Math.min(cost, this.#mostCost) - this.#level) / this.#rate
  }

  count(cost: number, _now: Millis, planned: Millis): (actual?: number) => void {
    const charge: Charge = { at: planned, cost: Math.min(cost, this.#mostCost), isOpen: true }
    this.#charges.push(charge)
    this.#take(charge)
    return (actual = charge.cost) => {
      charge.cost = actual
      charge.isOpen = false
      this.#takeAgain()
    }
  }

  #take({ at, cost }: Charge): void {
    this.#level = Math.min(this.#size, this.#level + (at - this.#at) * this.#rate) - cost
    this.#at = at
  }

  #takeAgain(): void {
    this.#level = this.#levelBefore
    this.#at = this.#atBefore
    let closed = 0
    while (this.#charges[closed]?.isOpen === false) this.#take(this.#charges[closed++]!)
    this.#levelBefore = this.#level
    this.#atBefore = this.#at
    this.#charges.splice(0, closed)
    for (const charge of this.#charges) this.#take(charge)
  }
}
