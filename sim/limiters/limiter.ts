import type { Millis } from '../../src/core/clock.ts'
import { type Rule, ruleBit, ruleSets, type Unit } from '../../src/core/limit.ts'

/** What one request asks of the limits. Both numbers are whole and >= 0. */
export interface Cost {
  readonly requests: number
  readonly tokens: number
}

/** The part of a cost that a limiter counts. It is spelled out, because `cost[unit]` is several times slower here. */
export function amountOf({ requests, tokens }: Cost, unit: Unit): number {
  return unit === 'requests' ? requests : tokens
}

/** The answer of a limiter that a cost does not pass. Both fields must be read before the next charge, since they may be computed only then. */
export interface Denial {
  readonly rule: Rule
  /**
   * How long until the same cost would pass if no other were admitted, milliseconds. `Infinity`: it never passes. The wait is exact: one
   * millisecond less fails.
   */
  readonly retryAfter: Millis
}

/** The denial of a set of limiters. */
export interface JointDenial extends Denial {
  /** Every rule that denies the cost at this instant, `rule` among them. */
  readonly rules: readonly Rule[]
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
  /**
   * Gives back a part of what was charged at the instant `at`, at most all of it: from now on the limiter decides as if that much less had been
   * charged then. It has no effect when that charge counts no more.
   */
  refund(cost: Cost, at: Millis, now: Millis): void
  /** Returns how much of the limit is taken now. It exceeds the limit after charges beyond it. */
  used(now: Millis): number
  /** Changes the limit. What has been charged counts against the new limit at once. Whole, > 0. */
  setLimit(limit: number): void
}

/** A set of limiters that decides and charges as one. */
export interface LimiterSet extends Limiter {
  check(cost: Cost, now: Millis): JointDenial | undefined
}

/**
 * One limiter of several, which are asked group by group: a cost passes when it passes all of them, and is then charged to all of them. The
 * denial names the rule of the first limiter that denies, and lists those of all that do. The groups may change while the set is in use.
 *
 * `retryAfter` is the longest wait of all denials, and it is exact: one millisecond less fails, because that limiter still denies; the full wait
 * passes, because no limiter denies again what it has come to allow while nothing is charged. Soft limits do: beside them the wait is only never
 * too long.
 */
export function all(...groups: readonly (readonly Limiter[])[]): LimiterSet {
  return {
    check(cost, now) {
      for (let g = 0; g < groups.length; g++) {
        const group = groups[g]!
        for (let i = 0; i < group.length; i++) {
          const denial = group[i]!.check(cost, now)
          if (denial) return new FirstDenial(denial, groups, g, i, cost, now)
        }
      }
      return undefined
    },
    charge(cost, now) {
      for (let g = 0; g < groups.length; g++) {
        const group = groups[g]!
        for (let i = 0; i < group.length; i++) group[i]!.charge(cost, now)
      }
    },
  }
}

/** A denial that asks the limiters after the first that denies only when that is read, so that a cost is checked once as long as nobody reads it. */
class FirstDenial implements JointDenial {
  readonly rule: Rule
  readonly #first: Denial
  readonly #groups: readonly (readonly Limiter[])[]
  /** Where the first limiter that denies stands: its group, and its place there. The limiters before it pass the cost. */
  readonly #group: number
  readonly #place: number
  readonly #cost: Cost
  readonly #now: Millis

  constructor(
    first: Denial,
    groups: readonly (readonly Limiter[])[],
    group: number,
    place: number,
    cost: Cost,
    now: Millis,
  ) {
    this.rule = first.rule
    this.#first = first
    this.#groups = groups
    this.#group = group
    this.#place = place
    this.#cost = cost
    this.#now = now
  }

  get retryAfter(): Millis {
    let longest = this.#first.retryAfter
    for (let g = this.#group; g < this.#groups.length; g++) {
      const group = this.#groups[g]!
      for (let i = this.#restOf(g); i < group.length; i++)
        longest = Math.max(longest, group[i]!.check(this.#cost, this.#now)?.retryAfter ?? 0)
    }
    return longest
  }

  get rules(): readonly Rule[] {
    let bits = ruleBit[this.rule]
    for (let g = this.#group; g < this.#groups.length; g++) {
      const group = this.#groups[g]!
      for (let i = this.#restOf(g); i < group.length; i++) {
        const denial = group[i]!.check(this.#cost, this.#now)
        if (denial) bits |= ruleBit[denial.rule]
      }
    }
    return ruleSets[bits]!
  }

  /** The first place of a group from its own on that stands after the first limiter that denies. */
  #restOf(group: number): number {
    return group === this.#group ? this.#place + 1 : 0
  }
}
