import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import {
  anyLimits,
  type Charge,
  costFor,
  histories,
  playHistory,
  playRefunds,
  refundHistories,
  totalCharged,
} from '../../../contracts/history.ts'
import { limitLimiterContract } from '../../../contracts/limiter.ts'
import { expectSameDecisions } from '../../../contracts/limiter-laws.ts'
import { slidingLog, steppedLog } from '../../../sim/limiters/sliding-log.ts'
import type { Millis } from '../../../src/core/clock.ts'
import type { Limit } from '../../../src/core/limit.ts'

const trailing = (charges: readonly Charge[], now: Millis, window: Millis) =>
  totalCharged(charges.filter(({ at }) => now - window < at && at <= now))

limitLimiterContract(
  'slidingLog',
  slidingLog,
  (charges, amount, now, { limit, window }) => trailing(charges, now, window) + amount <= limit,
)

limitLimiterContract(
  'steppedLog',
  (limit) => steppedLog(limit, 5),
  (charges, amount, now, { limit, window }) =>
    totalCharged(charges.filter(({ at }) => at - (at % 5) + 4 > now - window)) + amount <= limit,
)

const wideLimits: fc.Arbitrary<Limit> = fc.record({
  rule: fc.constantFrom('rps', 'tpm'),
  limit: fc.integer({ min: 1, max: 300 }),
  window: fc.integer({ min: 1, max: 2000 }),
})

test.prop(
  [wideLimits, fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 40 })), { minLength: 50, maxLength: 400 })],
  {
    numRuns: 60,
  },
)('no trailing window ever holds more than the limit', (limit, arrivals) => {
  const history = arrivals.map(([gap, amount]) => ({ gap, amount, kind: 'ask' as const }))
  const { charges } = playHistory(slidingLog(limit), costFor(limit), history)
  // The sum over a trailing window has its greatest values at instants of charges.
  for (const { at } of charges) expect(trailing(charges, at, limit.window)).toBeLessThanOrEqual(limit.limit)
})

test.prop([anyLimits, refundHistories], { numRuns: 300 })(
  'no trailing window ever holds more than the limit of what stands charged',
  (limit, history) => {
    const asked = history.map((step) => (step.kind === 'force' ? { ...step, kind: 'ask' as const } : step))
    const { charges } = playRefunds(slidingLog(limit), costFor(limit), asked, (_, now, standing) =>
      expect(trailing(standing, now, limit.window)).toBeLessThanOrEqual(limit.limit),
    )
    for (const { at } of charges) expect(trailing(charges, at, limit.window)).toBeLessThanOrEqual(limit.limit)
  },
)

test('a refund frees room at once, and nothing when its charge has left the window', () => {
  const limiter = slidingLog({ rule: 'tpm', limit: 100, window: 60_000 })
  const tokens = (amount: number) => ({ requests: 1, tokens: amount })
  limiter.charge(tokens(90), 0)
  limiter.refund(tokens(50), 0, 2000)
  expect(limiter.used(2000)).toBe(40)
  expect(limiter.check(tokens(60), 2000)).toBeUndefined()
  expect(limiter.check(tokens(61), 2000)).toMatchObject({ rule: 'tpm', retryAfter: 58_000 })
  limiter.charge(tokens(60), 3000)
  limiter.refund(tokens(40), 0, 60_000)
  expect(limiter.used(60_000)).toBe(60)
})

test.prop([anyLimits, anyLimits, histories, histories])(
  'a new limit counts all charges of the window',
  (limit, { limit: next }, before, after) => {
    const changed = slidingLog(limit)
    const born = slidingLog({ ...limit, limit: next })
    const { now, charges } = playHistory(changed, costFor(limit), before)
    for (const { at, amount } of charges) born.charge(costFor(limit)(amount), at)
    changed.setLimit(next)
    expectSameDecisions(changed, born, costFor(limit), [{ gap: now, amount: 1, kind: 'ask' }, ...after])
  },
)

type Client = (now: Millis, wait: Millis) => Millis
const clients: readonly [string, Client][] = [
  ['asks at each millisecond', (now) => now + 1],
  ['waits exactly retryAfter', (now, wait) => now + wait],
]

test.prop([wideLimits, fc.constantFrom(...clients), fc.integer({ min: 1, max: 4 })], { numRuns: 60 })(
  'a saturating client is admitted at the full rate',
  (limit, [, next], amount) => {
    fc.pre(limit.limit % amount === 0)
    const limiter = slidingLog(limit)
    const cost = costFor(limit)(amount)
    const windows = 4
    let admitted = 0
    for (let now = 0; now < windows * limit.window; ) {
      const denial = limiter.check(cost, now)
      if (denial) {
        if (!(denial.retryAfter > 0)) throw new Error(`told to wait ${denial.retryAfter} ms at ${now}`)
        now = next(now, denial.retryAfter)
      } else {
        limiter.charge(cost, now)
        admitted += amount
      }
    }
    expect(admitted).toBeGreaterThanOrEqual(0.995 * windows * limit.limit)
    expect(admitted).toBeLessThanOrEqual(windows * limit.limit)
  },
)

test('the log keeps its order when it grows, wraps around, and grows again', () => {
  const limit: Limit = { rule: 'tpm', limit: 10_000, window: 1000 }
  const limiter = slidingLog(limit)
  const cost = costFor(limit)
  const charges: Charge[] = []
  let now = 0
  for (const gap of [90, 40, 90, 20, 7, 3, 1, 50, 1]) {
    for (let nth = 0; nth < 150; nth++) {
      now += gap
      charges.push({ at: now, amount: 1 + (nth % 3) })
      limiter.charge(cost(charges.at(-1)!.amount), now)
      const held = charges.filter(({ at }) => at > now - limit.window)
      const room = limit.limit - totalCharged(held)
      expect(limiter.check(cost(room), now)).toBeUndefined()
      // A cost of one more than the room must wait for the oldest entry, and a cost of the whole limit for the newest.
      expect(limiter.check(cost(room + 1), now)?.retryAfter).toBe(held[0]!.at + limit.window - now)
      expect(limiter.check(cost(limit.limit), now)?.retryAfter).toBe(limit.window)
    }
  }
})

test('a charge counts until one millisecond before a whole window has passed', () => {
  const limiter = slidingLog({ rule: 'rps', limit: 1, window: 1000 })
  const one = { requests: 1, tokens: 0 }
  limiter.charge(one, 500)
  expect(limiter.check(one, 1499)).toMatchObject({ rule: 'rps', retryAfter: 1 })
  expect(limiter.check(one, 1500)).toBeUndefined()
})

test('tokens that are charged on completion delay the next request until enough of them have left the window', () => {
  const limiter = slidingLog({ rule: 'tpm', limit: 100, window: 60_000 })
  const tokens = (amount: number) => ({ requests: 1, tokens: amount })
  limiter.charge(tokens(90), 0)
  limiter.charge(tokens(500), 1000)
  expect(limiter.check(tokens(1), 2000)).toMatchObject({ rule: 'tpm', retryAfter: 59_000 })
  expect(limiter.check(tokens(100), 61_000)).toBeUndefined()
})
