import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { directEndpoint } from '../../../sim/provider/endpoint.ts'
import type { Decision, Provider } from '../../../sim/provider/provider.ts'
import { readyBy } from '../../../sim/provider/speed.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { Call } from '../../../src/core/call.ts'
import type { Millis } from '../../../src/core/clock.ts'
import { type Rule, rules } from '../../../src/core/limit.ts'
import type { Switches } from '../../../src/scenario/switches.ts'
import {
  type AttemptResult,
  ask,
  callOf,
  callTo,
  instants,
  providerOf,
  requests,
  sendAt,
  type TimedAttempt,
  tokens,
} from '../rig.ts'

const hour: Millis = 3_600_000

/** Makes the attempts at the provider's own endpoint. */
async function at(
  provider: Provider,
  attempts: readonly TimedAttempt[],
  onHangUp: Switches['onHangUp'] = 'stop',
): Promise<AttemptResult[]> {
  const clock = virtualClock()
  const results = sendAt(directEndpoint({ provider, timeline: clock, onHangUp }), clock, attempts)
  await clock.run(clock.sleep(hour))
  return results
}

/** A provider that denies by this rule until an instant, and records its calls. */
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
        rules: [rule],
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
  test('that is admitted is decided at once, and answered after its service time', async () => {
    const [results] = await at(providerOf(), [{ at: 100, call: callOf(0, { promptTokens: 20 }), output: 300 }])
    expect(results).toEqual({
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
    const attempts = [399, 401].map((at) => ({ at, call: next }))
    const [, before, after] = await at(provider, [{ at: 0, call: callOf(0), output: 400 }, ...attempts])
    expect(before!.decided!.verdict).toBe('admitted')
    expect(after!.decided!.verdict).toBe('tpm')
  })

  test('that is refused or denied is answered at the instant of its arrival, and costs nothing', async () => {
    const provider = providerOf({ limits: [requests(1)] })
    const attempts = [callTo({ key: 'x' }), callTo({ model: 'x' }), callOf(0), callOf(1)].map((call) => ({
      at: 7,
      call,
    }))
    const [stranger, model, , second] = await at(provider, attempts)
    for (const results of [stranger!, model!]) {
      expect(results.decided).toEqual({ at: 7, verdict: 'refused' })
      expect(results.done).toMatchObject({ at: 7, reply: { kind: 'failed' }, money: 0 })
    }
    expect(second!.decided).toEqual({ at: 7, verdict: 'rpm' })
    expect(second!.done).toMatchObject({ at: 7, reply: { kind: 'throttled', cause: 'requests' }, money: 0 })
  })
})

