import type { Millis } from '../../src/core/clock.ts'
import type { Rule, Unit } from '../../src/core/limit.ts'

/** What one request asks of the limits. Both whole and >= 0. */
export interface Cost {
  readonly requests: number
  readonly tokens: number
}

/** The part of a cost that a limiter counts. Spelt out, because a computed property is several times slower here. */
export function amountOf({ requests, tokens }: Cost, unit: Unit): number {
  return unit === 'requests' ? requests : tokens
}

export interface Denial {
  readonly rule: Rule
  /**
   * How long until the same cost would pass if nobody else were admitted; `Infinity` when it never can. Exact: one millisecond
   * less fails. To be read at once: it may be worked out only then.
   */
  readonly retryAfter: Millis
}

/**
 * Decides, and never waits or reads a clock: `now` is an argument, whole, and never goes back.
 * Asked first, told after, so that any set of limiters composes without partial charges.
 */
export interface Limiter {
  /** Would this cost pass now? Charges nobody. */
  check(cost: Cost, now: Millis): Denial | undefined
  /** Records a cost, whether or not it would have passed: output tokens are counted after the fact. */
  charge(cost: Cost, now: Millis): void
}

/** A limiter of one quantity by one number, which can be changed while it runs. */
export interface LimitLimiter extends Limiter {
  /** How much of the limit is taken now, for those who watch; more than the limit after charges beyond it. */
  used(now: Millis): number
  /** What is recorded now counts against the new limit at once. Whole, > 0. */
  setLimit(limit: number): void
}

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
  /** The place of the limiter that denied first. */
  readonly index: number
  readonly limiters: readonly Limiter[]
  readonly cost: Cost
  readonly now: Millis
}

/** Asks the limiters behind the first denial only when the wait is read: most denials advise nothing. */
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
