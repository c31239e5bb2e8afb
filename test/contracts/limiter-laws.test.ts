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
import type { Cost, Denial, Limiter, LimitLimiter } from '../../sim/limiters/limiter.ts'
import { slidingLog } from '../../sim/limiters/sliding-log.ts'
import type { Limit } from '../../src/core/limit.ts'

// For each law there is a limiter with a fault that only this law is meant to find.

type MakeFaulty = (limit: Limit) => LimitLimiter

/** Makes limiters that advise other waits. */
const withWaits =
  (changed: (denial: Denial) => number): MakeFaulty =>
  (limit) => {
    const right = slidingLog(limit)
    const check: Limiter['check'] = (cost, now) => {
      const denial = right.check(cost, now)
      return denial && { rule: denial.rule, retryAfter: changed(denial) }
    }
    return { ...right, check }
  }

/** Charges a cost when it is checked. */
const chargesWhenChecked: MakeFaulty = (limit) => {
  const right = slidingLog(limit)
  const check: Limiter['check'] = (cost, now) => {
    const denial = right.check(cost, now)
    if (!denial) right.charge(cost, now)
    return denial
  }
  return { ...right, check, charge: () => {} }
}

/** Counts a cost of 0 as a cost of 1. */
const deniesZero: MakeFaulty = (limit) => {
  const right = slidingLog(limit)
  const check: Limiter['check'] = (cost, now) =>
    right.check({ requests: Math.max(1, cost.requests), tokens: Math.max(1, cost.tokens) }, now)
  return { ...right, check }
}

/** Forgets all charges at a check when time has passed since the check before. */
const forgetsWhenChecked: MakeFaulty = (limit) => {
  let right = slidingLog(limit)
  let lastCheck = 0
  const check: Limiter['check'] = (cost, now) => {
    if (lastCheck > 0 && now > lastCheck) right = slidingLog(limit)
    lastCheck = now
    return right.check(cost, now)
  }
  return { ...right, check, charge: (cost, now) => right.charge(cost, now) }
}

const faulty: readonly (readonly [law: string, fault: string, make: MakeFaulty])[] = [
  [
    'a cost is admitted after a wait of exactly retryAfter, and denied after any shorter wait',
    'rounds waits up',
    withWaits((d) => 10 * Math.ceil(d.retryAfter / 10)),
  ],
  [
    'a cost is admitted after a wait of exactly retryAfter, and denied after any shorter wait',
    'forgets its charges when it is checked',
    forgetsWhenChecked,
  ],
  [
    'retryAfter is also exact when no check happens during the wait',
    'advises a wait that is a millisecond too short',
    withWaits((d) => d.retryAfter - 1),
  ],
  ['any number of checks, of any cost, changes no decision', 'charges a cost when it is checked', chargesWhenChecked],
  ['a cost of 0 is admitted, even when the limit is full', 'denies a cost of 0', deniesZero],
]

const subjects = (make: MakeFaulty): fc.Arbitrary<LimiterSubject> =>
  anyLimits.map((limit) => ({
    make: () => make(limit),
    cost: costFor(limit),
    rules: [limit.rule],
    memory: limit.window,
  }))

describe('the laws of a limiter', () => {
  test.each(faulty)('"%s" is broken by a limiter that %s', (law, _fault, make) => {
    expect(() => limiterLaws[law]!(subjects(make))).toThrow()
  })

  test('a denial with a rule that the limiter may not have breaks the first law', () => {
    const misnamed = subjects((limit) => slidingLog({ ...limit, rule: limit.rule === 'rps' ? 'rpm' : 'rps' }))
    const [first] = Object.keys(limiterLaws)
    expect(() => limiterLaws[first!]!(misnamed)).toThrow()
  })

  test.each(Object.keys(limiterLaws))('"%s" has a limiter that breaks it', (law) => {
    expect(faulty.map(([broken]) => broken)).toContain(law)
  })
})

const model: LimiterModel = (charges, amount, now, { limit, window }) =>
  totalCharged(charges.filter(({ at }) => now - window < at && at <= now)) + amount <= limit

const faultyOneLimit: readonly (readonly [law: string, fault: string, subject: LimitLimiterSubject])[] = [
  [
    'decisions and waits equal those of the model',
    'has a window that is a millisecond longer',
    { make: (limit) => slidingLog({ ...limit, window: limit.window + 1 }), model },
  ],
  [
    'after a refund decisions and waits are as if that much less had been charged',
    'gives back even when the charge has left the window',
    {
      make: (limit) => {
        const log = slidingLog(limit)
        let given = 0
        const less = ({ requests, tokens }: Cost): Cost => ({ requests: requests - given, tokens: tokens - given })
        return {
          ...log,
          check: (cost, now) => log.check(less(cost), now),
          refund: (cost) => {
            given += Math.min(cost.requests, cost.tokens)
          },
        }
      },
      model,
    },
  ],
  [
    'only a cost above the whole limit is never admitted',
    'advises Infinity for every wait above a millisecond',
    { make: withWaits((denial) => (denial.retryAfter > 1 ? Infinity : denial.retryAfter)), model },
  ],
  [
    'a new limit applies at once, as if it had been set from the start',
    'forgets its charges when its limit changes',
    {
      make: (limit) => {
        let current = slidingLog(limit)
        return {
          check: (cost, now) => current.check(cost, now),
          charge: (cost, now) => current.charge(cost, now),
          refund: (cost, at, now) => current.refund(cost, at, now),
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
    'accepts a window that is not a whole number',
    { make: (limit) => slidingLog({ ...limit, window: Math.max(1, Math.ceil(limit.window)) }), model },
  ],
]

describe('the laws of a limiter that enforces one limit', () => {
  test.each(faultyOneLimit)('"%s" is broken by a limiter that %s', (law, _fault, subject) => {
    expect(() => limitLimiterLaws[law]!(subject)).toThrow()
  })

  test.each(Object.keys(limitLimiterLaws))('"%s" has a limiter that breaks it', (law) => {
    expect(faultyOneLimit.map(([broken]) => broken)).toContain(law)
  })
})
