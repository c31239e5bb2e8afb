import type { Millis } from '../core/clock.ts'
import type { Gate } from './gate.ts'
import type { Supply } from './supply.ts'

/** Requests or tokens that calls are certain to have charged by the time at which later calls are admitted. */
export interface CertainDemand {
  /** Entry i is the least amount that i calls charge: the sum of the i smallest amounts. */
  readonly least: Float64Array
  /** How many calls in each window need not have charged their amounts yet. 0: all have. */
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
 * The gate of a limit by its supply. Whichever calls are admitted, i of them charge at least the sum of the i smallest amounts. So the i-th
 * admission cannot be before the instant by which the limit lets that sum through. With exempt calls, the sum has so many calls fewer
 * for each window that has begun.
 */
export class SupplyGate implements Gate {
  readonly #supply: Supply
  readonly #demand: CertainDemand
  #admitted = 0

  constructor(supply: Supply, demand: CertainDemand) {
    this.#supply = supply
    this.#demand = demand
  }

  earliest(from: Millis): Millis {
    const { least, exempt } = this.#demand
    for (let at = from; ; ) {
      const counted = Math.max(0, this.#admitted + 1 - exempt * this.#supply.windowsBy(at))
      const enough = this.#supply.reaches(least[counted]!, at)
      if (enough === at) return enough
      // Where calls are exempt, fewer tokens are needed once another window has begun.
      at = exempt === 0 ? enough : Math.min(enough, this.#supply.nextWindow(at))
    }
  }

  admit(): void {
    this.#admitted++
  }
}
