import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { directEndpoint } from '../../../sim/provider/endpoint.ts'
import type { Decision, Provider } from '../../../sim/provider/provider.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { Call } from '../../../src/core/call.ts'
import type { Millis } from '../../../src/core/clock.ts'
import { type Rule, rules } from '../../../src/core/limit.ts'
import {
  ask,
  callOf,
  callTo,
  inFlight,
  instants,
  type Noted,
  providerOf,
  requests,
  type TimedCall,
  tokens,
} from '../rig.ts'

const hour: Millis = 3_600_000

/** Sends the calls to the provider's own endpoint. */
async function at(provider: Provider, timedCalls: readonly TimedCall[]): Promise<Noted[]> {
  const clock = virtualClock()
  const noted = inFlight(directEndpoint(provider, clock), clock, timedCalls)
  await clock.run(clock.sleep(hour))
  return noted
}

/** A provider that denies by this rule until an instant, and writes down what it was asked. */
function denyUntil(until: Millis, rule: Rule = 'burst', retryAfter = (now: Millis) => until - now) {
  const willing = providerOf()
  const asked: Millis[] = []
  const rejected: Millis[] = []
  const provider: Provider = {
    ...willing,
    admit(call, output, now): Decision {
      asked.push(now)
      if (now >= until) return willing.admit(call, output, now)
      const denial = { rule, retryAfter: retryAfter(now) }
      const quota = willing.accounts.get('a')!.quota('m')!
      return {
        kind: 'denied',
        denial,
        quota,
        cost: { requests: 1, tokens: 0 },
        reply: { kind: 'throttled', body: rule },
      }
    },
    reject(_call, now) {
      rejected.push(now)
    },
  }
  return { provider, asked, rejected }
}

const held = (serverWait: Millis, id = 0): Call => callOf(id, { serverWait })

describe('an attempt', () => {
  test('that is admitted is decided at once, and answered when its service time is over', async () => {
    const [noted] = await at(providerOf(), [{ at: 100, call: callOf(0, { promptTokens: 20 }), output: 300 }])
    expect(noted).toEqual({
      decided: { at: 100, verdict: 'admitted' },
      done: {
        at: 400,
        reply: { kind: 'ok', usage: { promptTokens: 20, outputTokens: 300 }, model: 'm', body: undefined },
        money: (20 * 1 + 300 * 3) / 1e6,
      },
    })
  })

  test('is charged for its output when the answer is complete, not before', async () => {
    const provider = providerOf({ limits: [tokens(100)] })
    const next = callOf(1, { promptTokens: 1 })
    const timedCalls = [399, 401].map((at) => ({ at, call: next }))
    const [, before, after] = await at(provider, [{ at: 0, call: callOf(0), output: 400 }, ...timedCalls])
    expect(before!.decided!.verdict).toBe('admitted')
    expect(after!.decided!.verdict).toBe('tpm')
  })

  test('that is refused or denied is answered at the instant it arrives, and costs nothing', async () => {
    const provider = providerOf({ limits: [requests(1)] })
    const timedCalls = [callTo({ key: 'x' }), callTo({ model: 'x' }), callOf(0), callOf(1)].map((call) => ({
      at: 7,
      call,
    }))
    const [stranger, model, , second] = await at(provider, timedCalls)
    for (const noted of [stranger!, model!]) {
      expect(noted.decided).toEqual({ at: 7, verdict: 'refused' })
      expect(noted.done).toMatchObject({ at: 7, reply: { kind: 'failed' }, money: 0 })
    }
    expect(second!.decided).toEqual({ at: 7, verdict: 'rpm' })
    expect(second!.done).toMatchObject({ at: 7, reply: { kind: 'throttled', cause: 'requests' }, money: 0 })
  })
})

