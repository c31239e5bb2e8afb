import type { Millis } from '../../src/core/clock.ts'
import type { Rule } from '../../src/core/limit.ts'
import type { Cost, Denial, Limiter } from './limiter.ts'

/**
 * Passes what every limiter passes; charges all of them or, when one denies, none. The first denial in list order is the one named.
 *
 * `retryAfter` is the longest of the denials' waits, and exact: one millisecond less fails, since that limiter still denies;
 * waiting it passes, since no limiter takes back what it has come to allow while nothing is charged.
 */
export function all(limiters: readonly Limiter[]): Limiter {
  return {
    check(cost, now) {
      for (let i = 0; i < limiters.length; i++) {
        const denial = limiters[i]!.check(cost, now)
        if (denial) return new FirstDenial(denial, i, limiters, cost, now)
      }
      return undefined
    },
    charge(cost, now) {
      for (let i = 0; i < limiters.length; i++) limiters[i]!.charge(cost, now)
    },
  }
}

/** Asks the limiters behind the first denial only when the wait is read: most denials advise nothing. */
class FirstDenial implements Denial {
  readonly rule: Rule
  readonly #first: Denial
  readonly #index: number
  readonly #limiters: readonly Limiter[]
  readonly #cost: Cost
  readonly #now: Millis

  constructor(first: Denial, index: number, limiters: readonly Limiter[], cost: Cost, now: Millis) {
    this.rule = first.rule
    this.#first = first
    this.#index = index
    this.#limiters = limiters
    this.#cost = cost
    this.#now = now
  }

  get retryAfter(): Millis {
    let longest = this.#first.retryAfter
    for (let i = this.#index + 1; i < this.#limiters.length; i++) {
      const denial = this.#limiters[i]!.check(this.#cost, this.#now)
      if (denial && denial.retryAfter > longest) longest = denial.retryAfter
    }
    return longest
  }
}
