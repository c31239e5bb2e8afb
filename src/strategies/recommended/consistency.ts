import type { Millis } from '../../core/clock.ts'
import { maximum } from '../../core/extremes.ts'
import type { Spending } from './spending.ts'

/** How many of the newest denials are compared, and how many there must be before they say anything. */
const remembered = 8
const enough = 3

/** How far back admissions are compared with them. */
const past: Millis = 60_000

/**
 * How well a way of counting agrees with the provider: of the window that fits best, the least sum at a denial as a share of the greatest that was
 * admitted. If the client counts as the provider does and the window slides, it is 1 for the window of the limit; the more the count
 * is off, the less it is.
 */
export class Consistency {
  readonly #windows: readonly Millis[]
  readonly #spending: Spending
  readonly #denials: Float64Array[] = []
  /** Undefined until there were enough denials. */
  share: number | undefined

  constructor(windows: readonly Millis[], spending: Spending) {
    this.#windows = windows
    this.#spending = spending
  }

  /** An attempt was denied, the first of a clump that began at `flight`. */
  deny(sentAt: Millis, cost: number, flight: Millis): void {
    const sums = Float64Array.from(this.#windows, (window) => {
      const sum = this.#spending.possibly(window, sentAt, flight)
      return sum > 0 ? sum + cost : 0
    })
    if (this.#denials.push(sums) > remembered) this.#denials.shift()
    if (this.#denials.length >= enough)
      this.share = maximum(this.#windows.map((window, k) => this.#shareOf(window, k, sentAt)))
  }

  #shareOf(window: Millis, k: number, now: Millis): number {
    const least = this.#denials.reduce((least, sums) => Math.min(least, sums[k]!), Infinity)
    return Math.min(1, least / Math.max(1, this.#spending.busiest(window, now - 1, past)))
  }
}
