import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Limit } from '../../../src/core/limit.ts'
import { boundOf } from '../../../src/optimum/bound.ts'
import { longestCall, type PooledLimit, pooledLimits, type Quota, requestRates } from '../../../src/optimum/quota.ts'

const qwen: readonly Limit[] = [
  { rule: 'rps', limit: 10, window: 1000 },
  { rule: 'rpm', limit: 600, window: 60_000 },
  { rule: 'tpm', limit: 1_000_000, window: 60_000 },
]
const quota = (limits: readonly Limit[], changes: Quota['changes'] = []): Quota => ({ limits, changes })

describe('pooled limits', () => {
  test('of one quota are its own limits', () => {
    expect(pooledLimits([quota(qwen)], 'sliding')).toEqual([
      { unit: 'requests', window: 1000, phases: [{ from: 0, limit: 10 }] },
      { unit: 'requests', window: 60_000, phases: [{ from: 0, limit: 600 }] },
      { unit: 'tokens', window: 60_000, phases: [{ from: 0, limit: 1_000_000 }] },
    ])
  })

  test('of three equal quotas are three times as high', () => {
    expect(
      pooledLimits([quota(qwen), quota(qwen), quota(qwen)], 'sliding').map(({ phases }) => phases[0]!.limit),
    ).toEqual([30, 1800, 3_000_000])
  })

  test('have a phase for each raise, and changes multiply', () => {
    const changes = [
      { at: 60_000, factor: 3 },
      { at: 90_000, factor: 2 },
    ]
    expect(pooledLimits([quota(qwen, changes), quota(qwen)], 'sliding')[0]!.phases).toEqual([
      { from: 0, limit: 20 },
      { from: 60_000, limit: 40 },
      { from: 90_000, limit: 70 },
    ])
  })

  test('of the other unit stay when only requests or only tokens are raised', () => {
    const [second, minute, tokens] = pooledLimits([quota(qwen, [{ at: 60_000, factor: 3, unit: 'tokens' }])], 'sliding')
    const limitsOf = ({ phases }: PooledLimit) => phases.map(({ limit }) => limit)
    expect([second!, minute!, tokens!].map(limitsOf)).toEqual([
      [10, 10],
      [600, 600],
      [1_000_000, 3_000_000],
    ])
  })

  test('of one quota fall at once, and what another window implies when it has left the time before the fall', () => {
    const [second, minute] = pooledLimits([quota(qwen, [{ at: 30_000, factor: 0.34 }])], 'sliding')
    expect(second!.phases.map(({ limit }) => limit)).toEqual([10, 3, 3])
    // 204 is the minute’s own limit. Three a second are 180 a minute, once no second before the fall is in it.
    expect(minute!.phases).toEqual([
      { from: 0, limit: 600 },
      { from: 30_000, limit: 204 },
      { from: 89_999, limit: 180 },
    ])
  })

  test('of several quotas never fall, since one admits calls while another is charged more than it bears', () => {
    const [second] = pooledLimits([quota(qwen, [{ at: 30_000, factor: 0.5 }]), quota(qwen)], 'sliding')
    expect(second!.phases.map(({ limit }) => limit)).toEqual([20, 20, 20])
  })

  test('imply one more window where windows are anchored and have no common grid', () => {
    const fast: Limit[] = [{ rule: 'rps', limit: 2, window: 1000 }]
    const slow: Limit[] = [{ rule: 'rpm', limit: 500, window: 60_000 }]
    const [, minute] = pooledLimits([quota(fast), quota(slow)], 'anchored')
    expect(minute!.phases).toEqual([{ from: 0, limit: 2 * 61 + 500 }])
  })

  test('are rounded to whole numbers after a raise, as the provider does', () => {
    const odd: Limit[] = [{ rule: 'rpm', limit: 5, window: 60_000 }]
    expect(pooledLimits([quota(odd, [{ at: 10, factor: 1.5 }])], 'sliding')[0]!.phases).toEqual([
      { from: 0, limit: 5 },
      { from: 10, limit: 8 },
    ])
  })

  test('cover a window that one quota lacks by the windows that it has', () => {
    const slow: Limit[] = [{ rule: 'rpm', limit: 60, window: 60_000 }]
    const fast: Limit[] = [{ rule: 'rps', limit: 2, window: 1000 }]
    expect(
      pooledLimits([quota(slow), quota(fast)], 'sliding').map(({ window, phases }) => [window, phases[0]!.limit]),
    ).toEqual([
      [1000, 60 + 2],
      [60_000, 60 + 2 * 60],
    ])
  })

  test('take the tighter of two limits for the longer window', () => {
    const limits: Limit[] = [
      { rule: 'rps', limit: 1, window: 1000 },
      { rule: 'rpm', limit: 600, window: 60_000 },
    ]
    expect(pooledLimits([quota(limits)], 'sliding').map(({ phases }) => phases[0]!.limit)).toEqual([1, 60])
  })

  test('do not limit a unit that one quota does not limit', () => {
    const onlyTokens = qwen.filter(({ rule }) => rule === 'tpm')
    expect(pooledLimits([quota(qwen), quota(onlyTokens)], 'sliding').map(({ unit }) => unit)).toEqual(['tokens'])
    expect(pooledLimits([], 'sliding')).toEqual([])
  })

  const limit: fc.Arbitrary<Limit> = fc.record({
    rule: fc.constant('rpm' as const),
    limit: fc.integer({ min: 1, max: 4 }),
    window: fc.integer({ min: 1, max: 7 }),
  })
  const pools = fc.array(
    fc.record({
      limits: fc.array(limit, { minLength: 1, maxLength: 3 }),
      changes: fc.array(
        fc.record({ at: fc.integer({ min: 1, max: 20 }), factor: fc.constantFrom(0.3, 0.5, 1, 1.5, 2) }),
        {
          maxLength: 2,
        },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  )

  test.prop([pools, fc.constantFrom('sliding' as const, 'fixed' as const), fc.array(fc.nat(9), { maxLength: 12 })], {
    numRuns: 300,
  })('give a bound whose k-th admission no pool can precede', (pool, window, gaps) => {
    let last = 0
    const arrival = Float64Array.from(gaps, (gap) => (last += gap))
    const calls = arrival.length
    const { admissions } = boundOf({
      workload: { arrival, promptTokens: new Uint32Array(calls), outputTokens: new Uint32Array(calls) },
      limits: pooledLimits(pool, window),
      longestCall: longestCall(pool),
      window,
      tokenCharge: 'split',
      refund: true,
      windowPhase: () => 0,
      maxTokens: 1,
      patience: Infinity,
      horizon: 1e6,
      service: new Float64Array(calls),
    })
    firstFit(pool, window, arrival).forEach((at, k) => {
      expect(admissions[k]).toBeLessThanOrEqual(at)
    })
  })
})

/** The admissions when each call goes to the first quota that can admit it, as soon as one can. */
function firstFit(pool: readonly Quota[], window: 'sliding' | 'fixed', arrival: Float64Array): number[] {
  const admitted: number[][] = pool.map(() => [])
  const has = ({ limits, changes }: Quota, times: readonly number[], now: number) => {
    const factor = changes.filter(({ at }) => at <= now).reduce((product, raise) => product * raise.factor, 1)
    return limits.every(({ limit, window: length }) => {
      const from = window === 'sliding' ? now - length + 1 : Math.floor(now / length) * length
      return times.filter((at) => at >= from).length < Math.max(1, Math.round(limit * factor))
    })
  }
  let now = 0
  return Array.from(arrival, (at) => {
    for (now = Math.max(now, at); ; now++) {
      const free = pool.findIndex((each, i) => has(each, admitted[i]!, now))
      if (free < 0) continue
      admitted[free]!.push(now)
      return now
    }
  })
}

describe('the longest call of a pool', () => {
  const short: readonly Limit[] = [
    { rule: 'tps', limit: 50, window: 1000 },
    { rule: 'tpm', limit: 900, window: 60_000 },
  ]
  const long: readonly Limit[] = [{ rule: 'tpm', limit: 70, window: 60_000 }]

  test('is the longest that one of its quotas admits, after each raise', () => {
    expect(longestCall([quota(short)])).toEqual([{ from: 0, limit: 50 }])
    expect(longestCall([quota(short, [{ at: 30, factor: 1.55 }]), quota(long)])).toEqual([
      { from: 0, limit: 70 },
      { from: 30, limit: 78 },
    ])
  })

  test('has no end where a quota has no limit on tokens', () => {
    const requests = quota(qwen.slice(0, 2))
    for (const quotas of [[], [requests], [quota(long), requests]])
      expect(longestCall(quotas)).toEqual([{ from: 0, limit: Infinity }])
  })
})

describe('the request rate of limits', () => {
  const limits: Limit[] = [
    { rule: 'rps', limit: 10, window: 1000 },
    { rule: 'rpm', limit: 300, window: 60_000 },
    { rule: 'tpm', limit: 1, window: 60_000 },
  ]
  const rates = (changes: { at: number; factor: number }[], of = limits) =>
    requestRates(pooledLimits([{ limits: of, changes }], 'sliding'))

  test('is the rate of its tightest limit on requests', () => {
    expect(rates([])).toEqual([{ at: 0, perSecond: 5 }])
    expect(rates([], limits.slice(2))).toEqual([{ at: 0, perSecond: Infinity }])
  })

  test('changes at each raise, in the order of time, with limits rounded as the provider rounds them', () => {
    expect(
      rates([
        { at: 90_000, factor: 2 },
        { at: 60_000, factor: 1.0051 },
      ]),
    ).toEqual([
      { at: 0, perSecond: 5 },
      { at: 60_000, perSecond: 302 / 60 },
      { at: 90_000, perSecond: 603 / 60 },
    ])
  })

  test('includes a raise at 0, and does not list a raise that changes nothing', () => {
    expect(
      rates([
        { at: 0, factor: 3 },
        { at: 5, factor: 1 },
      ]),
    ).toEqual([{ at: 0, perSecond: 15 }])
  })

  test.prop([
    fc.array(
      fc.record({
        unit: fc.constantFrom('requests' as const, 'tokens' as const),
        window: fc.integer({ min: 1, max: 5000 }),
        steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 50 })), { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
    fc.integer({ min: 0, max: 40 }),
  ])(
    'is at any instant the least of the limits in force, also when they change at different instants',
    (drawn, now) => {
      const limits = drawn.map(({ unit, window, steps }) => {
        const phases = [{ from: 0, limit: 7 }]
        for (const [gap, limit] of steps) phases.push({ from: phases.at(-1)!.from + gap, limit })
        return { unit, window, phases }
      })
      let least = Infinity
      for (const { unit, window, phases } of limits) {
        let limit = 0
        for (const phase of phases) if (phase.from <= now) limit = phase.limit
        if (unit === 'requests') least = Math.min(least, (1000 * limit) / window)
      }
      let inForce = Number.NaN
      for (const { at, perSecond } of requestRates(limits)) if (at <= now) inForce = perSecond
      expect(inForce).toBe(least)
    },
  )
})
