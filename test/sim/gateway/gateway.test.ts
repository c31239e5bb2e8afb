import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { gateway } from '../../../sim/gateway/gateway.ts'
import { directEndpoint, type Endpoint, type IncomingAttempt } from '../../../sim/provider/endpoint.ts'
import { readyBy } from '../../../sim/provider/speed.ts'
import { type VirtualClock, virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { Call, Reply } from '../../../src/core/call.ts'
import type { Millis } from '../../../src/core/clock.ts'
import { type Limit, rules } from '../../../src/core/limit.ts'
import { seeded } from '../../../src/core/random.ts'
import type { GatewaySpec, Verdict } from '../../../src/scenario/world.ts'
import {
  type AttemptResult,
  type Charge,
  callOf,
  callTo,
  firstFull,
  gaps,
  instants,
  minute,
  profileOf,
  providerOf,
  requests,
  sendAt,
  type TimedAttempt,
  tokens,
} from '../rig.ts'

/** The reply of the pool's accounts to a request: the decision, and the time until the reply. */
type Script = (
  call: Call,
  n: number,
  now: Millis,
) => { verdict: Verdict; takes?: Millis; reply?: Reply; money?: number }

interface Sent {
  readonly at: Millis
  readonly call: Call
  readonly output: number
}

interface Options {
  readonly spec?: Partial<GatewaySpec>
  readonly accounts?: number
  readonly script?: Script
  readonly seed?: number
}

/** A gateway in front of scripted accounts with the keys pool-0, pool-1, …. It records what it sends to them. */
function gatewayOf({ spec = {}, accounts = 3, script = () => ({ verdict: 'admitted' }), seed = 1 }: Options) {
  const clock = virtualClock()
  const sent: Sent[] = []
  const upstream: Endpoint = ({ call, outputTokens, decided, done }) => {
    const { verdict, takes = 0, reply, money = 0 } = script(call, sent.length, clock.now())
    sent.push({ at: clock.now(), call, output: outputTokens })
    decided(
      clock.now(),
      verdict,
      rules.filter((rule) => rule === verdict),
    )
    const usage = { promptTokens: call.promptTokens, outputTokens }
    clock.after(takes, () => done(reply ?? replyOf(verdict, usage), money))
    return { hangUp: () => {} }
  }
  const keys = Array.from({ length: accounts }, (_, i) => `pool-${i}`)
  const full: GatewaySpec = {
    endpoint: 'proxy',
    accounts: keys,
    balance: 'round-robin',
    failover: 0,
    hopDelay: 0,
    priceFactor: 1,
    ...spec,
  }
  const context = { profile: profileOf({}), timeline: clock, random: seeded(seed) }
  return { clock, sent, endpoint: gateway(full, keys, upstream, context) }
}

function replyOf(verdict: Verdict, usage: { promptTokens: number; outputTokens: number }): Reply {
  if (verdict === 'admitted') return { kind: 'ok', usage, model: 'm', body: undefined }
  if (verdict === 'refused') return { kind: 'failed', status: 400, retryable: false, body: undefined }
  return { kind: 'throttled', body: verdict }
}

/** Makes the attempts at their instants, and lets a minute pass after the last. */
async function at(
  endpoint: Endpoint,
  clock: VirtualClock,
  attempts: readonly TimedAttempt[],
): Promise<AttemptResult[]> {
  const results = sendAt(endpoint, clock, attempts)
  await clock.run(clock.sleep(attempts.at(-1)!.at + minute))
  return results
}

const crowd = (count: number, at: Millis = 0, key = 'customer'): TimedAttempt[] =>
  Array.from({ length: count }, (_, id) => ({ at, call: callTo({ endpoint: 'proxy', key }, id) }))

describe('a forwarded request', () => {
  test('goes to the provider with a key of the pool, and is otherwise unchanged', async () => {
    const { endpoint, clock, sent } = gatewayOf({})
    const call = callOf(7, {
      target: { endpoint: 'proxy', key: 'customer', model: 'm' },
      promptTokens: 12,
      maxTokens: 34,
      tenant: 'me',
      serverWait: 5000,
    })
    await at(endpoint, clock, [{ at: 0, call, output: 56 }])
    expect(sent).toHaveLength(1)
    expect(sent[0]!.call).toEqual({ ...call, target: { endpoint: 'dashscope', key: 'pool-0', model: 'm' } })
    expect(sent[0]!.output).toBe(56)
    expect(call.target.key).toBe('customer')
  })

  test('has the hop delay each way, and is decided when the account decides', async () => {
    const { endpoint, clock, sent } = gatewayOf({
      spec: { hopDelay: 15 },
      script: () => ({ verdict: 'admitted', takes: 300 }),
    })
    const [results] = await at(endpoint, clock, crowd(1, 100))
    expect(sent[0]!.at).toBe(115)
    expect(results!.decided).toEqual({ at: 115, verdict: 'admitted' })
    expect(results!.done!.at).toBe(430)
  })

  test('is reported as decided before its answer is complete', async () => {
    const script: Script = () => ({ verdict: 'admitted', takes: 10_000 })
    const { endpoint, clock } = gatewayOf({ spec: { hopDelay: 15 }, script })
    const [results] = sendAt(endpoint, clock, crowd(1))
    await clock.run(clock.sleep(5000))
    expect(results).toEqual({ decided: { at: 15, verdict: 'admitted' } })
  })

  test.each([0, 0.088, 1, 2.5])('costs %d times the provider’s price', async (priceFactor) => {
    const { endpoint, clock } = gatewayOf({
      spec: { priceFactor },
      script: () => ({ verdict: 'admitted', money: 0.02 }),
    })
    const [results] = await at(endpoint, clock, crowd(1))
    expect(results!.done!.money).toBe(0.02 * priceFactor)
  })

  test('gets the account’s reply unchanged', async () => {
    const reply: Reply = { kind: 'throttled', cause: 'tokens', retryAfter: 77, body: { error: 'as it was' } }
    const { endpoint, clock } = gatewayOf({ script: () => ({ verdict: 'tpm', reply }) })
    const [results] = await at(endpoint, clock, crowd(1))
    expect(results!.done!.reply).toBe(reply)
  })
})

describe('balancing', () => {
  test('round-robin takes the accounts in turn, busy or not', async () => {
    const script: Script = (call) => ({ verdict: 'admitted', takes: call.target.key === 'pool-1' ? 0 : 50_000 })
    const { endpoint, clock, sent } = gatewayOf({ script })
    await at(endpoint, clock, [...crowd(5), ...crowd(2, 10)])
    expect(sent.map(({ call }) => call.target.key)).toEqual([0, 1, 2, 0, 1, 2, 0].map((i) => `pool-${i}`))
  })

  test('least-busy spreads evenly over accounts that are equally busy', async () => {
    const { endpoint, clock, sent } = gatewayOf({ spec: { balance: 'least-busy' } })
    const attempts = Array.from({ length: 90 }, (_, id) => ({ at: id, call: callOf(id) }))
    await at(endpoint, clock, attempts)
    const perKey = Map.groupBy(sent, ({ call }) => call.target.key)
    expect([...perKey.values()].map((each) => each.length)).toEqual([30, 30, 30])
  })

  test('least-busy avoids the account whose reply is slow', async () => {
    const script: Script = (_, n) => ({ verdict: 'admitted', takes: n === 0 ? 50_000 : 1 })
    const { endpoint, clock, sent } = gatewayOf({ spec: { balance: 'least-busy' }, script })
    const attempts = Array.from({ length: 21 }, (_, id) => ({ at: 10 * id, call: callOf(id) }))
    await at(endpoint, clock, attempts)
    expect(sent[0]!.call.target.key).toBe('pool-0')
    expect(new Set(sent.slice(1).map(({ call }) => call.target.key))).toEqual(new Set(['pool-1', 'pool-2']))
  })

  const anyTraffic = fc.array(fc.record({ gap: gaps, takes: fc.nat(60), denied: fc.boolean() }), { maxLength: 80 })

  property.prop([anyTraffic, fc.integer({ min: 1, max: 4 }), fc.nat(2)])(
    'least-busy always takes an account with the fewest requests in flight',
    async (traffic, accounts, failover) => {
      const underWay = new Map<string, Millis[]>()
      const busy = (key: string, now: Millis) => (underWay.get(key) ?? []).filter((until) => until > now).length
      const keys = Array.from({ length: accounts }, (_, i) => `pool-${i}`)
      let earlier = new Set<number>()
      const script: Script = (call, _, now) => {
        const { takes, denied } = traffic[call.id]!
        const { key } = call.target
        // Only the first choice follows the rule, because failover goes on to the next account in turn.
        if (!earlier.has(call.id)) expect(busy(key, now)).toBe(Math.min(...keys.map((each) => busy(each, now))))
        earlier = earlier.add(call.id)
        if (!denied) underWay.set(key, [...(underWay.get(key) ?? []), now + takes])
        return denied ? { verdict: 'rpm' } : { verdict: 'admitted', takes }
      }
      const { endpoint, clock } = gatewayOf({ spec: { balance: 'least-busy', failover }, accounts, script })
      const when = instants(traffic.map(({ gap }) => gap))
      // Arrivals have odd and ends even instants, so that no request arrives at the instant at which an answer ends.
      const attempts = traffic.map((_, id) => ({ at: 200 * when[id]! + id, call: callOf(id) }))
      if (attempts.length > 0) await at(endpoint, clock, attempts)
      expect(earlier.size).toBe(traffic.length)
    },
  )
})

describe('failover', () => {
  const denying = (...deny: number[]): Script => {
    const keys = deny.map((i) => `pool-${i}`)
    return (call) => (keys.includes(call.target.key) ? { verdict: 'tpm' } : { verdict: 'admitted', takes: 100 })
  }
  const tried = (sent: readonly Sent[]) => sent.map(({ call }) => Number(call.target.key.slice('pool-'.length)))

  test('goes on to the next account, and reports only the last decision', async () => {
    const { endpoint, clock, sent } = gatewayOf({ spec: { failover: 2 }, accounts: 4, script: denying(0, 1) })
    const [results] = await at(endpoint, clock, crowd(1, 50))
    expect(tried(sent)).toEqual([0, 1, 2])
    expect(results!.decided).toEqual({ at: 50, verdict: 'admitted' })
    expect(results!.done).toMatchObject({ at: 150, reply: { kind: 'ok' } })
  })

  test('returns the last denial when no account is left', async () => {
    const script: Script = (_, n) => ({ verdict: (['rps', 'tpm', 'burst'] as const)[n]!, takes: 10 })
    const { endpoint, clock, sent } = gatewayOf({ spec: { failover: 2, hopDelay: 5 }, accounts: 4, script })
    const [results] = await at(endpoint, clock, crowd(1))
    expect(tried(sent)).toEqual([0, 1, 2])
    expect(results!.decided).toEqual({ at: 25, verdict: 'burst' })
    expect(results!.done).toMatchObject({ at: 40, reply: { body: 'burst' } })
  })

  test.each([
    [1, 0, 1],
    [1, 5, 1],
    [2, 1, 2],
    [2, 5, 2],
    [3, 0, 1],
    [3, 1, 2],
    [3, 2, 3],
    [3, 9, 3],
  ])('%i accounts and failover %i: %i are tried, none of them twice', async (accounts, failover, count) => {
    const { endpoint, clock, sent } = gatewayOf({ spec: { failover }, accounts, script: denying(0, 1, 2) })
    await at(endpoint, clock, crowd(1))
    expect(tried(sent)).toEqual([0, 1, 2].slice(0, count))
    await at(endpoint, clock, crowd(1, clock.now()))
    expect(tried(sent.slice(count))).toEqual([1, 2, 3].slice(0, count).map((next) => next % accounts))
  })

  test('happens after denials only, not after refusals', async () => {
    const { endpoint, clock, sent } = gatewayOf({ spec: { failover: 2 }, script: () => ({ verdict: 'refused' }) })
    const [results] = await at(endpoint, clock, crowd(1))
    expect(sent).toHaveLength(1)
    expect(results!.decided!.verdict).toBe('refused')
  })

  test('a denied request does not count as in flight for least-busy', async () => {
    const script: Script = (_, n) => ({ verdict: n < 3 ? 'rpm' : 'admitted', takes: 1000 })
    const { endpoint, clock, sent } = gatewayOf({ spec: { balance: 'least-busy', failover: 2 }, script })
    await at(endpoint, clock, [...crowd(1), ...crowd(3, 10_000)])
    expect(tried(sent.slice(3)).toSorted()).toEqual([0, 1, 2])
  })
})

describe('a customer’s cap', () => {
  const answered = (results: readonly AttemptResult[]) =>
    results.filter(({ decided }) => decided!.verdict === 'admitted').length

  test('is separate for each key, and a request above it is not sent to the pool', async () => {
    const { endpoint, clock, sent } = gatewayOf({
      spec: { customerLimits: [requests(3, 1000), requests(5)], failover: 2 },
    })
    const results = await at(endpoint, clock, [...crowd(10), ...crowd(10, 0, 'other'), ...crowd(10, 1000)])
    expect([results.slice(0, 10), results.slice(10, 20), results.slice(20)].map(answered)).toEqual([3, 3, 2])
    expect(sent).toHaveLength(8)
    expect(results[3]!.decided).toEqual({ at: 0, verdict: 'rps' })
    expect(results[25]!.decided).toEqual({ at: 1000, verdict: 'rpm' })
    expect(results[3]!.done!.reply).toMatchObject({ kind: 'throttled', cause: 'requests' })
  })

  test('denies after the hop delay', async () => {
    const { endpoint, clock } = gatewayOf({ spec: { customerLimits: [requests(1)], hopDelay: 15 } })
    const [, denied] = await at(endpoint, clock, crowd(2))
    expect(denied).toMatchObject({ decided: { at: 15, verdict: 'rpm' }, done: { at: 30, money: 0 } })
  })

  test('does not exist unless the world has one', async () => {
    const { endpoint, clock } = gatewayOf({})
    expect(answered(await at(endpoint, clock, crowd(500)))).toBe(500)
    const empty = gatewayOf({ spec: { customerLimits: [] } })
    expect(answered(await at(empty.endpoint, empty.clock, crowd(500)))).toBe(500)
  })

  test('counts the prompt at admission and the output on completion', async () => {
    const script: Script = () => ({ verdict: 'admitted', takes: 100 })
    const { endpoint, clock } = gatewayOf({ spec: { customerLimits: [tokens(100)] }, script })
    const prompt = (at: Millis, promptTokens: number, output = 0): TimedAttempt => ({
      at,
      call: callOf(0, { promptTokens }),
      output,
    })
    const results = await at(endpoint, clock, [
      prompt(0, 30, 65),
      prompt(99, 70),
      prompt(101, 1),
      prompt(minute + 98, 6),
      prompt(minute + 99, 36),
      prompt(minute + 99, 35),
    ])
    expect(results.map(({ decided }) => decided!.verdict)).toEqual([
      'admitted',
      'admitted',
      'tpm',
      'tpm',
      'tpm',
      'admitted',
    ])
  })

  const anyCaps: fc.Arbitrary<Limit[]> = fc.array(
    fc.record({
      rule: fc.constantFrom('rps', 'rpm'),
      limit: fc.integer({ min: 1, max: 6 }),
      window: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 1, maxLength: 2 },
  )
  const anyTraffic = fc.array(fc.record({ gap: gaps, key: fc.constantFrom('x', 'y') }), { minLength: 1, maxLength: 60 })

  property.prop([anyCaps, anyTraffic, fc.nat(9)])(
    'holds for each key in every window, and denies nothing below the limit',
    async (customerLimits, traffic, hopDelay) => {
      const { endpoint, clock } = gatewayOf({ spec: { customerLimits, hopDelay } })
      const when = instants(traffic.map(({ gap }) => gap))
      const attempts = traffic.map(({ key }, id) => ({ at: when[id]!, call: callTo({ key }, id) }))
      const results = await at(endpoint, clock, attempts)
      const counted: Record<string, Charge[]> = { x: [], y: [] }
      for (const [id, { key }] of traffic.entries()) {
        const cost = { at: when[id]! + hopDelay, requests: 1, tokens: 0 }
        const full = firstFull(counted[key]!, customerLimits, cost)
        expect(results[id]!.decided).toEqual({ at: cost.at, verdict: full?.rule ?? 'admitted' })
        if (!full) counted[key]!.push(cost)
      }
    },
  )
})

describe('outages', () => {
  const outages = { meanUp: 200, meanDown: 50 }

  /** Whether the gateway works at each of these instants. */
  async function upAt(when: readonly Millis[], seed = 1, spec: Partial<GatewaySpec> = { outages }): Promise<boolean[]> {
    const { endpoint, clock } = gatewayOf({ spec, seed })
    const up: boolean[] = []
    const probe: IncomingAttempt = {
      call: callOf(0),
      outputTokens: 0,
      decided: (_, verdict) => up.push(verdict === 'admitted'),
      done: () => {},
      stopped: () => {},
    }
    for (const at of when) clock.after(at, () => endpoint(probe))
    await clock.run(clock.sleep(when.at(-1)! + 1))
    return up
  }

  const longRun = Array.from({ length: 250_000 }, (_, i) => i)

  test('the gateway works for the share meanUp / (meanUp + meanDown) of a long time, in exponential intervals', async () => {
    const up = await upAt(longRun)
    expect(up[0]).toBe(true)
    expect(up.filter(Boolean).length / up.length).toBeCloseTo(0.8, 1.5)
    const spells: Record<'true' | 'false', number[]> = { true: [], false: [] }
    for (let start = 0, now = 1; now <= up.length; now++) {
      if (now < up.length && up[now] === up[start]) continue
      spells[`${up[start]!}`].push(now - start)
      start = now
    }
    for (const [lengths, mean] of [
      [spells.true, outages.meanUp],
      [spells.false, outages.meanDown],
    ] as const) {
      const average = lengths.reduce((a, b) => a + b) / lengths.length
      expect(Math.abs(average / mean - 1)).toBeLessThan(0.1)
      // Of exponential intervals, the share e⁻¹ is longer than the mean.
      expect(Math.abs(lengths.filter((each) => each > mean).length / lengths.length - Math.exp(-1))).toBeLessThan(0.05)
    }
  })

  test('the instants of outages do not depend on the requests', async () => {
    const everyMilli = await upAt(longRun.slice(0, 20_000))
    const sparse = longRun.slice(0, 20_000).filter((now) => now % 97 === 0)
    expect(await upAt(sparse)).toEqual(sparse.map((now) => everyMilli[now]))
    expect(await upAt(longRun.slice(0, 20_000), 2)).not.toEqual(everyMilli)
  })

  test('a gateway without outages always works', async () => {
    expect((await upAt(longRun.slice(0, 5000), 1, {})).every(Boolean)).toBe(true)
  })

  test('during an outage the reply is a 503 that may be retried, and no account and no cap counts the request', async () => {
    const spec = { outages: { meanUp: 1, meanDown: 1e12 }, hopDelay: 15, customerLimits: [requests(1)] }
    const { endpoint, clock, sent } = gatewayOf({ spec })
    const results = await at(endpoint, clock, crowd(3, 5000))
    for (const each of results) {
      expect(each.decided).toEqual({ at: 5015, verdict: 'refused' })
      expect(each.done).toMatchObject({ at: 5030, money: 0, reply: { kind: 'failed', status: 503, retryable: true } })
    }
    expect(sent).toEqual([])
  })

  test('a request that is in flight when an outage begins gets its reply', async () => {
    const spec = { outages: { meanUp: 1000, meanDown: 1e12 } }
    const { endpoint, clock } = gatewayOf({ spec, script: () => ({ verdict: 'admitted', takes: 50_000 }) })
    const [early, late] = await at(endpoint, clock, [...crowd(1), ...crowd(1, 40_000)])
    expect(late!.done!.reply).toMatchObject({ status: 503 })
    expect(early!.done).toMatchObject({ at: 50_000, reply: { kind: 'ok' } })
  })
})

test('the pool admits the sum of its accounts’ limits, with either kind of balancing', async () => {
  for (const balance of ['round-robin', 'least-busy'] as const) {
    const clock = virtualClock()
    const accounts = ['x', 'y', 'z'].map((key) => ({ name: key, keys: [key] }))
    const provider = providerOf({ limits: [requests(10, 1000), requests(25)], accounts })
    const spec: GatewaySpec = {
      endpoint: 'proxy',
      accounts: ['x', 'y', 'z'],
      balance,
      failover: 2,
      hopDelay: 0,
      priceFactor: 1,
    }
    const context = { profile: profileOf({}), timeline: clock, random: seeded(1) }
    const endpoint = gateway(
      spec,
      spec.accounts,
      directEndpoint({ provider, timeline: clock, onHangUp: 'stop' }),
      context,
    )
    const results = await at(
      endpoint,
      clock,
      [0, 1000, 2000, 3000].flatMap((now) => crowd(50, now)),
    )
    const admitted = [0, 1, 2, 3].map(
      (second) =>
        results.slice(50 * second, 50 * second + 50).filter(({ decided }) => decided!.verdict === 'admitted').length,
    )
    expect(admitted).toEqual([30, 30, 15, 0])
    expect(results.at(-1)!.decided!.verdict).toBe('rpm')
  }
})

describe('a caller that hangs up', () => {
  const accounts = ['pool-0', 'pool-1'].map((name) => ({ name, keys: [name] }))

  /** Two accounts with a limit of one request a minute. The last call is denied by the account in turn, and served by the other. */
  async function left(after: Millis) {
    const provider = providerOf({ limits: [requests(1)], accounts })
    const clock = virtualClock()
    const spec: GatewaySpec = {
      endpoint: 'proxy',
      accounts: ['pool-0', 'pool-1'],
      balance: 'round-robin',
      failover: 1,
      hopDelay: 15,
      priceFactor: 2,
    }
    const context = { profile: profileOf({}), timeline: clock, random: seeded(1) }
    const direct = directEndpoint({ provider, timeline: clock, onHangUp: 'stop' })
    const endpoint = gateway(spec, spec.accounts, direct, context)
    const [, , , result] = sendAt(endpoint, clock, [
      { at: 0, call: callOf(0), output: 1 },
      { at: 20, call: callOf(1), output: 1 },
      { at: 25, call: callOf(2), output: 1 },
      { at: minute + 15, call: callOf(3), output: 100, hangsUpAfter: after },
    ])
    await clock.run(clock.sleep(2 * minute))
    return result!
  }

  test('stops the answer at the account that serves it, after as many hops as the request took', async () => {
    const { stopped, done } = await left(30)
    expect(done).toBeUndefined()
    // The first of 100 tokens is ready at once, the last after 100 ms.
    const written = readyBy(30, { firstToken: 0, total: 100 }, 100)
    expect(stopped).toMatchObject({ at: minute + 15 + 15 + 30, outputTokens: written })
    expect(stopped!.money).toBeCloseTo((2 * (10 + 3 * written)) / 1e6, 12)
  })

  test('changes nothing when the answer is complete', async () => {
    const { stopped, done } = await left(100)
    expect(stopped).toBeUndefined()
    expect(done!.at).toBe(minute + 15 + 15 + 100 + 15)
  })
})
