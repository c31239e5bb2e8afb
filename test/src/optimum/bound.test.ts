import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { boundOf } from '../../../src/optimum/bound.ts'
import type { BoundOptions } from '../../../src/optimum/demand.ts'
import type { PooledLimit } from '../../../src/optimum/quota.ts'
import type { Switches } from '../../../src/scenario/switches.ts'
import { bruteForce, type Instance, type SmallCall } from './brute-force.ts'

const kinds: readonly Switches['window'][] = ['sliding', 'fixed', 'bucket', 'anchored']

function solve({ calls, limits, window, patience, horizon }: Instance, more: Partial<BoundOptions> = {}) {
  return boundOf({
    workload: {
      arrival: Float64Array.from(calls, ({ arrival }) => arrival),
      promptTokens: Uint32Array.from(calls, ({ tokens }) => tokens),
      outputTokens: Uint32Array.from(calls, ({ later = 0 }) => later),
    },
    limits,
    longestCall: longestUnder(limits),
    window,
    tokenCharge: 'split',
    refund: true,
    windowPhase: () => 0,
    maxTokens: 100,
    patience,
    horizon,
    service: Float64Array.from(calls, ({ service }) => service),
    ...more,
  })
}

/** What a single quota with these limits admits of one call. */
function longestUnder(limits: readonly PooledLimit[]) {
  const ofTokens = limits.filter(({ unit }) => unit === 'tokens')
  const limitAt = ({ phases }: PooledLimit, at: number) => phases.findLast(({ from }) => from <= at)!.limit
  const changes = [...new Set([0, ...ofTokens.flatMap(({ phases }) => phases.map(({ from }) => from))])].sort(
    (a, b) => a - b,
  )
  return changes.map((from) => ({ from, limit: Math.min(...ofTokens.map((limit) => limitAt(limit, from))) }))
}

const requests = (limit: number, window: number): PooledLimit => ({
  unit: 'requests',
  window,
  phases: [{ from: 0, limit }],
})
const tokens = (limit: number, window: number): PooledLimit => ({
  unit: 'tokens',
  window,
  phases: [{ from: 0, limit }],
})
const batch = (calls: number, service = 0, each = 1): SmallCall[] =>
  Array.from({ length: calls }, () => ({ arrival: 0, service, tokens: each }))

const requestLimit: fc.Arbitrary<PooledLimit> = fc
  .record({
    limit: fc.integer({ min: 1, max: 3 }),
    window: fc.integer({ min: 1, max: 4 }),
    changes: fc.array(fc.record({ after: fc.integer({ min: 1, max: 5 }), limit: fc.integer({ min: 1, max: 5 }) }), {
      maxLength: 3,
    }),
  })
  .map(({ limit: first, window, changes }) => {
    const phases = [{ from: 0, limit: first }]
    for (const { after, limit } of changes) phases.push({ from: phases.at(-1)!.from + after, limit })
    return { unit: 'requests', window, phases }
  })
/** Arrivals that are close enough together for the windows to delay calls. */
const ascending = fc.array(fc.constantFrom(0, 0, 0, 1, 3), { minLength: 1, maxLength: 4 }).map((gaps) => {
  let last = 0
  return gaps.map((gap) => (last += gap))
})

const sameServiceTimes = fc.record({
  calls: fc
    .tuple(ascending, fc.nat(2))
    .map(([arrivals, service]) => arrivals.map((arrival) => ({ arrival, service, tokens: 1 }))),
  limits: fc.array(requestLimit, { minLength: 1, maxLength: 2 }),
  window: fc.constantFrom('sliding' as const, 'fixed' as const),
  patience: fc.constantFrom(0, 1, 2, 3, 5, Infinity),
  horizon: fc.integer({ min: 3, max: 16 }),
})
const differentServiceTimes = sameServiceTimes.chain((instance) =>
  fc
    .array(fc.nat(4), { minLength: instance.calls.length, maxLength: instance.calls.length })
    .map((services) => ({ ...instance, calls: instance.calls.map((call, i) => ({ ...call, service: services[i]! })) })),
)
const buckets = sameServiceTimes.map((instance) => ({ ...instance, window: 'bucket' as const }))
const anchored = sameServiceTimes.map((instance) => ({ ...instance, window: 'anchored' as const }))

