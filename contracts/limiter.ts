import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Limiter, LimitLimiter } from '../sim/limiters/limiter.ts'
import type { Millis } from '../src/core/clock.ts'
import type { Limit, Rule } from '../src/core/limit.ts'
import { amounts, anyLimits, type Charge, type Costing, costFor, play, type Step, steps } from './history.ts'

/** A limiter that can be built again and again, so that a history can be replayed and another future asked. */
export interface Subject {
  readonly make: () => Limiter
  readonly cost: Costing
  /** What its denials may name. */
  readonly rules: readonly Rule[]
  /** This long after the last charge, none matters any more. */
  readonly memory: Millis
}

/** The obviously correct answer, from all that was ever charged. */
export type Model = (charges: readonly Charge[], amount: number, now: Millis, limit: Limit) => boolean

/** The laws of every limiter. */
export function limiterContract(name: string, subjects: fc.Arbitrary<Subject>): void {
  describe(`${name} keeps the contract of a limiter`, () => {
    test.prop([subjects, steps, amounts])(
      'a wait of exactly retryAfter passes, any shorter one fails',
      (subject, history, amount) => {
        const { make, cost, rules, memory } = subject
        const limiter = make()
        const { now } = play(limiter, cost, history)
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
      },
    )

    test.prop([subjects, steps, amounts])('so it does when nobody asks in between', (subject, history, amount) => {
      const { make, cost } = subject
      const replayed = () => {
        const limiter = make()
        return { limiter, now: play(limiter, cost, history).now }
      }
      const { limiter, now } = replayed()
      const wait = limiter.check(cost(amount), now)?.retryAfter ?? Infinity
      if (wait === Infinity) return
      expect(limiter.check(cost(amount), now + wait)).toBeUndefined()
      if (wait > 1) expect(replayed().limiter.check(cost(amount), now + wait - 1)?.retryAfter).toBe(1)
    })

    test.prop([subjects, steps, fc.array(fc.nat(30), { minLength: 1, maxLength: 5 })])(
      'asking charges nobody, however often and for whatever',
      ({ make, cost }, history, extras) => {
        const calm = make()
        const pestered = make()
        const both: Limiter = {
          check: calm.check,
          charge: (charged, now) => {
            calm.charge(charged, now)
            pestered.charge(charged, now)
          },
        }
        play(both, cost, history, (amount, now) => {
          for (const extra of extras) pestered.check(cost(extra), now)
          const decision = pestered.check(cost(amount), now)
          expect(pestered.check(cost(amount), now)).toEqual(decision)
          expect(calm.check(cost(amount), now)).toEqual(decision)
        })
      },
    )

    test.prop([subjects, steps])('a cost of nothing passes, even over a full limit', ({ make, cost }, history) => {
      const limiter = make()
      const { now } = play(limiter, cost, history)
      limiter.charge(cost(1000), now)
      expect(limiter.check(cost(1), now)).toBeDefined()
      expect(limiter.check(cost(0), now)).toBeUndefined()
      expect(limiter.check(cost(0), now + 1)).toBeUndefined()
    })
  })
}

/** The laws of every limiter of one quantity by one number, and the model that this one must agree with. */
export function limitLimiterContract(name: string, make: (limit: Limit) => LimitLimiter, model: Model): void {
  const subjects = anyLimits.map<Subject>((limit) => ({
    make: () => make(limit),
    cost: costFor(limit),
    rules: [limit.rule],
    memory: limit.window,
  }))
  limiterContract(name, subjects)

  describe(`${name} keeps the contract of a limiter by one number`, () => {
    test.prop([anyLimits, steps])('it decides and tells waits as its model does', (limit, history) => {
      const limiter = make(limit)
      const cost = costFor(limit)
      play(limiter, cost, history, (amount, now, charges) => {
        const wait = limiter.check(cost(amount), now)?.retryAfter ?? 0
        const passes = (at: Millis) => amount === 0 || model(charges, amount, at, limit)
        const end = wait === Infinity ? now + 3 * limit.window : now + wait
        expect(passes(end), `${amount} at ${now} once it has waited ${wait} ms`).toBe(wait < Infinity)
        if (wait > 0) expect(passes(end - 1), `${amount} at ${now}, a millisecond before`).toBe(false)
      })
    })

    test.prop([anyLimits, amounts])('only what exceeds the whole limit can never pass', (limit, amount) => {
      const limiter = make(limit)
      const cost = costFor(limit)
      limiter.charge(cost(limit.limit), 0)
      expect(limiter.check(cost(amount), 0)?.retryAfter === Infinity).toBe(amount > limit.limit)
    })

    test.prop([anyLimits, anyLimits, steps, fc.array(amounts, { maxLength: 5 })])(
      'a new limit holds at once, as though it had always been',
      (limit, { limit: next }, history, charged) => {
        const changed = make(limit)
        const born = make({ ...limit, limit: next })
        const cost = costFor(limit)
        for (const amount of charged) {
          changed.charge(cost(amount), 0)
          born.charge(cost(amount), 0)
        }
        changed.setLimit(next)
        expectSameDecisions(changed, born, cost, history)
      },
    )

    test.each([
      ['limit', 0, '> 0, got 0'],
      ['limit', -1, '> 0, got -1'],
      ['limit', 1.5, 'a whole number > 0, got 1.5'],
      ['limit', Number.NaN, 'a whole number > 0, got NaN'],
      ['limit', Infinity, 'a whole number > 0, got Infinity'],
      ['limit', '5', 'a whole number > 0, got "5"'],
      ['window', 0, '> 0, got 0'],
      ['window', -60_000, '> 0, got -60000'],
      ['window', 0.5, 'a whole number > 0, got 0.5'],
    ])('a %s of %o is refused', (field, value, wanted) => {
      const limit: Limit = { rule: 'rpm', limit: 5, window: 60_000 }
      const problem = new RangeError(`Expected \`${field}\` to be ${wanted}`)
      expect(() => make({ ...limit, [field]: value })).toThrow(problem)
      if (field === 'limit') expect(() => make(limit).setLimit(value as number)).toThrow(problem)
    })
  })
}

/** Charges both whatever the second passes. */
export function expectSameDecisions(a: Limiter, b: Limiter, cost: Costing, history: readonly Step[]): void {
  const both: Limiter = {
    check: b.check,
    charge: (charged, now) => {
      a.charge(charged, now)
      b.charge(charged, now)
    },
  }
  play(both, cost, history, (amount, now) => {
    expect(a.check(cost(amount), now)).toEqual(b.check(cost(amount), now))
  })
}
