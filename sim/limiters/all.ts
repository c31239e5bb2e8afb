import type { Millis } from '../../src/core/clock.ts'
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
        if (denial) return { rule: denial.rule, retryAfter: longestWait(limiters, i + 1, denial, cost, now) }
      }
      return undefined
    },
    charge(cost, now) {
      for (let i = 0; i < limiters.length; i++) limiters[i]!.charge(cost, now)
    },
  }
}

function longestWait(limiters: readonly Limiter[], from: number, first: Denial, cost: Cost, now: Millis): Millis {
  let longest = first.retryAfter
  for (let i = from; i < limiters.length; i++) {
    const denial = limiters[i]!.check(cost, now)
    if (denial && denial.retryAfter > longest) longest = denial.retryAfter
  }
  return longest
}
