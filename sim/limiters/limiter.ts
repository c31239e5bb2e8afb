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