describe('X-DashScope-Wait-Timeout', () => {
  test('holds a request that the burst guard denies until it would pass, and admits it then', async () => {
    const { provider, asked, rejected } = denyUntil(5000)
    const [results] = await at(provider, [{ at: 1000, call: held(30_000), output: 50 }])
    expect(results!.decided).toEqual({ at: 5000, verdict: 'admitted' })
    expect(results!.done).toMatchObject({ at: 5050, reply: { kind: 'ok' } })
    expect(asked).toEqual([1000, 5000])
    expect(rejected).toEqual([])
  })

  test('lets the request try again after each further denial', async () => {
    const { provider, asked } = denyUntil(2500, 'burst', (now) => 1000 - (now % 1000))
    const [results] = await at(provider, [{ at: 300, call: held(30_000) }])
    expect(asked).toEqual([300, 1000, 2000, 3000])
    expect(results!.decided).toEqual({ at: 3000, verdict: 'admitted' })
  })

  test.each([
    ['not asked for', callOf(0)],
    ['0', held(0)],
    ['below 0', held(-5)],
    ['as long as the longest reply', held(300_000)],
    ['longer', held(hour)],
  ])('does not hold the request: %s', async (_, call) => {
    const { provider, asked, rejected } = denyUntil(5000)
    const [results] = await at(provider, [{ at: 1000, call }])
    expect(results!.decided).toEqual({ at: 1000, verdict: 'burst' })
    expect(results!.done).toMatchObject({ at: 1000, reply: { kind: 'throttled' }, money: 0 })
    expect([asked, rejected]).toEqual([[1000], [1000]])
  })

  test('may be up to a millisecond below the longest reply', async () => {
    const { provider } = denyUntil(299_999)
    const [results] = await at(provider, [{ at: 0, call: held(299_999) }])
    expect(results!.decided).toEqual({ at: 299_999, verdict: 'admitted' })
  })

  test('denies the request, once, when the wait ends', async () => {
    const { provider, asked, rejected } = denyUntil(50_000, 'burst', () => 400)
    const [results] = await at(provider, [{ at: 1000, call: held(1000) }])
    expect(results!.decided).toEqual({ at: 2000, verdict: 'burst' })
    expect(results!.done).toMatchObject({ at: 2000, reply: { kind: 'throttled', body: 'burst' }, money: 0 })
    expect(asked).toEqual([1000, 1400, 1800, 2000])
    expect(rejected).toEqual([2000])
  })

  test('denies a request that can never pass when the wait ends', async () => {
    const { provider, asked } = denyUntil(Infinity, 'burst', () => Infinity)
    const [results] = await at(provider, [{ at: 0, call: held(700) }])
    expect(results!.decided).toEqual({ at: 700, verdict: 'burst' })
    expect(asked).toEqual([0, 700])
  })

  test('may be one millisecond', async () => {
    const { provider, asked } = denyUntil(50)
    const [results] = await at(provider, [{ at: 0, call: held(1) }])
    expect(results!.decided).toEqual({ at: 1, verdict: 'burst' })
    expect(asked).toEqual([0, 1])
  })

  test('admits a request that passes at the end of the wait', async () => {
    const { provider } = denyUntil(1000)
    const [results] = await at(provider, [{ at: 0, call: held(1000) }])
    expect(results!.decided).toEqual({ at: 1000, verdict: 'admitted' })
  })

  test.each(rules.filter((rule) => rule !== 'burst'))('does not hold a request that %s denies', async (rule) => {
    const { provider, rejected } = denyUntil(5000, rule)
    const [results] = await at(provider, [{ at: 1000, call: held(30_000) }])
    expect(results!.decided).toEqual({ at: 1000, verdict: rule })
    expect(results!.done!.at).toBe(1000)
    expect(rejected).toEqual([1000])
  })

  test('denies a held request at once when another limit denies it later', async () => {
    const switches = { burstGuard: true, burstFloor: 0.2, burstInterval: 1000 }
    const provider = providerOf({ limits: [requests(5, 1500)], switches })
    const crowd = Array.from({ length: 8 }, (_, id) => ({ at: 999, call: held(10_000, id) }))
    const results = await at(provider, crowd)
    // The guard would admit 1, 2 and 4 requests. The window has room for two of the four.
    expect(results.map(({ decided }) => [decided!.at, decided!.verdict])).toEqual([
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
    'counts a held request as one reject at the end, after any number of tries: of %i a minute, then %s',
    async (limit, next) => {
      const switches = { burstGuard: true, burstInterval: 100, burstFloor: 0.01, rejectsCount: true }
      const provider = providerOf({ limits: [requests(limit)], switches })
      const crowd = Array.from({ length: 20 }, (_, id) => ({ at: 0, call: held(250, id) }))
      const results = await at(provider, [...crowd, { at: 251, call: callOf(20) }])
      // The guard admits 1, 2 and 4 requests. With the 13 whose wait ends, 20 are counted.
      const verdicts = results.map(({ decided }) => decided!.verdict)
      expect(verdicts.slice(0, 20)).toEqual([...Array(7).fill('admitted'), ...Array(13).fill('burst')])
      expect(verdicts[20]).toBe(next)
    },
  )

  test('admits held requests in the order of their arrival, and denies each at the end of its own wait', async () => {
    const switches = { burstGuard: true, burstInterval: 1000, burstFloor: 0.001 }
    const provider = providerOf({ limits: [requests(100_000)], switches })
    const crowd = Array.from({ length: 12 }, (_, id) => ({ at: 10, call: held(id === 7 ? 900 : 20_000, id) }))
    const results = await at(provider, crowd)
    // The guard admits 2, 4 and 8 requests.
    const when = [10, 10, 1000, 1000, 1000, 1000, 2000, 910, 2000, 2000, 2000, 2000]
    expect(results.map(({ decided }) => decided)).toEqual(
      when.map((at, id) => ({ at, verdict: id === 7 ? 'burst' : 'admitted' })),
    )
  })

  /** Arrivals that are not at the start of an interval, at which held requests are admitted and the order would matter. */
  const interval = 10
  const anyCrowd = fc.array(
    fc.record({ gap: fc.nat(12), wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 })), prompt: fc.nat(6) }),
    { minLength: 1, maxLength: 30 },
  )

  property.prop([anyCrowd])(
    'gives the same result as if each held request tried again every millisecond, in the order of arrival',
    async (crowd) => {
      const switches = { burstGuard: true, burstInterval: interval, burstFloor: 0.002, burstMemory: 30 }
      // The limits never deny; they only give the burst guards floors of 2 requests and 20 tokens.
      const make = () => providerOf({ limits: [requests(100, 1), tokens(1000, 1)], switches })
      const offBoundary = instants(crowd.map(({ gap }) => gap)).map((now) => now + Math.floor(now / (interval - 1)) + 1)
      const attempts = crowd.map(({ wait, prompt }, id) => ({
        at: offBoundary[id]!,
        call: callOf(id, { serverWait: wait, promptTokens: prompt }),
      }))
      expect(offBoundary.every((now) => now % interval !== 0)).toBe(true)

      const patient = make()
      const expected: { at: Millis; verdict: string }[] = []
      for (let now = 0; expected.filter(Boolean).length < attempts.length; now++) {
        for (const [id, { at, call }] of attempts.entries()) {
          if (expected[id] || at > now) continue
          const verdict = ask(patient, now, call)
          if (verdict === 'admitted' || now >= at + call.serverWait!) expected[id] = { at: now, verdict }
        }
      }
      const results = await at(make(), attempts)
      expect(results.map(({ decided }) => decided)).toEqual(expected)
    },
  )
})

