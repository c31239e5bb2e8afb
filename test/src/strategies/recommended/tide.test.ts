import fc from 'fast-check'
import { expect, test } from 'vitest'
import { okReply, type ProviderScript, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, type StrategyRig, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { slidingLog } from '../../../../sim/limiters/sliding-log.ts'
import type { Cause } from '../../../../src/core/call.ts'
import type { Limit } from '../../../../src/core/limit.ts'
import { seeded } from '../../../../src/core/random.ts'
import type { Inspection } from '../../../../src/core/strategy.ts'
import type { TideOptions } from '../../../../src/strategies/recommended/finding.ts'
import { tide } from '../../../../src/strategies/recommended/tide.ts'
import { exposing } from './exposing.ts'

interface Learned {
  readonly unit: string
  readonly window: number
  readonly limit: number
  readonly failures: number
  readonly isSearching: boolean
}

/** A rig for `tide`, and what it shows of its state. */
function rigOf(
  script: ProviderScript,
  options: TideOptions = {},
  seed = 1,
): { rig: StrategyRig; shown: () => Inspection; learned: () => readonly Learned[] } {
  const { strategy, shown } = exposing(tide(options), 'tide')
  const rig = strategyRig({ strategy, script, serviceTime: 40, random: seeded(seed) })
  return { rig, shown, learned: () => shown().limits as readonly Learned[] }
}

/** A provider that admits by sliding windows. `cause`: that of every denial; `undefined`: it is not told. */
function limitedBy(limits: readonly Limit[], cause: Cause | undefined): ProviderScript {
  const limiters = limits.map(slidingLog)
  return (call, _n, now) => {
    const cost = { requests: 1, tokens: call.promptTokens }
    if (limiters.some((limiter) => limiter.check(cost, now))) return throttledReply(cause)
    for (const limiter of limiters) limiter.charge(cost, now)
    return okReply()
  }
}

test('learns the limit of one window exactly where the network has no delays that differ', async () => {
  for (const window of [1000, 5000, 60_000])
    for (const limit of [5, 20]) {
      const { rig, learned } = rigOf(limitedBy([{ rule: 'rps', limit, window }], 'requests'))
      await rig.run(callsAtOnce(22 * limit))
      expect(learned().map((each) => [each.unit, each.window, each.limit])).toEqual([['requests', window, limit]])
    }
})

/** Of two windows that are close to each other, 5 and 6 s, 10, 12 and 15 s, the shorter one may stand for the longer one. So these are left out. */
const distinct = [1000, 5000, 10_000, 30_000, 60_000]

test('after 20 full windows a learned limit is within a seventh or one request of the true one, or it says that it has not learned it', async () => {
  const world = fc.record({
    window: fc.constantFrom(...distinct),
    limit: fc.integer({ min: 4, max: 40 }),
    cause: fc.constantFrom('requests' as const, undefined),
    seed: fc.nat(),
  })
  await fc.assert(
    fc.asyncProperty(world, async ({ window, limit, cause, seed }) => {
      const { rig, shown, learned } = rigOf(limitedBy([{ rule: 'rps', limit, window }], cause), {}, seed)
      await rig.run(callsAtOnce(22 * limit))
      if (shown().isSharing) return
      // The cap that lets through least decides, and it is sure of itself once trials have failed.
      const rate = (each: Learned) => each.limit / each.window
      const [tightest] = learned().toSorted((a, b) => rate(a) - rate(b))
      if (!tightest || tightest.isSearching || tightest.failures < 3) return
      // It takes 15 requests in 30 s for 17, and is within one request in all other worlds of this kind.
      const truth = limit * (tightest.window / window)
      expect(Math.abs(tightest.limit - truth)).toBeLessThanOrEqual(Math.max(1, truth / 7))
    }),
    { numRuns: 60 },
  )
})

test('a learned limit is never far below the true one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(1000, 5000, 10_000, 30_000),
      fc.integer({ min: 4, max: 30 }),
      async (window, limit) => {
        const { rig } = rigOf(limitedBy([{ rule: 'rps', limit, window }], 'requests'))
        const settled = await rig.run(callsAtOnce(22 * limit))
        const last = Math.max(...settled.map(({ at }) => at))
        // A client that knows the limit needs 21 windows.
        expect(last).toBeLessThan(1.7 * 22 * window)
        expect(rig.attempts.length).toBeLessThan(1.35 * settled.length)
      },
    ),
    { numRuns: 40 },
  )
})

test('told the limits, it is never denied and loses nothing', async () => {
  const limits: Limit[] = [
    { rule: 'rps', limit: 5, window: 1000 },
    { rule: 'rpm', limit: 100, window: 45_000 },
  ]
  const { rig, learned } = rigOf(limitedBy(limits, 'requests'), { limits })
  await rig.run(callsAtOnce(100))
  expect(learned().map(({ window, limit }) => [window, limit])).toEqual([
    [1000, 5],
    [45_000, 100],
  ])
  expect(rig.attempts.length).toBeLessThanOrEqual(103)
})

test('waits as long as a Retry-After advises, and two minutes at most', async () => {
  for (const [advice, sent] of [
    [30_000, 30_000],
    [900_000, 120_000],
  ] as const) {
    const { rig } = rigOf((_call, n) => (n === 0 ? throttledReply('requests', advice) : okReply()))
    await rig.run(callsAtOnce(1))
    expect(rig.instants()[1]).toBeGreaterThanOrEqual(sent)
    expect(rig.instants()[1]).toBeLessThan(sent + 10_000)
  }
})

test('gives up a call whose free quota is used up, and one that is denied twenty times', async () => {
  const quota = rigOf(() => throttledReply('quota'))
  await quota.rig.run(callsAtOnce(1))
  expect(quota.rig.attempts).toHaveLength(1)
  const denied = rigOf(() => throttledReply('tokens'))
  const [settled] = await denied.rig.run(callsAtOnce(1))
  expect([denied.rig.attempts.length, settled!.reply!.kind]).toEqual([20, 'throttled'])
})

test('a call that no limit ever admits does not keep the others waiting', async () => {
  const { rig } = rigOf((call) => (call.id === 0 ? throttledReply('tokens') : okReply()))
  const settled = await rig.run(callsAtOnce(20))
  for (const { at, reply } of settled.slice(1)) {
    expect(reply?.kind).toBe('ok')
    expect(at).toBeLessThan(900_000)
  }
})

test('keeps nothing of calls that have ended', async () => {
  const { rig, shown } = rigOf(limitedBy([{ rule: 'rps', limit: 100, window: 1000 }], 'requests'))
  await rig.run(callsAtOnce(20_000))
  expect(shown()).toMatchObject({ unconfirmed: 0, isHeld: false })
})

test.each([
  ['limits', [], 'Expected `limits` to be a list of one or more limits, got an empty list'],
  ['limits', 5, 'Expected `limits` to be a list of one or more limits, got 5'],
])('refuses wrong %s', (_name, limits, message) => {
  expect(() => tide({ limits: limits as unknown as Limit[] })).toThrow(message)
})
