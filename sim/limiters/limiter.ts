import type { Millis } from '../../src/core/clock.ts'
import type { Rule, Unit } from '../../src/core/limit.ts'

/** What one request asks of the limits. Both numbers are whole and >= 0. */
export interface Cost {
  readonly requests: number
  readonly tokens: number
}

/** The part of a cost that a limiter counts. It is spelled out, because `cost[unit]` is several times slower here. */
export function amountOf({ requests, tokens }: Cost, unit: Unit): number {
  return unit === 'requests' ? requests : tokens
}

/** The answer of a limiter that a cost does not pass. */
export interface Denial {
  readonly rule: Rule
  /**
   * How long until the same cost would pass if no other were admitted, milliseconds. `Infinity`: it never passes. The wait is exact: one
   * millisecond less fails. It must be read before the next charge, since it may be computed only when it is read.
   */
  readonly retryAfter: Millis
}

/**
 * Decides whether costs pass. It never waits and never reads a clock: `now` is an argument, whole milliseconds, and never goes back. Checking
 * and charging are apart, so that any set of limiters composes without partial charges.
 */
export interface Limiter {
  /** Returns a denial when this cost would not pass now. Charges nothing. */
  check(cost: Cost, now: Millis): Denial | undefined
  /** Charges a cost, whether or not it would have passed: output tokens are only known afterwards. */
  charge(cost: Cost, now: Millis): void
}

/** A limiter of one unit by one number, which can be changed while it runs. */
export interface LimitLimiter extends Limiter {
  /** Returns how much of the limit is taken now. It exceeds the limit after charges beyond it. */
  used(now: Millis): number
  /** Changes the limit. What has been charged counts against the new limit at once. Whole, > 0. */
  setLimit(limit: number): void
}

/**
 * One limiter of several: a cost passes when it passes all of them, and is then charged to all of them. The denial names the rule of the first
 * limiter in the list that denies.
 *
 * `retryAfter` is the longest wait of all denials, and it is exact: one millisecond less fails, because that limiter still denies; the full wait
 * passes, because no limiter denies again what it has come to allow while nothing is charged.
 */
export function all(limiters: readonly Limiter[]): Limiter {
  return {
    check(cost, now) {
      for (let i = 0; i < limiters.length; i++) {
        const denial = limiters[i]!.check(cost, now)
        if (denial) return new FirstDenial({ first: denial, index: i, limiters, cost, now })
      }
      return undefined
    },
    charge(cost, now) {
      for (let i = 0; i < limiters.length; i++) limiters[i]!.charge(cost, now)
    },
  }
}

interface FirstDenialOptions {
  readonly first: Denial
  /** The place in the list of the limiter that denied first. */
  readonly index: number
  readonly limiters: readonly Limiter[]
  readonly cost: Cost
  readonly now: Millis
}

/** A denial that asks the limiters after the first denying one only when its wait is read, since most denials advise no wait. */
class FirstDenial implements Denial {
  readonly rule: Rule
  readonly #first: Denial
  readonly #index: number
  readonly #limiters: readonly Limiter[]
  readonly #cost: Cost
  readonly #now: Millis

  constructor({ first, index, limiters, cost, now }: FirstDenialOptions) {
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
