import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { anyLimits, type Costing, histories, playHistory } from '../../../contracts/history.ts'
import { limiterContract } from '../../../contracts/limiter.ts'
import { burstGuard } from '../../../sim/limiters/burst-guard.ts'
import { fixedWindow } from '../../../sim/limiters/fixed-window.ts'
import { all, type Cost, type JointDenial, type Limiter } from '../../../sim/limiters/limiter.ts'
import { slidingLog } from '../../../sim/limiters/sliding-log.ts'
import { tokenBucket } from '../../../sim/limiters/token-bucket.ts'
import type { Millis } from '../../../src/core/clock.ts'
import { rules } from '../../../src/core/limit.ts'

/** A cost in both units, so that every limiter of the set can deny it. */
const both: Costing = (amount) => ({ requests: amount, tokens: 2 * amount })

const makers = fc
  .array(fc.tuple(fc.constantFrom(slidingLog, fixedWindow, tokenBucket), anyLimits), { minLength: 1, maxLength: 4 })
  .map((chosen) => chosen.map(([make, limit]) => ({ limit, make: (): Limiter => make(limit) })))

// None of these limiters later denies what it has once allowed, so the wait of the set is as exact as theirs.
limiterContract(
  'all',
  makers.map((chosen) => ({
    make: () => all(chosen.map(({ make }) => make())),
    cost: both,
    rules: chosen.map(({ limit }) => limit.rule),
    memory: Math.max(...chosen.map(({ limit }) => limit.window)),
  })),
)

test.prop([makers, histories, fc.nat(4)])(
  'the set passes what each limiter passes, names the first that denies and all others, has the longest wait, and charges all or none',
  (chosen, history, split) => {
    const made = chosen.map(({ make }) => make())
    const set = all(made.slice(0, split), made.slice(split))
    // These are the same limiters, each charged by the test.
    const each = chosen.map(({ make }) => make())
    const watched: Limiter = {
      check: set.check,
      charge: (cost, now) => {
        set.charge(cost, now)
        for (const limiter of each) limiter.charge(cost, now)
      },
    }
    playHistory(watched, both, history, (amount, now) => {
      const denials = each.map((limiter) => limiter.check(both(amount), now)).filter((denial) => denial !== undefined)
      const retryAfter = Math.max(...denials.map((denial) => denial.retryAfter))
      const denying = rules.filter((rule) => denials.some((denial) => denial.rule === rule))
      const expected: JointDenial | undefined = denials[0] && { rule: denials[0].rule, retryAfter, rules: denying }
      const denial = set.check(both(amount), now)
      expect(denial && { rule: denial.rule, retryAfter: denial.retryAfter, rules: denial.rules }).toEqual(expected)
    })
  },
)

test('groups are asked in their order, and may change while the set is in use', () => {
  const requests = slidingLog({ rule: 'rpm', limit: 1, window: 60_000 })
  const tokens = slidingLog({ rule: 'tpm', limit: 10, window: 60_000 })
  const [first, second]: [Limiter[], Limiter[]] = [[tokens], [requests]]
  const set = all(first, second)
  set.charge({ requests: 1, tokens: 10 }, 0)
  expect(set.check({ requests: 1, tokens: 1 }, 1)).toMatchObject({ rule: 'tpm', rules: ['rpm', 'tpm'] })
  first.pop()
  expect(set.check({ requests: 1, tokens: 1 }, 1)).toMatchObject({ rule: 'rpm', rules: ['rpm'] })
})

test('an empty set passes everything', () => {
  const none = all([])
  none.charge(both(1e9), 0)
  expect(none.check(both(1e9), 0)).toBeUndefined()
})

test('a denial by one limiter does not charge the others', () => {
  const requests = slidingLog({ rule: 'rpm', limit: 2, window: 60_000 })
  const tokens = slidingLog({ rule: 'tpm', limit: 10, window: 60_000 })
  const set = all([requests, tokens])
  for (let now = 0; now < 5; now++) expect(set.check({ requests: 1, tokens: 11 }, now)?.rule).toBe('tpm')
  expect(requests.check({ requests: 2, tokens: 0 }, 5)).toBeUndefined()
  expect(tokens.check({ requests: 0, tokens: 10 }, 5)).toBeUndefined()
})

test.prop([makers, histories, fc.integer({ min: 1, max: 20 })])(
  'the wait is exact with a burst guard, too',
  (chosen, history, amount) => {
    const guard = burstGuard({ unit: 'requests', floor: 4, growth: 2, interval: 7, memory: 21 })
    const set = all([...chosen.map(({ make }) => make()), guard])
    const { now } = playHistory(set, both, history)
    const wait = set.check(both(amount), now)?.retryAfter ?? 0
    for (let waited = 1; waited < Math.min(wait, 200); waited++)
      expect(set.check(both(amount), now + waited)).toBeDefined()
    if (wait <= 200) expect(set.check(both(amount), now + wait)).toBeUndefined()
  },
)

/** The admissions of a client that always waits for exactly the advised time, from instant 0 on. */
function saturate(limiter: Limiter, cost: Cost, until: Millis): number {
  let admitted = 0
  for (let now = 0; now < until; ) {
    const denial = limiter.check(cost, now)
    if (denial) {
      if (!(denial.retryAfter > 0)) throw new Error(`told to wait ${denial.retryAfter} ms at ${now}`)
      now += denial.retryAfter
    } else {
      limiter.charge(cost, now)
      admitted++
    }
  }
  return admitted
}

describe('the article’s formula: the smaller of the minute’s limit and sixty times the second’s limits the rate', () => {
  const second: Millis = 1000
  const minute: Millis = 60_000
  const minutes = 3

  test.prop([fc.integer({ min: 1, max: 1200 }), fc.integer({ min: 1, max: 20 })], { numRuns: 50 })(
    'for requests: min(RPM, RPS × 60) a minute',
    (rpm, rps) => {
      const set = all([
        slidingLog({ rule: 'rpm', limit: rpm, window: minute }),
        slidingLog({ rule: 'rps', limit: rps, window: second }),
      ])
      expect(saturate(set, { requests: 1, tokens: 0 }, minutes * minute)).toBe(minutes * Math.min(rpm, rps * 60))
    },
  )

  test.prop([fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 5000 })], {
    numRuns: 50,
  })('for tokens: min(TPM, TPS × 60) a minute', (perMinute, perSecond, tokens) => {
    const tpm = perMinute * tokens
    const tps = perSecond * tokens
    const set = all([
      slidingLog({ rule: 'tpm', limit: tpm, window: minute }),
      slidingLog({ rule: 'tps', limit: tps, window: second }),
    ])
    const admitted = saturate(set, { requests: 1, tokens }, minutes * minute) * tokens
    expect(admitted).toBe(minutes * Math.min(tpm, tps * 60))
  })
})