describe('the bound for windows of requests', () => {
  test.prop([fc.oneof(sameServiceTimes, buckets)], { numRuns: 250 })('is the best of all schedules', (instance) => {
    const best = bruteForce(instance)
    const { answered, makespan, lastAdmission, admissions } = solve(instance)
    const { earliest, ...figures } = best
    expect({ answered, makespan, lastAdmission }).toEqual(figures)
    expect([...admissions]).toEqual(earliest)
  })

  test.prop([anchored], { numRuns: 250 })('is a bound where windows are anchored', (instance) => {
    expectBound(instance, solve(instance))
  })

  test.prop([differentServiceTimes], { numRuns: 150 })('is a bound where calls take different times', (instance) => {
    const best = bruteForce(instance)
    const { answered, makespan, lastAdmission } = solve(instance)
    expect(answered).toBeGreaterThanOrEqual(best.answered)
    // A schedule that answers more calls may take longer, so only schedules with the same number are compared.
    if (answered !== best.answered) return
    expect(makespan).toBeLessThanOrEqual(best.makespan)
    expect(lastAdmission).toBeLessThanOrEqual(best.lastAdmission)
  })

  test('leaves out the calls that cannot be answered in time, and no others', () => {
    const calls = [0, 0, 0, 10].map((arrival) => ({ arrival, service: 2, tokens: 1 }))
    const { answered, makespan, admissions } = solve({
      calls,
      limits: [requests(1, 4)],
      window: 'sliding',
      patience: 6,
      horizon: 100,
    })
    expect([...admissions]).toEqual([0, 4, 10])
    expect({ answered, makespan }).toEqual({ answered: 3, makespan: 12 })
  })

  test('allows for a client that leaves out the longest call', () => {
    // Only one of the two calls can be answered in time. A client that chooses the short one has ended at 10.
    const calls = [100, 10].map((service) => ({ arrival: 0, service, tokens: 1 }))
    const instance = { calls, limits: [requests(1, 1000)], window: 'sliding' as const, patience: 500, horizon: 900 }
    expect(bruteForce({ ...instance, patience: 120, horizon: 120 })).toMatchObject({ answered: 1, makespan: 10 })
    expect(solve(instance)).toMatchObject({ answered: 1, makespan: 10 })
  })

  test('does not end before the longest call when all calls are answered', () => {
    const calls = [100, 10].map((service, arrival) => ({ arrival, service, tokens: 1 }))
    const instance = { calls, limits: [], window: 'sliding' as const, patience: Infinity, horizon: 900 }
    expect(solve(instance)).toMatchObject({ answered: 2, makespan: 100, lastAdmission: 1 })
  })

  test('does not use the service time of a call that cannot be answered', () => {
    const calls = [0, 0, 900].map((arrival) => ({ arrival, service: arrival === 0 ? 100 : 1, tokens: 1 }))
    const instance = { calls, limits: [requests(1, 500)], window: 'sliding' as const, patience: 700, horizon: 900 }
    expect(solve(instance)).toMatchObject({ answered: 2, makespan: 600 })
  })

  test('answers nothing when the run ends before the first call could be answered', () => {
    const instance = {
      calls: batch(3, 50),
      limits: [],
      window: 'sliding' as const,
      patience: Infinity,
      horizon: 49,
    }
    expect(solve(instance)).toMatchObject({
      answered: 0,
      makespan: 0,
      lastAdmission: 0,
      admissions: new Float64Array(0),
    })
  })

  test('admits every call on arrival when there is no limit', () => {
    const calls = [0, 3, 3].map((arrival) => ({ arrival, service: 7, tokens: 1 }))
    const instance = { calls, limits: [], window: 'sliding' as const, patience: Infinity, horizon: 100 }
    expect(solve(instance)).toEqual({
      answered: 3,
      makespan: 10,
      lastAdmission: 3,
      tokens: 3,
      admissions: Float64Array.of(0, 3, 3),
    })
  })

  test('is 0 for a workload without calls', () => {
    const instance = { calls: [], limits: [requests(1, 1)], window: 'sliding' as const, patience: 1, horizon: 9 }
    expect(solve(instance)).toEqual({
      answered: 0,
      makespan: 0,
      lastAdmission: 0,
      tokens: 0,
      admissions: new Float64Array(0),
    })
  })

  test('needs no memory in proportion to a very large limit', () => {
    const instance = {
      calls: batch(2),
      limits: [requests(1e15, 9)],
      window: 'sliding' as const,
      patience: 1,
      horizon: 9,
    }
    expect(solve(instance).answered).toBe(2)
  })
})

