import type { Millis } from '../core/clock.ts'
import type { Gate } from './gate.ts'
import type { Supply } from './supply.ts'

/** Tokens that calls are certain to have charged by the time at which later calls are admitted. */
export interface TokenDemand {
  /** Entry i is the least number of tokens that i calls charge: the sum of the i smallest amounts. */
  readonly least: Float64Array
  /** How many calls in each window need not have charged their tokens yet. 0: all have. */
  readonly exempt: number
}

/** Sums amounts in ascending order. Entry i of the result is the sum of the i smallest. Sorts the amounts in place. */
export function leastSums(amounts: Float64Array): Float64Array {
  amounts.sort()
  const sums = new Float64Array(amounts.length + 1)
  for (let i = 0; i < amounts.length; i++) sums[i + 1] = sums[i]! + amounts[i]!
  return sums
}

/**
 * The gate of a limit on tokens. Whichever calls are admitted, i of them charge at least the sum of the i smallest amounts. So the i-th
 * admission cannot be before the instant by which the limit lets that sum through. With exempt calls, the sum has so many calls fewer
 * for each window that has begun.
 */
export class TokenGate implements Gate {
  readonly #supply: Supply
  readonly #demand: TokenDemand
  #admitted = 0
  #at: Millis

  constructor(supply: Supply, demand: TokenDemand, from: Millis) {
    this.#supply = supply
    this.#demand = demand
    this.#at = from
  }

  earliest(): Millis {
    const { least, exempt } = this.#demand
    for (;;) {
      const counted = Math.max(0, this.#admitted + 1 - exempt * this.#supply.windowsBy(this.#at))
      const enough = this.#supply.reaches(least[counted]!, this.#at)
      if (enough === this.#at) return enough
      // Where calls are exempt, fewer tokens are needed once another window has begun.
      this.#at = exempt === 0 ? enough : Math.min(enough, this.#supply.nextWindow(this.#at))
    }
  }

  admit(): void {
    this.#admitted++
  }
}
