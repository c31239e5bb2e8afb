import { fc, test } from '@fast-check/vitest'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import {
  failedReply,
  okReply,
  type ProviderScript,
  throttleAlways,
  throttledReply,
} from '../../../contracts/provider-script.ts'
import { callsAtOnce, type ScheduledCall, strategyRig } from '../../../contracts/strategy-rig.ts'
import { guestAi } from '../../../lab/guests/ai.ts'
import { guestBottleneck } from '../../../lab/guests/bottleneck.ts'
import { guestCockatiel, guestCockatielBreaker } from '../../../lab/guests/cockatiel.ts'
import { hostGuests } from '../../../lab/guests/guest-time.ts'
import { guestOpenai } from '../../../lab/guests/openai.ts'
import { guestPLimit } from '../../../lab/guests/p-limit.ts'
import { guestPQueue } from '../../../lab/guests/p-queue.ts'
import { guestPRetry } from '../../../lab/guests/p-retry.ts'
import { openBreakerCode } from '../../../src/core/call.ts'
import { type Random, seeded } from '../../../src/core/random.ts'
import type { Strategy } from '../../../src/core/strategy.ts'
import { concurrency } from '../../../src/strategies/pacing/concurrency.ts'
import { pace } from '../../../src/strategies/pacing/pace.ts'
import { retry } from '../../../src/strategies/retry/retry.ts'
import { sdkOpenai } from '../../../src/strategies/retry/sdk-openai.ts'

// ratelab's own strategies restate laws of npm packages. Here the packages themselves run beside them.

let release = () => {}
beforeEach(() => {
  release = hostGuests()
})
afterEach(() => release())

interface Setting {
  readonly calls: readonly ScheduledCall[]
  readonly script: ProviderScript
  readonly serviceTime?: number
  readonly random?: Random
}

/** The attempts of a run, as instants and calls. */
async function attemptsOf(strategy: Strategy, { calls, ...setting }: Setting): Promise<[at: number, id: number][]> {
  const rig = strategyRig({ strategy, ...setting })
  await rig.run(calls)
  return rig.attempts.map(({ at, call }) => [at, call.id])
}

async function instantsOf(strategy: Strategy, setting: Setting): Promise<number[]> {
  return (await attemptsOf(strategy, setting)).map(([at]) => at)
}

/** A stream whose draws are these, for a guest that draws only as often as its restatement. */
function drawing(values: readonly number[]): Random {
  let i = 0
  return { ...seeded(1), next: () => values[i++ % values.length]! }
}

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const oneCall = callsAtOnce(1)

describe('p-retry', () => {
  test.prop([fc.integer({ min: 0, max: 14 })])('is `retry` without jitter', async (retries) => {
    const ours = retry({ attempts: retries + 1, jitter: 'none', cap: 1e9 })
    const setting = { calls: oneCall, script: throttleAlways, serviceTime: 7 }
    expect(await attemptsOf(guestPRetry({ retries }), setting)).toEqual(await attemptsOf(ours, setting))
  })

  test('waits once to twice as long with `randomize`', async () => {
    const strategy = guestPRetry({ retries: 2, randomize: true })
    const instants = await instantsOf(strategy, {
      calls: oneCall,
      script: throttleAlways,
      random: drawing([0.5, 0.25]),
    })
    expect(instants).toEqual([0, 1500, 1500 + 2500])
  })
})

describe('the OpenAI SDK', () => {
  test.prop([fc.array(unit, { minLength: 5, maxLength: 5 }), fc.integer({ min: 0, max: 5 })], { numRuns: 30 })(
    'waits as `sdkOpenai` does for the same draws',
    async (draws, retries) => {
      const setting = { calls: oneCall, script: throttleAlways, serviceTime: 7 }
      // The SDK's first draw of a request is for the id in its log, and each retry is a request.
      const doubled = [0, ...draws.flatMap((draw) => [draw, 0])]
      const guest = await instantsOf(guestOpenai({ maxRetries: retries }), { ...setting, random: drawing(doubled) })
      expect(guest).toEqual(await instantsOf(sdkOpenai({ retries }), { ...setting, random: drawing(draws) }))
    },
  )

  test.each([
    ['a 429 with advice', throttledReply('requests', 1234), [0, 1234, 2468]],
    ['a 500', failedReply(500, true), undefined],
    ['a 400', failedReply(400, false), [0]],
  ])('does as `sdkOpenai` does after %s', async (_what, reply, expected) => {
    const setting = { calls: oneCall, script: () => reply, random: drawing([0]) }
    const ours = await instantsOf(sdkOpenai(), setting)
    expect(await instantsOf(guestOpenai(), setting)).toEqual(ours)
    if (expected) expect(ours).toEqual(expected)
  })
})

