import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, type ScheduledCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Millis } from '../../../../src/core/clock.ts'
import { type Limit, unitOf } from '../../../../src/core/limit.ts'
import { type Strategy, stack } from '../../../../src/core/strategy.ts'
import { bucket } from '../../../../src/strategies/pacing/bucket.ts'
import { dualBucket } from '../../../../src/strategies/pacing/dual-bucket.ts'
import { gcra } from '../../../../src/strategies/pacing/gcra.ts'
import { windowMirror } from '../../../../src/strategies/pacing/window-mirror.ts'
import { retry } from '../../../../src/strategies/retry/retry.ts'
import { onLateTimers } from '../../../late-timers.ts'

// Strategies that are told the limits never exceed them, as long as the network does not change the distances of their sends.

const requestLimit: fc.Arbitrary<Limit> = fc.record({
  rule: fc.constantFrom('rps' as const, 'rpm' as const),
  limit: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 60 })),
  window: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 3000 })),
})
const tokenLimit: fc.Arbitrary<Limit> = fc.record({
  rule: fc.constantFrom('tps' as const, 'tpm' as const),
  limit: fc.integer({ min: 60, max: 2000 }),
  window: fc.integer({ min: 1, max: 3000 }),
})
const limitLists = fc
  .tuple(fc.array(requestLimit, { minLength: 1, maxLength: 3 }), fc.array(tokenLimit, { minLength: 1, maxLength: 2 }))
  .map((lists) => lists.flat())

interface Visit {
  readonly at: Millis
  readonly promptTokens: number
  readonly abortAt: Millis | undefined
  readonly deadline: Millis
  readonly denials: number
}

const visits: fc.Arbitrary<Visit[]> = fc.array(
  fc.record({
    at: fc.oneof(fc.constant(0), fc.nat(100), fc.nat(6000)),
    promptTokens: fc.integer({ min: 1, max: 50 }),
    abortAt: fc.option(fc.nat(8000), { nil: undefined }),
    deadline: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: Infinity }),
    denials: fc.nat(1),
  }),
  { minLength: 2, maxLength: 40 },
)

/** The output tokens of every answer: all that a call may have, so that a reservation is exact. */
const outputTokens = 10

interface Sent {
  readonly at: number
  readonly tokens: number
}

/** Returns the most that any window (t − w, t] of a limit holds of these attempts. */
function mostIn({ rule, window }: Limit, sent: readonly Sent[]): number {
  const unit = unitOf(rule)
  return Math.max(
    0,
    ...sent.map(({ at: last }) =>
      sent
        .filter(({ at }) => at > last - window && at <= last)
        .reduce((sum, { tokens }) => sum + (unit === 'requests' ? 1 : tokens), 0),
    ),
  )
}

type Told = (limits: readonly Limit[], burst: number, share: number) => Strategy
const strategies: Record<string, { make: Told; units: readonly string[] }> = {
  bucket: { make: (limits, burst, share) => bucket({ limits, burst, share }), units: ['requests'] },
  gcra: {
    make: (limits, burst, share) => gcra({ limits, share, tolerance: Math.round(1000 * burst) }),
    units: ['requests'],
  },
  dualBucket: { make: (limits, burst, share) => dualBucket({ limits, burst, share }), units: ['requests', 'tokens'] },
  windowMirror: { make: (limits) => windowMirror({ limits, pad: 0 }), units: ['requests', 'tokens'] },
}

