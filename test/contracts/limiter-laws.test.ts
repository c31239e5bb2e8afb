import type fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyLimits, costFor, totalCharged } from '../../contracts/history.ts'
import {
  type LimiterModel,
  type LimiterSubject,
  type LimitLimiterSubject,
  limiterLaws,
  limitLimiterLaws,
} from '../../contracts/limiter-laws.ts'
import type { Denial, Limiter, LimitLimiter } from '../../sim/limiters/limiter.ts'
import { slidingLog } from '../../sim/limiters/sliding-log.ts'
import type { Limit } from '../../src/core/limit.ts'

// Each law is broken by a limiter that has just the fault which the law is there to find.

type MakeFaulty = (limit: Limit) => LimitLimiter

const waits =
  (changed: (denial: Denial) => number): MakeFaulty =>
  (limit) => {
    const right = slidingLog(limit)
    const check: Limiter['check'] = (cost, now) => {
      const denial = right.check(cost, now)
      return denial && { rule: denial.rule, retryAfter: changed(denial) }
    }
    return { ...right, check }
  }

const reserves: MakeFaulty = (limit) => {
  const right = slidingLog(limit)
  const check: Limiter['check'] = (cost, now) => {
    const denial = right.check(cost, now)
    if (!denial) right.charge(cost, now)
    return denial
  }
  return { ...right, check, charge: () => {} }
}

const deniesNothing: MakeFaulty = (limit) => {
  const right = slidingLog(limit)
  const check: Limiter['check'] = (cost, now) =>
    right.check({ requests: Math.max(1, cost.requests), tokens: Math.max(1, cost.tokens) }, now)
  return { ...right, check }
}

/** Forgets every charge when time has passed since it was asked last. */
const forgetsWhenAsked: MakeFaulty = (limit) => {
  let right = slidingLog(limit)
  let asked = 0
  const check: Limiter['check'] = (cost, now) => {
    if (asked > 0 && now > asked) right = slidingLog(limit)
    asked = now
    return right.check(cost, now)
  }
  return { ...right, check, charge: (cost, now) => right.charge(cost, now) }
}

const faulty: readonly (readonly [law: string, fault: string, make: MakeFaulty])[] = [
  [
    'a wait of exactly retryAfter passes, any shorter one fails',
    'rounds waits up',
    waits((d) => 10 * Math.ceil(d.retryAfter / 10)),
  ],
  ['a wait of exactly retryAfter passes, any shorter one fails', 'forgets when it is asked', forgetsWhenAsked],
  [
    'a wait of exactly retryAfter passes when nobody asks in between',
    'advises a millisecond too little',
    waits((d) => d.retryAfter - 1),
  ],
  ['asking charges nobody, however often and for whatever', 'reserves when it is asked', reserves],
  ['a cost of nothing passes, even over a full limit', 'denies a cost of nothing', deniesNothing],
]

const subjects = (make: MakeFaulty): fc.Arbitrary<LimiterSubject> =>
  anyLimits.map((limit) => ({
    make: () => make(limit),
    cost: costFor(limit),
    rules: [limit.rule],
    memory: limit.window,
  }))

describe('of a limiter', () => {
  test.each(faulty)('"%s" is broken by one that %s', (law, _fault, make) => {
    expect(() => limiterLaws[law]!(subjects(make))).toThrow()
  })

  test('a rule that it may not name breaks the law of exact waits', () => {
    const misnamed = subjects((limit) => slidingLog({ ...limit, rule: limit.rule === 'rps' ? 'rpm' : 'rps' }))
    const [first] = Object.keys(limiterLaws)
    expect(() => limiterLaws[first!]!(misnamed)).toThrow()
  })

  test.each(Object.keys(limiterLaws))('"%s" has one that breaks it', (law) => {
    expect(faulty.map(([broken]) => broken)).toContain(law)
  })
})

const model: LimiterModel = (charges, amount, now, { limit, window }) =>
  totalCharged(charges.filter(({ at }) => now - window < at && at <= now)) + amount <= limit

const faultyByNumber: readonly (readonly [law: string, fault: string, subject: LimitLimiterSubject])[] = [
  [
    'it decides and tells waits as its model does',
    'has a window that is a millisecond longer',
    { make: (limit) => slidingLog({ ...limit, window: limit.window + 1 }), model },
  ],
  [
    'only what exceeds the whole limit can never pass',
    'never lets a full limit through',
    { make: waits((denial) => (denial.retryAfter > 1 ? Infinity : denial.retryAfter)), model },
  ],
  [
    'a new limit holds at once, as though it had always been',
    'starts anew with a new limit',
    {
      make: (limit) => {
        let current = slidingLog(limit)
        return {
          check: (cost, now) => current.check(cost, now),
          charge: (cost, now) => current.charge(cost, now),
          used: (now) => current.used(now),
          setLimit: (next) => {
            current = slidingLog({ ...limit, limit: next })
          },
        }
      },
      model,
    },
  ],
  [
    'a limit or a window that is not a whole number above 0 is refused',
    'takes any window',
    { make: (limit) => slidingLog({ ...limit, window: Math.max(1, Math.ceil(limit.window)) }), model },
  ],
]

describe('of a limiter by one number', () => {
  test.each(faultyByNumber)('"%s" is broken by one that %s', (law, _fault, subject) => {
    expect(() => limitLimiterLaws[law]!(subject)).toThrow()
  })

  test.each(Object.keys(limitLimiterLaws))('"%s" has one that breaks it', (law) => {
    expect(faultyByNumber.map(([broken]) => broken)).toContain(law)
  })
})