test('the AI SDK waits 2 and 4 s, whatever is drawn', async () => {
  expect(await instantsOf(guestAi(), { calls: oneCall, script: throttleAlways })).toEqual([0, 2000, 6000])
})

describe('cockatiel', () => {
  test.prop([fc.array(unit, { minLength: 10, maxLength: 10 })], { numRuns: 30 })(
    'waits by the formula of decorrelated jitter of the second version, from 128 ms to 30 s',
    async (draws) => {
      const instants = await instantsOf(guestCockatiel(), {
        calls: oneCall,
        script: throttleAlways,
        random: drawing(draws),
      })
      const level = (t: number) => 2 ** t * Math.tanh(Math.sqrt(4 * t))
      let at = 0
      let before = 0
      const expected = [0]
      for (const [k, u] of draws.entries()) {
        const reached = level(k + u)
        const wait = Math.min((Math.max(0, reached - before) * 128) / 1.4, 30_000)
        before = reached
        // A timer of the platform takes 1 ms at least.
        at += Math.max(1, Math.ceil(wait))
        expected.push(at)
      }
      expect(instants).toEqual(expected)
    },
  )

  test('answers that its breaker is open, without an attempt, until 10 s have passed', async () => {
    const rig = strategyRig({ strategy: guestCockatielBreaker(), script: throttleAlways })
    // The breaker guesses a rate below which it does not open: five failures a second.
    const calls = [...callsAtOnce(400), ...callsAtOnce(2, 9999), ...callsAtOnce(2, 10_000)].map((each, id) => ({
      ...each,
      call: { ...each.call, id },
    }))
    const settled = await rig.run(calls)
    const refused = settled.filter(({ reply }) => reply?.kind === 'failed' && reply.code === openBreakerCode)
    expect(rig.attempts.length + refused.length).toBe(calls.length)
    expect(settled[400]!.reply).toMatchObject({ code: openBreakerCode })
    // One of the two is the probe. It fails, and the breaker opens again.
    expect(rig.instants().filter((at) => at === 10_000)).toHaveLength(1)
  })
})

describe('queues', () => {
  const batch = { calls: callsAtOnce(60), script: () => okReply(), serviceTime: 30 }

  test.prop([fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(5000), { minLength: 1, maxLength: 40 })])(
    'p-limit is `concurrency`',
    async (limit, arrivals) => {
      const calls = callsAtOnce(arrivals.length).map((each, i) => ({ ...each, at: arrivals[i]! }))
      const setting = { calls, script: () => okReply(), serviceTime: 700 }
      expect(await attemptsOf(guestPLimit({ concurrency: limit }), setting)).toEqual(
        await attemptsOf(concurrency({ limit, skipLate: false }), setting),
      )
    },
  )

  test.each([
    ['p-queue with an interval', () => guestPQueue({ intervalCap: 1, interval: 112 })],
    ['p-queue, strict', () => guestPQueue({ intervalCap: 1, interval: 112, strict: true })],
    ['Bottleneck with `minTime`', () => guestBottleneck({ minTime: 112 })],
  ])('%s is `pace`, within a millisecond', async (_what, make) => {
    const guest = await instantsOf(make(), batch)
    const ours = await instantsOf(pace({ perSecond: 1000 / 112 }), batch)
    expect(guest).toHaveLength(ours.length)
    // Bottleneck gives way three times before it starts a call, by timers that take 1 ms each.
    expect(guest[0]).toBeLessThanOrEqual(3)
    for (const [i, at] of guest.entries())
      expect(Math.abs(at - guest[0]! - ours[i]!), `attempt ${i}`).toBeLessThanOrEqual(1)
  })

  test('Bottleneck with a reservoir starts all of it at once, and all again when it is filled', async () => {
    const strategy = guestBottleneck({
      reservoir: 20,
      reservoirRefreshAmount: 20,
      reservoirRefreshInterval: 60_000,
    })
    const instants = await instantsOf(strategy, batch)
    expect(instants.map((at) => Math.floor(at / 60_000))).toEqual([0, 1, 2].flatMap((i) => Array(20).fill(i)))
    // It looks each 250 ms whether it is time.
    for (const at of instants) expect(at % 60_000).toBeLessThanOrEqual(250)
  })
})
