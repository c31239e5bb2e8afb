import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { anyLimits, costFor, totalCharged } from '../../../contracts/history.ts'
import { limitLimiterContract } from '../../../contracts/limiter.ts'
import { tokenBucket } from '../../../sim/limiters/token-bucket.ts'
import { type Limit, longestWindow } from '../../../src/core/limit.ts'

// The arrival curve: for any instant s, the charges since s and the amount are at most limit + (now − s) · limit / window.
limitLimiterContract('tokenBucket', tokenBucket, (charges, amount, now, { limit, window }) =>
  [...charges, { at: now, amount: 0 }].every(({ at: since }) => {
    const arrived = totalCharged(charges.filter(({ at }) => at >= since)) + amount
    return arrived * window <= limit * (window + now - since)
  }),
)

test.prop([anyLimits])(
  'a full bucket passes its limit at once, and then one cost at a time at an even rate',
  (limit) => {
    const limiter = tokenBucket(limit)
    const cost = costFor(limit)
    limiter.charge(cost(limit.limit), 7)
    let now = 7
    for (let nth = 1; nth <= 3 * limit.limit; nth++) {
      const denial = limiter.check(cost(1), now)
      now += denial?.retryAfter ?? 0
      expect(limiter.check(cost(1), now)).toBeUndefined()
      limiter.charge(cost(1), now)
      expect(now - 7).toBe(Math.ceil((nth * limit.window) / limit.limit))
    }
  },
)

test.prop([fc.integer({ min: 1, max: 1_500_000 }), fc.integer({ min: 1, max: 86_400_000 }), fc.nat(1000)])(
  'the arithmetic is exact with the largest numbers in use',
  (limit, window, debt) => {
    const limiter = tokenBucket({ rule: 'tpm', limit, window })
    limiter.charge({ requests: 1, tokens: limit + debt }, 0)
    const one = { requests: 1, tokens: 1 }
    const wait = Number((BigInt(1 + debt) * BigInt(window) + BigInt(limit - 1)) / BigInt(limit))
    expect(limiter.check(one, 0)).toEqual({ rule: 'tpm', retryAfter: wait })
    if (wait > 1) expect(limiter.check(one, wait - 1)).toEqual({ rule: 'tpm', retryAfter: 1 })
    expect(limiter.check(one, wait)).toBeUndefined()
  },
)

test('a bucket never holds more than its limit, even after a long time', () => {
  const limiter = tokenBucket({ rule: 'rps', limit: 5, window: 1000 })
  limiter.charge({ requests: 5, tokens: 0 }, 0)
  expect(limiter.check({ requests: 6, tokens: 0 }, 1e9)).toEqual({ rule: 'rps', retryAfter: Infinity })
  limiter.charge({ requests: 5, tokens: 0 }, 1e9)
  expect(limiter.check({ requests: 1, tokens: 0 }, 1e9)).toEqual({ rule: 'rps', retryAfter: 200 })
})

const two: Limit = { rule: 'rps', limit: 2, window: 1000 }
const requests = costFor(two)

test('nothing passes before a debt is refilled', () => {
  const limiter = tokenBucket(two)
  limiter.charge(requests(7), 0)
  expect(limiter.check(requests(1), 0)).toEqual({ rule: 'rps', retryAfter: 3000 })
})

test('a new limit does not change the number of missing permits', () => {
  const limiter = tokenBucket(two)
  limiter.charge(requests(2), 0)
  limiter.setLimit(5)
  expect(limiter.check(requests(3), 0)).toBeUndefined()
  expect(limiter.check(requests(4), 0)).toEqual({ rule: 'rps', retryAfter: 200 })
  limiter.setLimit(1)
  expect(limiter.check(requests(1), 0)).toEqual({ rule: 'rps', retryAfter: 2000 })
})

test('the time since the last check is refilled at the new rate, unless a check before the change has refilled it', () => {
  const unasked = tokenBucket(two)
  const asked = tokenBucket(two)
  for (const limiter of [unasked, asked]) limiter.charge(requests(2), 0)
  asked.check(requests(0), 500)
  for (const limiter of [unasked, asked]) limiter.setLimit(4)
  expect(unasked.check(requests(4), 500)).toBeUndefined()
  expect(asked.check(requests(3), 500)).toBeUndefined()
  expect(asked.check(requests(4), 500)).toEqual({ rule: 'rps', retryAfter: 250 })
})

test('a refund of a charge that is refilled gives nothing back', () => {
  const limiter = tokenBucket(two)
  limiter.charge(requests(2), 0)
  limiter.charge(requests(2), 1000)
  limiter.refund(requests(2), 0, 1000)
  expect(limiter.used(1000)).toBe(2)
  limiter.refund(requests(1), 1000, 1000)
  expect(limiter.used(1000)).toBe(1)
})

test('a refund gives back no more than the bucket has lost since', () => {
  const limiter = tokenBucket(two)
  limiter.charge(requests(2), 0)
  limiter.charge(requests(1), 500)
  // Without the first charge the bucket was full at 500, and has lost one.
  limiter.refund(requests(2), 0, 500)
  expect(limiter.used(500)).toBe(1)
})

const anyLimit = fc.oneof(fc.maxSafeNat(), fc.nat(1000)).map((limit) => Math.max(1, limit))
const window = fc.integer({ min: 1, max: longestWindow })

test.prop([anyLimit, window, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })])(
  'limits beyond exact arithmetic are kept, but for a part in 2⁵³',
  (limit, window, first, second) => {
    const limiter = tokenBucket({ rule: 'tpm', limit, window })
    const [taken, asked] = [Math.ceil(first * limit), Math.max(1, Math.floor(second * limit))]
    limiter.charge({ requests: 1, tokens: taken }, 0)
    const excess = BigInt(taken + asked - limit) * BigInt(window)
    const wait = excess <= 0n ? 0 : Number((excess + BigInt(limit - 1)) / BigInt(limit))
    const denial = limiter.check({ requests: 1, tokens: asked }, 0)
    expect(Math.abs((denial?.retryAfter ?? 0) - wait)).toBeLessThanOrEqual(limit * window < 2 ** 53 ? 0 : 1)
    expect(limiter.check({ requests: 1, tokens: asked }, wait + 1)).toBeUndefined()
  },
)