describe('a request that several rules deny', () => {
  test.each(['limits-first', 'guard-first', 'tokens-first'] as const)(
    'is not held for the burst guard, whichever rule is asked first: %s',
    async (checkOrder) => {
      const switches = { checkOrder, burstGuard: true, burstInterval: 1000, burstFloor: 0.001 }
      const provider = providerOf({ limits: [requests(1)], switches })
      const [, second] = await at(provider, [
        { at: 0, call: callOf(0) },
        { at: 10, call: held(5000, 1) },
      ])
      const rule = checkOrder === 'guard-first' ? 'burst' : 'rpm'
      expect(second!.decided).toEqual({ at: 10, verdict: rule })
    },
  )
})

describe('a caller that hangs up', () => {
  /** A request that the burst guard holds from 2500 to 3000, and that is then written for 100 ms. */
  async function left(onHangUp: Switches['onHangUp'], after: Millis): Promise<AttemptResult> {
    const switches = { burstGuard: true, burstInterval: 1000, burstFloor: 1, burstGrowth: 1.001 }
    const attempts = [
      { at: 2400, call: callOf(0), output: 1 },
      { at: 2500, call: held(5000, 1), output: 100, hangsUpAfter: after },
    ]
    const [, result] = await at(providerOf({ limits: [requests(60)], switches }), attempts, onHangUp)
    return result!
  }

  test('is charged for what was written, and gets no reply, when the provider stops', async () => {
    const result = await left('stop', 550)
    expect(result.done).toBeUndefined()
    const written = readyBy(50, { firstToken: 0, total: 100 }, 100)
    expect(result).toMatchObject({ decided: { at: 3000 }, stopped: { at: 3050, outputTokens: written } })
    expect(result.stopped!.money).toBeCloseTo((10 + 3 * written) / 1e6, 15)
  })

  test('is never decided while it is held, when the provider stops', async () => {
    expect(await left('stop', 100)).toEqual({ stopped: { at: 2600, outputTokens: 0, money: 0 } })
  })

  test('is served and charged in full when the provider finishes', async () => {
    for (const after of [100, 550]) {
      const result = await left('finish', after)
      expect(result).toMatchObject({ decided: { at: 3000 }, done: { at: 3100, money: (10 + 300) / 1e6 } })
      expect(result.stopped).toBeUndefined()
    }
  })
})