describe('X-DashScope-Wait-Timeout', () => {
  test('a burst denial waits inside until it would pass, and is admitted then', async () => {
    const { provider, asked, rejected } = denyUntil(5000)
    const [noted] = await at(provider, [{ at: 1000, call: held(30_000), output: 50 }])
    expect(noted!.decided).toEqual({ at: 5000, verdict: 'admitted' })
    expect(noted!.done).toMatchObject({ at: 5050, reply: { kind: 'ok' } })
    expect(asked).toEqual([1000, 5000])
    expect(rejected).toEqual([])
  })

  test('it asks again as often as it is put off', async () => {
    const { provider, asked } = denyUntil(2500, 'burst', (now) => 1000 - (now % 1000))
    const [noted] = await at(provider, [{ at: 300, call: held(30_000) }])
    expect(asked).toEqual([300, 1000, 2000, 3000])
    expect(noted!.decided).toEqual({ at: 3000, verdict: 'admitted' })
  })

  test.each([
    ['not asked for', callOf(0)],
    ['0', held(0)],
    ['below 0', held(-5)],
    ['as long as the longest reply', held(300_000)],
    ['longer', held(hour)],
  ])('%s: the 429 comes at once', async (_, call) => {
    const { provider, asked, rejected } = denyUntil(5000)
    const [noted] = await at(provider, [{ at: 1000, call }])
    expect(noted!.decided).toEqual({ at: 1000, verdict: 'burst' })
    expect(noted!.done).toMatchObject({ at: 1000, reply: { kind: 'throttled' }, money: 0 })
    expect([asked, rejected]).toEqual([[1000], [1000]])
  })

  test('the longest wait that is heeded is a millisecond below the longest reply', async () => {
    const { provider } = denyUntil(299_999)
    const [noted] = await at(provider, [{ at: 0, call: held(299_999) }])
    expect(noted!.decided).toEqual({ at: 299_999, verdict: 'admitted' })
  })

  test('when the wait is over the denial stands, told once', async () => {
    const { provider, asked, rejected } = denyUntil(50_000, 'burst', () => 400)
    const [noted] = await at(provider, [{ at: 1000, call: held(1000) }])
    expect(noted!.decided).toEqual({ at: 2000, verdict: 'burst' })
    expect(noted!.done).toMatchObject({ at: 2000, reply: { kind: 'throttled', body: 'burst' }, money: 0 })
    expect(asked).toEqual([1000, 1400, 1800, 2000])
    expect(rejected).toEqual([2000])
  })

  test('a denial that no wait can help is told when the wait is over', async () => {
    const { provider, asked } = denyUntil(Infinity, 'burst', () => Infinity)
    const [noted] = await at(provider, [{ at: 0, call: held(700) }])
    expect(noted!.decided).toEqual({ at: 700, verdict: 'burst' })
    expect(asked).toEqual([0, 700])
  })

  test('a wait of one millisecond is a wait', async () => {
    const { provider, asked } = denyUntil(50)
    const [noted] = await at(provider, [{ at: 0, call: held(1) }])
    expect(noted!.decided).toEqual({ at: 1, verdict: 'burst' })
    expect(asked).toEqual([0, 1])
  })

  test('the last look is at the very end: what passes then is admitted', async () => {
    const { provider } = denyUntil(1000)
    const [noted] = await at(provider, [{ at: 0, call: held(1000) }])
    expect(noted!.decided).toEqual({ at: 1000, verdict: 'admitted' })
  })

  test.each(rules.filter((rule) => rule !== 'burst'))('a denial by %s never waits', async (rule) => {
    const { provider, rejected } = denyUntil(5000, rule)
    const [noted] = await at(provider, [{ at: 1000, call: held(30_000) }])
    expect(noted!.decided).toEqual({ at: 1000, verdict: rule })
    expect(noted!.done!.at).toBe(1000)
    expect(rejected).toEqual([1000])
  })

  test('a request that waited for the burst guard and then meets another limit is denied by that, at once', async () => {
    const switches = { burstGuard: true, burstFloor: 0.2, burstInterval: 1000 }
    const provider = providerOf({ limits: [requests(5, 1500)], switches })
    const crowd = Array.from({ length: 8 }, (_, id) => ({ at: 999, call: held(10_000, id) }))
    const noted = await at(provider, crowd)
    // The guard would let 1, 2 and 4 pass; of the four, the window leaves room for two.
    expect(noted.map(({ decided }) => [decided!.at, decided!.verdict])).toEqual([
      [999, 'admitted'],
      [1000, 'admitted'],
      [1000, 'admitted'],
      [2000, 'admitted'],
      [2000, 'admitted'],
      [2000, 'rps'],
      [2000, 'rps'],
      [2000, 'rps'],
    ])
  })

  test.each([
    [20, 'rpm'],
    [21, 'burst'],
  ])(
    'who waits counts as one reject at the end, however often it was looked at: of %i a minute, then %s',
    async (limit, next) => {
      const switches = { burstGuard: true, burstInterval: 100, burstFloor: 0.01, rejectsCount: true }
      const provider = providerOf({ limits: [requests(limit)], switches })
      const crowd = Array.from({ length: 20 }, (_, id) => ({ at: 0, call: held(250, id) }))
      const noted = await at(provider, [...crowd, { at: 251, call: callOf(20) }])
      // The guard lets 1, 2 and 4 pass; 13 give up, and with them 20 are counted.
      const verdicts = noted.map(({ decided }) => decided!.verdict)
      expect(verdicts.slice(0, 20)).toEqual([...Array(7).fill('admitted'), ...Array(13).fill('burst')])
      expect(verdicts[20]).toBe(next)
    },
  )

  test('waiters are served in the order they came, and whoever gives up does so at its own instant', async () => {
    const switches = { burstGuard: true, burstInterval: 1000, burstFloor: 0.001 }
    const provider = providerOf({ limits: [requests(100_000)], switches })
    const crowd = Array.from({ length: 12 }, (_, id) => ({ at: 10, call: held(id === 7 ? 900 : 20_000, id) }))
    const noted = await at(provider, crowd)
    // The guard lets 2, 4 and 8 pass.
    const when = [10, 10, 1000, 1000, 1000, 1000, 2000, 910, 2000, 2000, 2000, 2000]
    expect(noted.map(({ decided }) => decided)).toEqual(
      when.map((at, id) => ({ at, verdict: id === 7 ? 'burst' : 'admitted' })),
    )
  })

  /** Arrivals off the intervals' boundaries: who comes at the very instant at which others are let in is another matter. */
  const interval = 10
  const anyCrowd = fc.array(
    fc.record({ gap: fc.nat(12), wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 })), prompt: fc.nat(6) }),
    { minLength: 1, maxLength: 30 },
  )

  property.prop([anyCrowd])(
    'the same happens as if each waiter asked every millisecond, in the order they came',
    async (crowd) => {
      const switches = { burstGuard: true, burstInterval: interval, burstFloor: 0.002, burstMemory: 30 }
      // Limits that never bind: floors of 2 requests and 20 tokens.
      const make = () => providerOf({ limits: [requests(100, 1), tokens(1000, 1)], switches })
      const offBoundary = instants(crowd.map(({ gap }) => gap)).map((now) => now + Math.floor(now / (interval - 1)) + 1)
      const timedCalls = crowd.map(({ wait, prompt }, id) => ({
        at: offBoundary[id]!,
        call: callOf(id, { serverWait: wait, promptTokens: prompt }),
      }))
      expect(offBoundary.every((now) => now % interval !== 0)).toBe(true)

      const patient = make()
      const expected: { at: Millis; verdict: string }[] = []
      for (let now = 0; expected.filter(Boolean).length < timedCalls.length; now++) {
        for (const [id, { at, call }] of timedCalls.entries()) {
          if (expected[id] || at > now) continue
          const verdict = ask(patient, now, call)
          if (verdict === 'admitted' || now >= at + call.serverWait!) expected[id] = { at: now, verdict }
        }
      }
      const noted = await at(make(), timedCalls)
      expect(noted.map(({ decided }) => decided)).toEqual(expected)
    },
  )
})
