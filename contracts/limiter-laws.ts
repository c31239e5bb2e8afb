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
} from './history.ts'
import type { Laws } from './laws.ts'

/** A limiter that can be built again and again, so that one history can be played to several copies of it. */
export interface LimiterSubject {
  /** Returns a new limiter with the same options each time. */
  readonly make: () => Limiter
  /** The cost of an amount: in the quantity that the limiter counts, and of nothing that it does not. */
  readonly cost: Costing
  /** The rules that its denials may name. */
  readonly rules: readonly Rule[]
  /** So long after the last charge, in milliseconds, no charge matters any more. */
  readonly memory: Millis
}

/** Whether a cost of `amount` passes at `now`, computed from all that was ever charged: an obviously correct answer to compare with. */
export type LimiterModel = (charges: readonly Charge[], amount: number, now: Millis, limit: Limit) => boolean

/** The laws of every limiter; `limiterContract` says what each demands. */
export const limiterLaws: Laws<fc.Arbitrary<LimiterSubject>> = {
  'a wait of exactly retryAfter passes, any shorter one fails': (subjects) =>
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
          const left = limiter.check(cost(amount), now + waited)?.retryAfter
          expect(left, `left after ${waited} ms`).toBe(denial.retryAfter - waited)
        }
        if (denial.retryAfter < Infinity) expect(limiter.check(cost(amount), now + denial.retryAfter)).toBeUndefined()
      }),
    ),

  'a wait of exactly retryAfter passes when nobody asks in between': (subjects) =>
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

  'asking charges nobody, however often and for whatever': (subjects) =>
    fc.assert(
      fc.property(
        subjects,
        histories,
        fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }),
        ({ make, cost }, history, extras) => {
          const calm = make()
          const pestered = make()
          playHistory(chargedAlike(calm, pestered), cost, history, (amount, now) => {
            for (const extra of extras) pestered.check(cost(extra), now)
            const decision = pestered.check(cost(amount), now)
            expect(pestered.check(cost(amount), now)).toEqual(decision)
            expect(calm.check(cost(amount), now)).toEqual(decision)
          })
        },
      ),
    ),

  'a cost of nothing passes, even over a full limit': (subjects) =>
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

/** A limiter of one quantity by one number, and the model that it must agree with. */
export interface LimitLimiterSubject {
  readonly make: (limit: Limit) => LimitLimiter
  readonly model: LimiterModel
}

/** The further laws of a limiter of one quantity by one number; `limitLimiterContract` says what each demands. */
export const limitLimiterLaws: Laws<LimitLimiterSubject> = {
  'it decides and tells waits as its model does': ({ make, model }) =>
    fc.assert(
      fc.property(anyLimits, histories, (limit, history) => {
        const limiter = make(limit)
        const cost = costFor(limit)
        playHistory(limiter, cost, history, (amount, now, charges) => {
          const wait = limiter.check(cost(amount), now)?.retryAfter ?? 0
          const passes = (at: Millis) => amount === 0 || model(charges, amount, at, limit)
          const end = wait === Infinity ? now + 3 * limit.window : now + wait
          expect(passes(end), `${amount} at ${now} once it has waited ${wait} ms`).toBe(wait < Infinity)
          if (wait > 0) expect(passes(end - 1), `${amount} at ${now}, a millisecond before`).toBe(false)
        })
      }),
    ),

  'only what exceeds the whole limit can never pass': ({ make }) =>
    fc.assert(
      fc.property(anyLimits, amounts, (limit, amount) => {
        const limiter = make(limit)
        const cost = costFor(limit)
        limiter.charge(cost(limit.limit), 0)
        expect(limiter.check(cost(amount), 0)?.retryAfter === Infinity).toBe(amount > limit.limit)
      }),
    ),

  'a new limit holds at once, as though it had always been': ({ make }) =>
    fc.assert(
      fc.property(
        anyLimits,
        anyLimits,
        histories,
        fc.array(amounts, { maxLength: 5 }),
        (limit, { limit: next }, history, charged) => {
          const changed = make(limit)
          const born = make({ ...limit, limit: next })
          const cost = costFor(limit)
          for (const amount of charged) chargedAlike(changed, born).charge(cost(amount), 0)
          changed.setLimit(next)
          expectSameDecisions(changed, born, cost, history)
        },
      ),
    ),

  'a limit or a window that is not a whole number above 0 is refused': ({ make }) => {
    const limit: Limit = { rule: 'rpm', limit: 5, window: 60_000 }
    for (const [field, value, wanted] of refused) {
      const problem = new OptionError(`Expected \`${field}\` to be ${wanted}`)
      expect(() => make({ ...limit, [field]: value })).toThrow(problem)
      if (field === 'limit') expect(() => make(limit).setLimit(value as number)).toThrow(problem)
    }
  },
}

const refused = [
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

/** Plays the history and expects both to decide alike at each step. What the second passes is charged to both. */
export function expectSameDecisions(a: Limiter, b: Limiter, cost: Costing, history: readonly HistoryStep[]): void {
  playHistory(chargedAlike(b, a), cost, history, (amount, now) => {
    expect(a.check(cost(amount), now)).toEqual(b.check(cost(amount), now))
  })
}

/** A limiter that decides as the first does, and charges both. */
function chargedAlike(first: Limiter, second: Limiter): Limiter {
  return {
    check: first.check.bind(first),
    charge: (cost, now) => {
      first.charge(cost, now)
      second.charge(cost, now)
    },
  }
}
