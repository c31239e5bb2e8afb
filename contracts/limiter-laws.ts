import fc from 'fast-check'
import { expect } from 'vitest'
import type { Limiter, LimitLimiter } from '../sim/limiters/limiter.ts'
import type { Millis } from '../src/core/clock.ts'
import { OptionError } from '../src/core/expect.ts'
import type { Limit, Rule } from '../src/core/limit.ts'
import {
  amounts,
  anyLimits,
  type Charge,
  type Costing,
  costFor,
  type HistoryStep,
  histories,
  playHistory,
  playRefunds,
  refundHistories,
} from './history.ts'
import type { Laws } from './laws.ts'

/** A limiter to test. It can be built several times, so that several copies can run through the same history. */
export interface LimiterSubject {
  /** Returns a new limiter with the same options each time. */
  readonly make: () => Limiter
  /** Returns the cost of an amount in the quantity that the limiter counts; see `costIn`. */
  readonly cost: Costing
  /** The rules that a denial of the limiter may have. */
  readonly rules: readonly Rule[]
  /** The time after which a charge has no effect any more, in milliseconds. */
  readonly memory: Millis
}

/**
 * Returns whether a cost of `amount` is admitted at `now`. It computes this from the list of all charges in the simplest way, so that
 * it is obviously correct. The limiter is compared with it.
 */
export type LimiterModel = (charges: readonly Charge[], amount: number, now: Millis, limit: Limit) => boolean

/** The laws of every limiter. `limiterContract` explains each. */
export const limiterLaws: Laws<fc.Arbitrary<LimiterSubject>> = {
  'a cost is admitted after a wait of exactly retryAfter, and denied after any shorter wait': (subjects) =>
    fc.assert(
      fc.property(subjects, histories, amounts, ({ make, cost, rules, memory }, history, amount) => {
        const limiter = make()
        const { now } = playHistory(limiter, cost, history)
        const denial = limiter.check(cost(amount), now)
        if (!denial) return
        expect(rules).toContain(denial.rule)
        expect(denial.retryAfter).toBeGreaterThan(0)
        const patience = denial.retryAfter === Infinity ? 3 * memory : denial.retryAfter
        for (let waited = 1; waited < patience; waited++) {
          const remaining = limiter.check(cost(amount), now + waited)?.retryAfter
          expect(remaining, `retryAfter after ${waited} ms`).toBe(denial.retryAfter - waited)
        }
        if (denial.retryAfter < Infinity) expect(limiter.check(cost(amount), now + denial.retryAfter)).toBeUndefined()
      }),
    ),

  'retryAfter is also exact when no check happens during the wait': (subjects) =>
    fc.assert(
      fc.property(subjects, histories, amounts, ({ make, cost }, history, amount) => {
        const replayed = () => {
          const limiter = make()
          return { limiter, now: playHistory(limiter, cost, history).now }
        }
        const { limiter, now } = replayed()
        const wait = limiter.check(cost(amount), now)?.retryAfter ?? Infinity
        if (wait === Infinity) return
        expect(limiter.check(cost(amount), now + wait)).toBeUndefined()
        if (wait > 1) expect(replayed().limiter.check(cost(amount), now + wait - 1)?.retryAfter).toBe(1)
      }),
    ),

  'any number of checks, of any cost, changes no decision': (subjects) =>
    fc.assert(
      fc.property(
        subjects,
        histories,
        fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }),
        ({ make, cost }, history, furtherAmounts) => {
          const checkedOnce = make()
          const checkedOften = make()
          playHistory(chargingBoth(checkedOnce, checkedOften), cost, history, (amount, now) => {
            for (const further of furtherAmounts) checkedOften.check(cost(further), now)
            const decision = checkedOften.check(cost(amount), now)
            expect(checkedOften.check(cost(amount), now)).toEqual(decision)
            expect(checkedOnce.check(cost(amount), now)).toEqual(decision)
          })
        },
      ),
    ),

  'a cost of 0 is admitted, even when the limit is full': (subjects) =>
    fc.assert(
      fc.property(subjects, histories, ({ make, cost }, history) => {
        const limiter = make()
        const { now } = playHistory(limiter, cost, history)
        limiter.charge(cost(1000), now)
        expect(limiter.check(cost(1), now)).toBeDefined()
        expect(limiter.check(cost(0), now)).toBeUndefined()
        expect(limiter.check(cost(0), now + 1)).toBeUndefined()
      }),
    ),
}