describe('the closed form of a batch', () => {
  const limits = fc.record({ perSecond: fc.integer({ min: 1, max: 12 }), perMinute: fc.integer({ min: 1, max: 720 }) })

  test.prop([limits.filter(({ perSecond: r, perMinute: R }) => R <= 60 * r), fc.integer({ min: 1, max: 3000 })])(
    'a_n = 60·⌊(n−1)/R⌋ + ⌊((n−1) mod R)/r⌋',
    ({ perSecond: r, perMinute: R }, n) => {
      const { admissions } = solve({
        calls: batch(n),
        limits: [requests(r, 1000), requests(R, 60_000)],
        window: 'sliding',
        patience: Infinity,
        horizon: 1e9,
      })
      const expected = admissions.map((_, i) => 1000 * (60 * Math.floor(i / R) + Math.floor((i % R) / r)))
      expect(admissions).toEqual(expected)
    },
  )

  test('2,000 calls at once against 10 a second and 600 a minute take 199 s and one service', () => {
    const instance = { limits: [requests(10, 1000), requests(600, 60_000)], patience: Infinity, horizon: 900_000 }
    for (const window of kinds)
      expect(solve({ ...instance, calls: batch(2000, 1500), window }).makespan).toBe(199_000 + 1500)
  })
})

const tokenLimit: fc.Arbitrary<PooledLimit> = requestLimit.map(({ window, phases }) => ({
  unit: 'tokens',
  window,
  phases: phases.map(({ from, limit }) => ({ from, limit: limit + 1 })),
}))

/** Few calls, so that limits on tokens bind in most instances. Some calls are longer than a limit is at first, or ever. */
const packing = fc.record({
  calls: fc
    .tuple(
      ascending,
      fc.array(fc.record({ tokens: fc.integer({ min: 1, max: 4 }), service: fc.nat(2) }), {
        minLength: 4,
        maxLength: 4,
      }),
    )
    .map(([arrivals, draws]) => arrivals.map((arrival, i) => ({ arrival: arrival >> 1, ...draws[i]! }))),
  limits: fc
    .tuple(fc.array(tokenLimit, { minLength: 1, maxLength: 2 }), fc.array(requestLimit, { maxLength: 1 }))
    .map(([first, second]) => [...first, ...second]),
  window: fc.constantFrom(...kinds),
  patience: fc.constantFrom(2, 4, Infinity),
  horizon: fc.integer({ min: 4, max: 11 }),
})
/** The same with tokens that are charged on completion, as far as the limits on requests let a bound be proved. */
const paidLater = packing.chain((instance) =>
  fc.tuple(fc.array(fc.nat(6), { minLength: 4, maxLength: 4 }), requestLimit).map(([later, limit]) => ({
    ...instance,
    limits: [...instance.limits, limit],
    calls: instance.calls.map((call, i) => ({ ...call, later: later[i]! })),
  })),
)

function expectBound(instance: Instance, bound: ReturnType<typeof solve>): void {
  const best = bruteForce(instance)
  expect(bound.answered).toBeGreaterThanOrEqual(best.answered)
  best.earliest.forEach((at, i) => {
    expect(bound.admissions[i]).toBeLessThanOrEqual(at)
  })
  // A schedule that answers more calls may take longer, so only schedules with the same number are compared.
  if (bound.answered !== best.answered) return
  expect(bound.makespan).toBeLessThanOrEqual(best.makespan)
  expect(bound.lastAdmission).toBeLessThanOrEqual(best.lastAdmission)
}

