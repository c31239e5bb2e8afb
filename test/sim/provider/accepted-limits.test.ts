import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { fixedWindow } from '../../../sim/limiters/fixed-window.ts'
import { slidingLog } from '../../../sim/limiters/sliding-log.ts'
import { tokenBucket } from '../../../sim/limiters/token-bucket.ts'
import type { Level } from '../../../sim/provider/counters.ts'
import { setupProblems } from '../../../sim/setup/mock-setup.ts'
import { type Limit, longestWindow, unitOf } from '../../../src/core/limit.ts'
import { limitsShape } from '../../../src/scenario/accounts.ts'
import type { Switches } from '../../../src/scenario/switches.ts'
import { ask, callOf, profileOf, providerOf } from '../rig.ts'

const day = 86_400_000
const count = fc.oneof(
  fc.constantFrom(1, 2, 1_000_000_000_000, Number.MAX_SAFE_INTEGER),
  fc.integer({ min: 1, max: 300 }),
)
const window = fc.oneof(fc.constantFrom(1, 2, 1000, 60_000, day, longestWindow), fc.integer({ min: 1, max: 5000 }))
const limit: fc.Arbitrary<Limit> = fc.record({
  rule: fc.constantFrom('rps', 'rpm', 'tps', 'tpm'),
  limit: count,
  window,
})
const limits = fc.uniqueArray(limit, {
  minLength: 1,
  maxLength: 2,
  selector: ({ rule, window }) => `${rule} ${window}`,
})

const switches: fc.Arbitrary<Partial<Switches>> = fc.record({
  window: fc.constantFrom('sliding', 'fixed', 'bucket'),
  gridPhase: fc.constantFrom('seed', 'start'),
  rejectsCount: fc.boolean(),
  burstGuard: fc.boolean(),
  burstInterval: fc.constantFrom(1, 5000, day),
  burstGrowth: fc.constantFrom(1 + Number.EPSILON, 2, Number.MAX_VALUE),
  burstFloor: fc.constantFrom(Number.MIN_VALUE, 0.2, 1000),
  burstMemory: fc.constantFrom(1, 60_000, day),
})

/** What happens next: some time passes, perhaps the limits change, and a request comes. */
const step = fc.record({
  gap: fc.oneof({ weight: 5, arbitrary: fc.nat(3) }, fc.constantFrom(1000, day, longestWindow)),
  factor: fc.oneof({ weight: 50, arbitrary: fc.constant(1) }, fc.constantFrom(1000, 0.001, 1e-300, 1.5)),
  prompt: fc.constantFrom(1, 7, 100, 10_000_000),
})
const requests = 1000
const steps = fc.array(step, { minLength: requests, maxLength: requests })

/** What one admitted request charged. */
interface Charged {
  readonly at: number
  readonly requests: number
  readonly tokens: number
}

/** Returns the greatest sum of charges in a trailing window. */
function fullest(charges: readonly Charged[], { rule, window }: Limit): number {
  const unit = unitOf(rule)
  let [most, sum, from] = [0, 0, 0]
  for (const each of charges) {
    sum += each[unit]
    while (charges[from]!.at <= each.at - window) sum -= charges[from++]![unit]
    most = Math.max(most, sum)
  }
  return most
}

describe('a setup that passes the check', () => {
  property.prop([limits, switches, steps], { numRuns: 30 })(
    'decides without a throw, with numbers that are finite, and admits no more than its limits',
    (drawn, chosen, drawnSteps) => {
      expect(setupProblems('setup', { profile: profileOf({ m: drawn }), switches: chosen })).toEqual([])
      const provider = providerOf({ limits: drawn, switches: { ...chosen, tokenCharge: 'admission' } })
      const quota = provider.accounts.get('a')!.quota('m')!
      const greatest = drawn.map((each) => each.limit)
      const charges: Charged[] = []
      let now = 0
      for (const { gap, factor, prompt } of drawnSteps) {
        now += gap
        if (factor !== 1) provider.scale('a', 'm', factor, now)
        const inForce = provider.accounts.get('a')!.limitsOf('m')!.limits()
        for (const [i, { limit }] of inForce.entries()) greatest[i] = Math.max(greatest[i]!, limit)
        const call = callOf(charges.length, { promptTokens: prompt })
        const decision = provider.admit(call, 5, now)
        if (decision.kind === 'admitted') charges.push({ at: now, requests: 1, tokens: prompt + 5 })
        else provider.reject(call, now)
        const isCounted = ({ limit, used, retryAfter }: Level) =>
          Number.isFinite(limit) && Number.isFinite(used) && retryAfter >= 0
        if (!quota.levels(now).every(isCounted)) expect.fail(JSON.stringify(quota.levels(now)))
      }
      // A bucket, and two fixed windows beside each other, can hold twice the limit in one trailing window.
      const times = chosen.window === 'sliding' ? 1 : 2
      for (const [i, each] of drawn.entries()) expect(fullest(charges, each)).toBeLessThanOrEqual(times * greatest[i]!)
    },
  )

  const huge: Limit = { rule: 'rpm', limit: 1_000_000_000_000, window: 60_000 }
  test.each<[string, Limit, Partial<Switches>]>([
    ['a bucket of 10¹² a minute', huge, { window: 'bucket' }],
    ['a bucket of the greatest number', { ...huge, limit: Number.MAX_SAFE_INTEGER }, { window: 'bucket' }],
    ['a bucket of a year', { ...huge, window: longestWindow }, { window: 'bucket' }],
    ['a burst guard whose floor is beyond all numbers', { ...huge, window: 1 }, { burstGuard: true, burstFloor: 1000 }],
    ['a burst guard whose growth is beyond all numbers', huge, { burstGuard: true, burstGrowth: Number.MAX_VALUE }],
  ])('may have %s', (_name, limit, chosen) => {
    expect(setupProblems('setup', { limits: { m: [limit] }, switches: chosen })).toEqual([])
    const provider = providerOf({ limits: [limit], switches: chosen })
    for (const now of [0, 1, 5000, 10_000]) expect(ask(provider, now)).toBe('admitted')
    const levels = provider.accounts.get('a')!.quota('m')!.levels(10_000)
    expect(levels.every((level) => Number.isSafeInteger(level.limit))).toBe(true)
  })

  const anyNumber = fc.oneof(
    fc.double(),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(-0, 0.5, 5e-324, 2 ** 53, 2 ** 53 - 1, Infinity, Number.NaN, longestWindow, longestWindow + 1),
    fc.constantFrom('1', null, undefined, true),
  )
  property.prop([anyNumber, anyNumber], { numRuns: 1000 })('has no limit that a limiter refuses', (limit, window) => {
    const given = { rule: 'rpm', limit, window } as Limit
    if (limitsShape('limits', [given]).length > 0) return
    for (const limiter of [slidingLog, fixedWindow, tokenBucket]) {
      expect(() => limiter(given).check({ requests: 1, tokens: 1 }, 1e12)).not.toThrow()
    }
  })

  property.prop([fc.integer({ min: longestWindow + 1, max: Number.MAX_SAFE_INTEGER })])(
    'has no window of more than a year, which the check names with its bounds',
    (window) => {
      const [problem] = limitsShape('limits', [{ rule: 'rpm', limit: 1, window }])
      expect(problem).toBe(`Expected \`limits[0].window\` to be > 0 and <= ${longestWindow}, got ${window}`)
    },
  )
})