/** Expects that no window of these limits holds more than its limit, whatever the visits. */
async function expectKept(strategy: Strategy, limits: readonly Limit[], visits: readonly Visit[]): Promise<void> {
  const rig = strategyRig({
    strategy: stack(retry({ attempts: 3, base: 50 }), strategy),
    script: (call, n) =>
      n < visits[call.id]!.denials
        ? throttledReply()
        : { ...okReply(), usage: { promptTokens: call.promptTokens, outputTokens } },
    serviceTime: 40,
  })
  const settled = await rig.run(
    visits.map(({ at, promptTokens, abortAt, deadline }, id): ScheduledCall => {
      const abort = new AbortController()
      if (abortAt !== undefined) rig.at(abortAt, () => abort.abort())
      const changes = { promptTokens, maxTokens: outputTokens, deadline, signal: abort.signal }
      return { at, call: exampleCall(id, changes) }
    }),
  )
  // A denied attempt counts as a request, and its tokens count until its denial is known.
  const sent = rig.attempts.map(({ at, call }) => ({ at, tokens: call.promptTokens + outputTokens }))
  const answered = rig.attempts
    .filter(({ call }, i) => !rig.attempts.slice(i + 1).some((later) => later.call.id === call.id))
    .filter(({ call }) => settled[call.id]!.reply?.kind === 'ok')
    .map(({ at, call }) => ({ at, tokens: call.promptTokens + outputTokens }))
  for (const limit of limits)
    expect(mostIn(limit, unitOf(limit.rule) === 'requests' ? sent : answered)).toBeLessThanOrEqual(limit.limit)
}

describe.each(Object.keys(strategies))('%s', (name) => {
  const { make, units } = strategies[name]!
  const own = (limits: readonly Limit[]) => limits.filter(({ rule }) => units.includes(unitOf(rule)))
  const shares = fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }))
  test.prop([limitLists, shares, fc.constantFrom(1, 0.9), visits], { numRuns: 150 })(
    'no window ever holds more than its limit, whoever aborts, expires or comes again',
    (limits, burst, share, visits) => expectKept(make(limits, burst, share), own(limits), visits),
  )

  const delays = fc.array(fc.oneof(fc.nat(20), fc.nat(500)), { minLength: 1, maxLength: 7 })
  test.prop([limitLists, shares, visits, delays])(
    'nor does one of a second or more at 95 % of the rate, however late the timers are',
    (limits, burst, visits, delays) => {
      const longer = limits.map((limit) => ({ ...limit, window: limit.window + 1000 }))
      return expectKept(onLateTimers(make(longer, burst, 0.95), delays), own(longer), visits)
    },
  )
})

test('tokens of a denied attempt are no credit, if the bucket has been full since', async () => {
  const limits: Limit[] = [
    { rule: 'rps', limit: 1, window: 1 },
    { rule: 'tps', limit: 60, window: 2 },
  ]
  const visit = (at: Millis, promptTokens: number, denials: number): Visit => ({
    at,
    promptTokens,
    denials,
    abortAt: undefined,
    deadline: Infinity,
  })
  // The denial of the third is known at 91, just after the first has taken 48 tokens again.
  const visits = [visit(1, 38, 1), visit(0, 1, 1), visit(50, 20, 1), visit(32, 3, 1)]
  const others = [visit(87, 4, 0), visit(50, 1, 0), visit(0, 34, 0)]
  await expectKept(dualBucket({ limits, burst: 0, share: 1 }), limits, [...visits, ...others])
})

test('the bound is reached: a bucket of the safe size fills its window, and one of twice the rate overfills it', async () => {
  const limits: Limit[] = [{ rule: 'rps', limit: 10, window: 1000 }]
  const most = async (strategy: Strategy) => {
    const rig = strategyRig({ strategy, script: () => okReply() })
    await rig.run(Array.from({ length: 60 }, (_, id) => ({ at: 0, call: exampleCall(id) })))
    return mostIn(
      limits[0]!,
      rig.instants().map((at) => ({ at, tokens: 1 })),
    )
  }
  for (const burst of [0, 0.5, 1]) {
    expect(await most(bucket({ limits, burst, share: 1 }))).toBe(10)
    expect(await most(bucket({ limits: [{ ...limits[0]!, limit: 20 }], burst, share: 1 }))).toBeGreaterThan(10)
  }
  for (const tolerance of [0, 100, 5000]) expect(await most(gcra({ limits, tolerance, share: 1 }))).toBe(10)
  expect(await most(windowMirror({ limits, pad: 0 }))).toBe(10)
})