describe('the bound for windows of tokens', () => {
  test.prop([packing], { numRuns: 200 })('is not exceeded by any schedule, in any order of the calls', (instance) => {
    expectBound(instance, solve(instance))
  })

  test.prop([paidLater], { numRuns: 200 })('is not exceeded where the output is charged on completion', (instance) => {
    expectBound(instance, solve(instance))
  })

  test.prop([paidLater], { numRuns: 200 })('is not exceeded where everything is charged on completion', (instance) => {
    // A call that charges nothing at its admission still needs room for one token then.
    const calls = instance.calls.map(({ tokens, later, ...call }) => ({ ...call, tokens: 0, later: tokens + later }))
    expectBound({ ...instance, calls }, solve(instance, { tokenCharge: 'completion' }))
  })

  test('leaves out a call that is longer than the limit ever is', () => {
    const instance = {
      calls: batch(2, 0, 7),
      limits: [tokens(5, 10)],
      window: 'sliding' as const,
      patience: 90,
      horizon: 99,
    }
    expect(solve(instance)).toMatchObject({ answered: 0 })
    const raised: PooledLimit = {
      ...tokens(5, 10),
      phases: [
        { from: 0, limit: 5 },
        { from: 40, limit: 7 },
      ],
    }
    expect(solve({ ...instance, limits: [raised] })).toMatchObject({ answered: 2, lastAdmission: 40 })
  })

  test('leaves out a call that is longer than one quota of a pool, though not than all together', () => {
    const instance = {
      calls: batch(2, 0, 7),
      limits: [tokens(10, 10)],
      window: 'sliding' as const,
      patience: 90,
      horizon: 99,
    }
    expect(solve(instance, { longestCall: [{ from: 0, limit: 5 }] })).toMatchObject({ answered: 0 })
  })

  test.each(kinds)('counts output that is charged on completion, where it must have left the window: %s', (window) => {
    // Ten calls a second with 1,000 tokens of output each, of which a minute bears 100,000. A call takes a second.
    const calls = Array.from({ length: 1200 }, () => ({ arrival: 0, service: 1000, tokens: 1, later: 1000 }))
    const limits = [requests(10, 1000), tokens(100_000, 60_000)]
    const { lastAdmission } = solve({ calls, limits, window, patience: Infinity, horizon: 1e9 }, { maxTokens: 1000 })
    expect(lastAdmission).toBeGreaterThan(500_000)
  })

  const run = (window: Switches['window'], calls: readonly SmallCall[], more: Partial<BoundOptions> = {}) =>
    solve({ calls, limits: [tokens(1000, 60_000)], window, patience: Infinity, horizon: 1e9 }, more).makespan

  test('is W·(⌈S/T⌉ − 1) plus the shortest service for a batch', () => {
    expect(run('sliding', batch(10, 70, 250))).toBe(2 * 60_000 + 70)
    expect(run('fixed', batch(10, 70, 250))).toBe(2 * 60_000 + 70)
    expect(run('sliding', batch(4, 70, 250))).toBe(70)
  })

  test('is W·(S − T)/T for a bucket that starts full', () => {
    expect(run('bucket', batch(10, 70, 250))).toBe(90_000 + 70)
    expect(run('bucket', batch(2, 0, 667))).toBe(Math.ceil((334 * 60_000) / 1000))
  })

  test('counts from the arrival that gives the latest bound', () => {
    const late = batch(8, 0, 500).map((call, i) => (i === 0 ? call : { ...call, arrival: 50_000 }))
    expect(run('sliding', late)).toBe(50_000 + 3 * 60_000)
    // The fixed window of the late arrivals began at 0.
    expect(run('fixed', late)).toBe(3 * 60_000)
  })

  test.each([
    ['split', 60_000],
    ['admission', 2 * 60_000],
    ['reserve', 4 * 60_000],
    ['completion', 0],
  ] as const)('counts what is charged at admission: %s', (tokenCharge, expected) => {
    const workload = {
      arrival: new Float64Array(10),
      promptTokens: new Uint32Array(10).fill(200),
      outputTokens: new Uint32Array(10).fill(9999),
    }
    const instance = { limits: [tokens(1000, 60_000)], patience: Infinity, horizon: 1e9 }
    const maxTokens = tokenCharge === 'admission' ? 100 : 300
    expect(
      solve({ ...instance, calls: batch(10), window: 'sliding' }, { workload, tokenCharge, maxTokens }).makespan,
    ).toBe(expected)
  })

  test('counts the shortest calls when some are left out', () => {
    const instance = { calls: batch(10, 0, 900), limits: [tokens(1000, 500), requests(4, 1000)], horizon: 1e6 }
    expect(solve({ ...instance, window: 'sliding', patience: 1000 })).toMatchObject({ answered: 3, makespan: 1000 })
  })
})