/** A limiter that enforces one limit, and the model with which it must agree. */
export interface LimitLimiterSubject {
  readonly make: (limit: Limit) => LimitLimiter
  readonly model: LimiterModel
}

/** The further laws of a limiter that enforces one limit. `limitLimiterContract` explains each. */
export const limitLimiterLaws: Laws<LimitLimiterSubject> = {
  'decisions and waits equal those of the model': ({ make, model }) =>
    fc.assert(
      fc.property(anyLimits, histories, (limit, history) => {
        const limiter = make(limit)
        playHistory(limiter, costFor(limit), history, agreesWith(model, limiter, limit))
      }),
    ),

  'after a refund decisions and waits are as if that much less had been charged': ({ make, model }) =>
    fc.assert(
      fc.property(anyLimits, refundHistories, (limit, history) => {
        const limiter = make(limit)
        playRefunds(limiter, costFor(limit), history, agreesWith(model, limiter, limit))
      }),
      { numRuns: 300 },
    ),

  'only a cost above the whole limit is never admitted': ({ make }) =>
    fc.assert(
      fc.property(anyLimits, amounts, (limit, amount) => {
        const limiter = make(limit)
        const cost = costFor(limit)
        limiter.charge(cost(limit.limit), 0)
        expect(limiter.check(cost(amount), 0)?.retryAfter === Infinity).toBe(amount > limit.limit)
      }),
    ),

  'a new limit applies at once, as if it had been set from the start': ({ make }) =>
    fc.assert(
      fc.property(
        anyLimits,
        anyLimits,
        histories,
        fc.array(amounts, { maxLength: 5 }),
        (limit, { limit: newLimit }, history, charged) => {
          const changed = make(limit)
          const built = make({ ...limit, limit: newLimit })
          const cost = costFor(limit)
          for (const amount of charged) chargingBoth(changed, built).charge(cost(amount), 0)
          changed.setLimit(newLimit)
          expectSameDecisions(changed, built, cost, history)
        },
      ),
    ),

  'a limit or a window that is not a whole number above 0 is refused': ({ make }) => {
    const limit: Limit = { rule: 'rpm', limit: 5, window: 60_000 }
    for (const [field, value, expected] of wrongLimits) {
      const problem = new OptionError(`Expected \`${field}\` to be ${expected}`)
      expect(() => make({ ...limit, [field]: value })).toThrow(problem)
      if (field === 'limit') expect(() => make(limit).setLimit(value as number)).toThrow(problem)
    }
  },
}

/** Returns a check, before each step, that the limiter decides and waits as the model does. */
function agreesWith(model: LimiterModel, limiter: Limiter, limit: Limit) {
  return (amount: number, now: Millis, charges: readonly Charge[]) => {
    const wait = limiter.check(costFor(limit)(amount), now)?.retryAfter ?? 0
    const passes = (at: Millis) => amount === 0 || model(charges, amount, at, limit)
    const end = wait === Infinity ? now + 3 * limit.window : now + wait
    expect(passes(end), `${amount} at ${now}, after a wait of ${wait} ms`).toBe(wait < Infinity)
    if (wait > 0) expect(passes(end - 1), `${amount} at ${now}, one millisecond earlier`).toBe(false)
  }
}

const wrongLimits = [
  ['limit', 0, '> 0, got 0'],
  ['limit', -1, '> 0, got -1'],
  ['limit', 1.5, 'a whole number > 0, got 1.5'],
  ['limit', Number.NaN, 'a whole number > 0, got NaN'],
  ['limit', Infinity, 'a whole number > 0, got Infinity'],
  ['limit', '5', 'a whole number > 0, got "5"'],
  ['window', 0, '> 0, got 0'],
  ['window', -60_000, '> 0, got -60000'],
  ['window', 0.5, 'a whole number > 0, got 0.5'],
] as const

/** Runs both limiters through the history and expects the same decision of both at each step. What `b` admits is charged to both. */
export function expectSameDecisions(a: Limiter, b: Limiter, cost: Costing, history: readonly HistoryStep[]): void {
  playHistory(chargingBoth(b, a), cost, history, (amount, now) => {
    expect(a.check(cost(amount), now)).toEqual(b.check(cost(amount), now))
  })
}

/** Returns a limiter that decides like the first and charges both. */
function chargingBoth(first: Limiter, second: Limiter): Limiter {
  return {
    check: first.check.bind(first),
    charge: (cost, now) => {
      first.charge(cost, now)
      second.charge(cost, now)
    },
  }
}
