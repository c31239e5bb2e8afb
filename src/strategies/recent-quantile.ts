import { partitionPoint } from '../core/partition-point.ts'

/** How many of the latest values are remembered. */
const remembered = 500

/**
 * A quantile of the latest 500 values, exactly as sorting them gives it: the ⌈share·n⌉-th smallest. Its memory is bounded, and it follows a
 * quantity that changes.
 */
export class RecentQuantile {
  readonly #share: number
  /** The values in the order in which they came; from 500 on the newest takes the place of the oldest. */
  readonly #latest = new Float64Array(remembered)
  readonly #sorted = new Float64Array(remembered)
  #seen = 0

  constructor(share: number) {
    this.#share = share
  }

  /** Returns the quantile, or `unknown` as long as there is no value. */
  valueOr(unknown: number): number {
    const count = Math.min(this.#seen, remembered)
    return count === 0 ? unknown : this.#sorted[Math.max(0, Math.ceil(this.#share * count) - 1)]!
  }

  add(value: number): void {
    const oldest = this.#seen % remembered
    let count = this.#seen
    if (this.#seen >= remembered) {
      count = remembered - 1
      const at = this.#placeOf(this.#latest[oldest]!, remembered)
      this.#sorted.copyWithin(at, at + 1)
    }
    const at = this.#placeOf(value, count)
    this.#sorted.copyWithin(at + 1, at, count)
    this.#sorted[at] = value
    this.#latest[oldest] = value
    this.#seen++
  }

  /** Returns how many of the first `count` sorted values are smaller. */
  #placeOf(value: number, count: number): number {
    return partitionPoint(count, (index) => this.#sorted[index]! < value)
  }
}
