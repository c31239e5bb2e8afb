import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { mock } from '../../../sim/mock/mock.ts'
import { cnBeijing } from '../../../sim/profiles/cn-beijing.ts'
import { phasesOf } from '../../../sim/provider/phases.ts'
import { readyBy } from '../../../sim/provider/speed.ts'
import { type Simulation, simulate, worldProvider } from '../../../sim/skins/in-process.ts'
import { type VirtualClock, virtualClock } from '../../../sim/time/virtual-clock.ts'
import { InputError } from '../../../src/checks/input-error.ts'
import type { Call, Reply, Target } from '../../../src/core/call.ts'
import type { AbortListener, Millis, Signal } from '../../../src/core/clock.ts'
import { type Limit, unitOf } from '../../../src/core/limit.ts'
import { seeded } from '../../../src/core/random.ts'
import type { WorkspaceSpec } from '../../../src/scenario/accounts.ts'
import type { LimitChange } from '../../../src/scenario/limit-changes.ts'
import { type Switches, switchesOf } from '../../../src/scenario/switches.ts'
import type { GatewaySpec, World } from '../../../src/scenario/world.ts'
import { anyTokenCharge, type Charge, callOf, calm, instants, inWindow, minute, RecorderStub } from '../rig.ts'

const target: Target = { endpoint: 'dashscope', key: 'k', model: 'qwen3-max' }

const proxy: GatewaySpec = {
  endpoint: 'proxy',
  accounts: ['a'],
  balance: 'round-robin',
  failover: 0,
  hopDelay: 0,
  priceFactor: 1,
}

function worldOf(options: Partial<World> = {}): World {
  return {
    profile: 'intl',
    accounts: [{ name: 'a', keys: ['k'] }],
    ...options,
    switches: { ...calm, ...options.switches },
  }
}

interface Attempt {
  readonly at: Millis
  readonly call: Call
  readonly nth?: number
}

interface Outcome {
  readonly at: Millis
  readonly reply?: Reply
  readonly error?: unknown
}

interface Lab {
  readonly clock: VirtualClock
  readonly notebook: RecorderStub
  /** How long the model takes for a call. */
  serviceTime(call: number, outputTokens: number): number
  readonly used: Simulation['used']
  /** Sends attempts at their instants, numbered in the given order, and lets time pass until all are settled. */
  run(attempts: readonly Attempt[]): Promise<Outcome[]>
}

function lab(world: World, outputTokens: (call: Call) => number = () => 100, seed = 1): Lab {
  const clock = virtualClock()
  const notebook = new RecorderStub()
  const simulation = simulate(world, { timeline: clock, random: seeded(seed), recorder: notebook, outputTokens })
  async function settle({ at, call, nth = 0 }: Attempt, attempt: number): Promise<Outcome> {
    await clock.sleep(at - clock.now())
    try {
      const reply = await simulation.send(call, attempt, nth)
      return { at: clock.now(), reply }
    } catch (error) {
      return { at: clock.now(), error }
    }
  }
  const run = (attempts: readonly Attempt[]) => clock.run(Promise.all(attempts.map(settle)))
  const { service } = worldProvider(world, seeded(seed))
  const serviceTime = (call: number, tokens: number) => service(call, tokens).total
  return { clock, notebook, serviceTime, used: simulation.used, run }
}

const call = (id: number, changes: Partial<Call> = {}, to: Partial<Target> = {}): Call =>
  callOf(id, { target: { ...target, ...to }, ...changes })

/** Lets an hour pass, in which every request in flight ends. */
const anHour = ({ clock }: Lab) => clock.run(clock.sleep(60 * minute))

describe('an attempt', () => {
  const delayed: Partial<Switches> = { networkDelay: 40, firstToken: 600, tokensPerSecond: 50 }

  test('takes the network delay, is decided on arrival, is in service for the whole answer, and takes the network delay back', async () => {
    const { run, notebook, serviceTime } = lab(worldOf({ switches: delayed }))
    const [outcome] = await run([{ at: 1000, call: call(0, { promptTokens: 30 }) }])
    expect(notebook.decisions.get(0)).toEqual({ at: 1040, verdict: 'admitted' })
    expect(outcome!.at).toBe(1000 + 40 + 2600 + 40)
    expect(outcome!.reply).toEqual({
      kind: 'ok',
      usage: { promptTokens: 30, outputTokens: 100 },
      model: 'qwen3-max',
      body: undefined,
    })
    expect(notebook.bills.get(0)).toBeCloseTo((30 * 1.2 + 100 * 6) / 1e6, 12)
    expect(notebook.answers).toEqual([0])
    expect(serviceTime(0, 100)).toBe(2600)
  })

  test('makes the account and the model of its key used, each once in each lane', async () => {
    const { run, used } = lab(worldOf({ switches: delayed }))
    expect(used()).toEqual([])
    const endpoints = ['dashscope', 'dashscope', 'batch', 'batch']
    await run(endpoints.map((endpoint, id) => ({ at: 0, call: call(id, {}, { endpoint }) })))
    const quota = { account: 'a', model: 'qwen3-max' }
    expect(used()).toEqual([quota, { ...quota, beyondLimits: true }])
  })

  test('that is denied or refused takes the network delays only, and is not counted as an answer', async () => {
    const { run, notebook } = lab(worldOf({ switches: delayed }))
    const crowd = Array.from({ length: 11 }, (_, id) => ({ at: 0, call: call(id) }))
    const outcomes = await run([...crowd, { at: 0, call: call(11, {}, { key: 'x' }) }])
    expect(outcomes[10]).toMatchObject({ at: 80, reply: { kind: 'throttled', cause: 'requests' } })
    expect(outcomes[11]).toMatchObject({ at: 80, reply: { kind: 'failed', status: 401 } })
    expect(notebook.decisions.get(10)).toEqual({ at: 40, verdict: 'rps' })
    expect(notebook.decisions.get(11)).toEqual({ at: 40, verdict: 'refused' })
    expect(notebook.answers.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect([...notebook.bills.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('has an answer that is cut at `maxTokens`', async () => {
    const { run } = lab(worldOf(), () => 500)
    const [outcome] = await run([{ at: 0, call: call(0, { maxTokens: 70 }) }])
    expect(outcome).toMatchObject({ at: 70, reply: { usage: { outputTokens: 70 } } })
  })

  test('that costs nothing is not billed', async () => {
    const accounts = [{ name: 'a', keys: ['k'], freeTokens: 1000 }]
    const { run, notebook } = lab(worldOf({ accounts }))
    await run([{ at: 0, call: call(0) }])
    expect(notebook.answers).toEqual([0])
    expect(notebook.bills.size).toBe(0)
  })

  test('to an unknown endpoint fails with an error that names the known ones', async () => {
    const { run, notebook } = lab(worldOf({ gateways: [proxy] }))
    const [outcome] = await run([{ at: 0, call: call(0, {}, { endpoint: 'proxi' }) }])
    const message = 'Expected `target.endpoint` to be one of dashscope, batch, proxy, got "proxi"'
    expect(outcome!.error).toEqual(new InputError(message, 'ENDPOINT_UNKNOWN'))
    expect(notebook.decisions.size).toBe(0)
  })

  test('has the switches of the world', async () => {
    const crowd = Array.from({ length: 12 }, (_, id) => ({ at: id * 200, call: call(id) }))
    const guarded = lab(worldOf({ switches: { burstGuard: true, retryAfter: 'exact' } }))
    const outcomes = await guarded.run(crowd)
    expect(guarded.notebook.decisions.get(10)!.verdict).toBe('burst')
    expect(outcomes[10]!.reply).toMatchObject({ cause: 'burst', retryAfter: 3000 })
  })
})

describe('an abort', () => {
  /** A signal that counts its listeners. */
  class CountedSignal implements Signal {
    aborted = false
    reason: unknown
    readonly listeners = new Set<AbortListener>()
    addEventListener(_: 'abort', listener: AbortListener): void {
      this.listeners.add(listener)
    }
    removeEventListener(_: 'abort', listener: AbortListener): void {
      this.listeners.delete(listener)
    }
    abort(reason: unknown): void {
      this.aborted = true
      this.reason = reason
      for (const listener of [...this.listeners])
        if (typeof listener === 'function') listener()
        else listener.handleEvent()
    }
  }

  const delayed: Partial<Switches> = { networkDelay: 40, firstToken: 600, tokensPerSecond: 50 }
  const settles = 2680

  async function abortedAt(
    when: Millis,
    onHangUp: Switches['onHangUp'] = 'stop',
    gateways: readonly GatewaySpec[] = [],
  ) {
    const room = lab(worldOf({ switches: { ...delayed, onHangUp }, gateways }))
    const signal = new CountedSignal()
    const reason = new Error('enough')
    const to = gateways.length > 0 ? { endpoint: 'proxy' } : {}
    const settled = room.run([{ at: 0, call: call(0, { signal }, to) }])
    room.clock.after(when, () => signal.abort(reason))
    const [outcome] = await settled
    const listeners = signal.listeners.size
    await anHour(room)
    return { ...room, outcome: outcome!, reason, listeners }
  }

  /** The price of an answer of this many output tokens. */
  const priceOf = (outputTokens: number) => (10 * 1.2 + outputTokens * 6) / 1e6

  property.prop([fc.integer({ min: 1, max: 2 * settles }), fc.constantFrom('stop', 'finish')])(
    'rejects at once with the reason; the provider stops or finishes, and bills; only an attempt that still waits is answered',
    async (when, onHangUp) => {
      fc.pre(when !== settles)
      const { outcome, reason, listeners, notebook } = await abortedAt(when, onHangUp)
      const inTime = when > settles
      if (inTime) expect(outcome).toMatchObject({ at: settles, reply: { kind: 'ok' } })
      else expect(outcome).toEqual({ at: when, error: reason })
      expect(listeners).toBe(0)
      expect(notebook.decisions.get(0)).toEqual({ at: 40, verdict: 'admitted' })
      // The request and the hang-up take the same time to the provider, so that the model has written for `when` until then.
      const written = onHangUp === 'stop' && when < 2600 ? readyBy(when, { firstToken: 600, total: 2600 }, 100) : 100
      expect(notebook.bills.get(0)).toBeCloseTo(priceOf(written), 12)
      expect(notebook.answers).toEqual(inTime ? [0] : [])
    },
  )

  property.prop([fc.integer({ min: 1, max: settles + 59 }), fc.constantFrom('stop', 'finish')])(
    'reaches the provider through a gateway, whose delays add to the network’s',
    async (when, onHangUp) => {
      const { notebook } = await abortedAt(when, onHangUp, [{ ...proxy, hopDelay: 30, priceFactor: 2 }])
      const written = onHangUp === 'stop' && when < 2600 ? readyBy(when, { firstToken: 600, total: 2600 }, 100) : 100
      expect(notebook.bills.get(0)).toBeCloseTo(2 * priceOf(written), 12)
    },
  )

  test('after the answer changes nothing', async () => {
    const { outcome, notebook } = await abortedAt(settles + 1)
    expect(outcome.reply).toMatchObject({ kind: 'ok' })
    expect(notebook.answers).toEqual([0])
  })

  test('before the send prevents the attempt', async () => {
    const room = lab(worldOf({ switches: delayed }))
    const reason = new Error('too late')
    const signal = new CountedSignal()
    signal.abort(reason)
    const [outcome] = await room.run([{ at: 5, call: call(0, { signal }) }])
    await anHour(room)
    expect(outcome).toEqual({ at: 5, error: reason })
    expect(signal.listeners.size).toBe(0)
    expect([room.notebook.decisions.size, room.notebook.bills.size]).toEqual([0, 0])
  })

  test('has no listener left after a denial', async () => {
    const signals = Array.from({ length: 11 }, () => new CountedSignal())
    const { run } = lab(worldOf())
    await run(signals.map((signal, id) => ({ at: 0, call: call(id, { signal }) })))
    expect(signals.map(({ listeners }) => listeners.size)).toEqual(Array(11).fill(0))
  })

  test('of one attempt does not change the other attempts of the call', async () => {
    const { run, clock, notebook } = lab(worldOf({ switches: delayed }))
    const [one, other] = [new CountedSignal(), new CountedSignal()]
    clock.after(100, () => one.abort('hedged'))
    const outcomes = await run([
      { at: 0, call: call(0, { signal: one }), nth: 0 },
      { at: 50, call: call(0, { signal: other }), nth: 1 },
    ])
    expect(outcomes[0]).toEqual({ at: 100, error: 'hedged' })
    expect(outcomes[1]).toMatchObject({ at: 50 + settles, reply: { kind: 'ok' } })
    expect(notebook.answers).toEqual([1])
  })

  test.each(['stop', 'finish'] as const)(
    'while the provider holds the request for its burst guard: %s',
    async (onHangUp) => {
      const switches = { ...calm, burstGuard: true, onHangUp }
      const room = lab(worldOf({ switches }))
      const signal = new CountedSignal()
      room.clock.after(2000, () => signal.abort('gone'))
      const crowd = Array.from({ length: 10 }, (_, id) => ({ at: 0, call: call(id) }))
      const outcomes = await room.run([...crowd, { at: 1500, call: call(10, { signal, serverWait: 30_000 }) }])
      await anHour(room)
      expect(outcomes[10]).toEqual({ at: 2000, error: 'gone' })
      expect(room.notebook.decisions.get(10)).toEqual(
        onHangUp === 'stop' ? undefined : { at: 5000, verdict: 'admitted' },
      )
      expect(room.notebook.bills.has(10)).toBe(onHangUp === 'finish')
      expect(room.notebook.answers).not.toContain(10)
    },
  )

  test('works with a real AbortSignal', async () => {
    const { run, clock } = lab(worldOf({ switches: delayed }))
    const abort = new AbortController()
    clock.after(100, () => abort.abort('enough'))
    const [outcome] = await run([{ at: 0, call: call(0, { signal: abort.signal }) }])
    expect(outcome).toEqual({ at: 100, error: 'enough' })
  })
})

describe('common random numbers', () => {
  /** Attempts of calls at their instants, as a strategy might make them. */
  const anyPattern = fc.array(
    fc.record({ gap: fc.nat(400), id: fc.nat(9), endpoint: fc.constantFrom('dashscope', 'proxy') }),
    { maxLength: 40 },
  )

  /** The network delays of each attempt, by call and number within the call, without the service time. */
  async function met(pattern: readonly { gap: Millis; id: number; endpoint: string }[], switches: Partial<Switches>) {
    const gateways = [{ ...proxy, hopDelay: 15, outages: { meanUp: 2000, meanDown: 500 } }]
    const { run, notebook, serviceTime } = lab({ ...worldOf({ gateways }), switches }, ({ id }) => 20 * id, 5)
    const made = new Map<number, number>()
    const when = instants(pattern.map(({ gap }) => gap))
    const attempts = pattern.map(({ id, endpoint }, i) => {
      const nth = made.get(id) ?? 0
      made.set(id, nth + 1)
      return { at: when[i]!, nth, call: call(id, {}, { endpoint }) }
    })
    const outcomes = await run(attempts)
    return new Map(
      attempts.map(({ at, nth, call }, i) => {
        const { at: decidedAt, verdict } = notebook.decisions.get(i)!
        const hop = call.target.endpoint === 'proxy' ? 15 : 0
        const service = verdict === 'admitted' ? serviceTime(call.id, 20 * call.id) : 0
        return [`${call.id}/${nth}`, { out: decidedAt - at - hop, back: outcomes[i]!.at - decidedAt - service - hop }]
      }),
    )
  }

  property.prop([anyPattern, anyPattern], { numRuns: 50 })(
    'the same attempt of the same call has the same delays and service time, with any other attempts',
    async (one, other) => {
      const [here, there] = [await met(one, {}), await met(other, { burstGuard: false, rejectsCount: true })]
      for (const [attempt, trip] of here) if (there.has(attempt)) expect(there.get(attempt)).toEqual(trip)
    },
  )

  test('two attempts, two calls and two seeds have different times', async () => {
    const pattern = Array.from({ length: 30 }, (_, i) => ({ gap: 1000, id: i % 10, endpoint: 'dashscope' }))
    const trips = [...(await met(pattern, {})).values()]
    expect(new Set(trips.map(({ out, back }) => `${out}/${back}`)).size).toBeGreaterThan(20)
  })
})

describe('the phases of a seed', () => {
  /** A mock of the same seed, and its levels after one request at instant 0. */
  function levelsOfMock(seed: number, switches: Partial<Switches>) {
    const accounts = [{ name: 'a', keys: ['k'] }]
    const made = mock({ timeline: virtualClock(), seed, accounts, switches: { ...calm, ...switches } })
    return made.provider.accounts.get('a')!.quota('qwen3-max')!.levels(0)
  }

  property.prop([fc.nat(1e6)], { numRuns: 30 })('are those of a mock of that seed', async (seed) => {
    const switches: Partial<Switches> = { gridPhase: 'seed', window: 'fixed', burstGuard: true, burstFloor: 0.02 }
    const levels = levelsOfMock(seed, switches)
    const clock = virtualClock()
    const notebook = new RecorderStub()
    // The laboratory hands this stream of the seed to the world.
    const random = seeded(seed).fork('world')
    const world = worldOf({ switches })
    const { ofWindow } = phasesOf(random, switchesOf(switches))
    const { send } = simulate(world, {
      timeline: clock,
      random,
      recorder: notebook,
      outputTokens: () => 1,
    })
    expect(levels.map(({ rule }) => rule)).toEqual(['rps', 'rpm', 'tpm', 'burst', 'burst'])
    for (const { rule, window, phase } of levels) if (rule !== 'burst') expect(ofWindow(window!)).toBe(phase)
    // The second request is held by the guard alone, until its next interval begins.
    const guard = levels.at(-1)!.phase!
    fc.pre(guard > 0)
    await clock.run(Promise.all([0, 1].map((id) => send(call(id, { serverWait: 10_000 }), id, 0))))
    expect(notebook.decisions.get(1)).toEqual({ at: guard, verdict: 'admitted' })
  })

  test('are those of the clock’s instant 0 by the switch', () => {
    const phases = levelsOfMock(1, { gridPhase: 'start', window: 'fixed', burstGuard: true }).map(({ phase }) => phase)
    expect(phases).toEqual([0, 0, 0, 0, 0])
  })
})

describe('a gateway in the world', () => {
  const accounts = [
    { name: 'a', keys: ['k', 'k2'] },
    { name: 'b', keys: ['kb', 'kb2'] },
    { name: 'c', keys: ['kc'] },
  ]
  const crowd = (count: number, to: Partial<Target>, at = 0) =>
    Array.from({ length: count }, (_, id) => ({ at, call: call(id, {}, to) }))
  const admitted = (notebook: RecorderStub) =>
    [...notebook.decisions.values()].filter(({ verdict }) => verdict === 'admitted').length

  test('pools the accounts that it names, and needs none of their keys', async () => {
    const gateways = [{ ...proxy, accounts: ['a', 'b'], failover: 1 }]
    const { run, notebook } = lab(worldOf({ accounts, gateways }))
    await run(crowd(50, { endpoint: 'proxy', key: 'a customer' }))
    expect(admitted(notebook)).toBe(20)
  })

  test('uses the same quota as the accounts’ own keys', async () => {
    const gateways = [{ ...proxy, accounts: ['a'] }]
    const { run, notebook } = lab(worldOf({ accounts, gateways }))
    await run([...crowd(4, { key: 'k2' }), ...crowd(50, { endpoint: 'proxy' }), ...crowd(50, { key: 'kb2' })])
    expect(admitted(notebook)).toBe(20)
  })

  test('multiplies the price, adds its hop delay each way, and is separate from other gateways', async () => {
    const gateways = [
      { ...proxy, hopDelay: 15, priceFactor: 0.088 },
      { ...proxy, endpoint: 'dear', accounts: ['b'], hopDelay: 100, priceFactor: 2 },
    ]
    const { run, notebook } = lab(worldOf({ accounts, gateways, switches: { networkDelay: 40 } }))
    const outcomes = await run([
      { at: 0, call: call(0, {}, { endpoint: 'proxy' }) },
      { at: 0, call: call(1, {}, { endpoint: 'dear' }) },
    ])
    const price = (10 * 1.2 + 100 * 6) / 1e6
    expect(outcomes.map(({ at }) => at)).toEqual([80 + 30 + 100, 80 + 200 + 100])
    expect([0, 1].map((i) => notebook.decisions.get(i)!.at)).toEqual([55, 140])
    expect(notebook.bills.get(0)).toBeCloseTo(0.088 * price, 15)
    expect(notebook.bills.get(1)).toBeCloseTo(2 * price, 15)
  })

  test('has outages that depend on the seed alone and differ from those of another gateway', async () => {
    const outages = { meanUp: 1000, meanDown: 1000 }
    const gateways = ['p', 'q'].map((endpoint) => ({ ...proxy, endpoint, outages }))
    const downAt = async (endpoint: string, seed: number, others: readonly Attempt[] = []) => {
      const { run, notebook } = lab(worldOf({ accounts, gateways }), () => 1, seed)
      const probes = Array.from({ length: 50 }, (_, id) => ({ at: 200 * id, call: call(id, {}, { endpoint }) }))
      await run([...probes, ...others])
      return probes.map((_, id) => notebook.decisions.get(id)!.verdict === 'refused')
    }
    const down = await downAt('p', 1)
    expect(new Set(down).size).toBe(2)
    expect(await downAt('p', 1, crowd(500, { endpoint: 'q' }, 77))).toEqual(down)
    expect(await downAt('q', 1)).not.toEqual(down)
    expect(await downAt('p', 2)).not.toEqual(down)
  })
})

describe('a raised quota', () => {
  const crowdAt = (at: Millis, key = 'k', model = 'qwen3-max') =>
    Array.from({ length: 50 }, (_, id) => ({ at, call: call(id, {}, { key, model }) }))

  async function admittedAt(events: readonly LimitChange[], when: readonly Millis[], key?: string, model?: string) {
    const accounts = [
      { name: 'a', keys: ['k'] },
      { name: 'b', keys: ['kb'] },
    ]
    const { run, notebook } = lab(worldOf({ accounts, events }))
    await run(when.flatMap((at) => crowdAt(at, key, model)))
    return when.map(
      (at) => [...notebook.decisions.values()].filter((d) => d.at === at && d.verdict === 'admitted').length,
    )
  }

  const tripled: LimitChange = { at: 5000, account: 'a', model: 'qwen3-max', factor: 3 }

  test('is in force from its instant on, also for a request that arrives at that instant', async () => {
    expect(await admittedAt([tripled], [3999, 4999, 5000, 5999])).toEqual([10, 10, 20, 10])
  })

  test('of tokens does not raise what a second bears', async () => {
    expect(await admittedAt([{ ...tripled, unit: 'tokens' }], [3999, 5000, 6000])).toEqual([10, 10, 10])
  })

  test('concerns one account and one model', async () => {
    expect(await admittedAt([tripled], [4000, 5000, 6000], 'kb')).toEqual([10, 10, 10])
    expect(await admittedAt([tripled], [4000, 5000, 6000], 'k', 'qwen-plus')).toEqual([10, 10, 10])
  })

  test('at the first instant is in force for the first request', async () => {
    expect(await admittedAt([{ ...tripled, at: 0 }], [0, 1000])).toEqual([30, 30])
  })

  test('is multiplied by later ones, in the order of time, not of the list', async () => {
    const events = [
      { ...tripled, at: 7000, factor: 2 },
      { ...tripled, at: 3000, factor: 1.5 },
    ]
    expect(await admittedAt(events, [1000, 4000, 8000])).toEqual([10, 15, 30])
  })

  test('is in force for a gateway that uses the account', async () => {
    const { run, notebook } = lab(worldOf({ gateways: [proxy], events: [tripled] }))
    await run(
      crowdAt(5000, 'customer').map(({ at, call }) => ({
        at,
        call: { ...call, target: { ...target, endpoint: 'proxy' } },
      })),
    )
    expect([...notebook.decisions.values()].filter(({ verdict }) => verdict === 'admitted')).toHaveLength(30)
  })
})

describe('no trailing window of admitted requests exceeds its limit', () => {
  const models = ['qwen-long-2025-01-25', 'qwen3-max-2025-09-23', 'qwen3-max-2026-01-23'] as const
  const limitsOf = (model: string): readonly Limit[] => cnBeijing.models[model]!.limits
  const keysOf = { a: ['a1', 'a2', 'w1'], b: ['b1', 'b2', 'w2'] }
  const accountOf = (key: string) => (keysOf.a.includes(key) ? 'a' : 'b')

  const anyLimit: fc.Arbitrary<Limit> = fc.record({
    rule: fc.constantFrom('rps', 'rpm'),
    limit: fc.integer({ min: 1, max: 20 }),
    window: fc.integer({ min: 500, max: minute }),
  })
  const anyWorkspace = fc.dictionary(fc.constantFrom(...models), fc.array(anyLimit, { minLength: 1, maxLength: 2 }))

  const anyWorld = fc.record({
    workspace: anyWorkspace,
    failover: fc.nat(1),
    balance: fc.constantFrom('round-robin', 'least-busy'),
    hopDelay: fc.constantFrom(0, 15),
    events: fc.array(
      fc.record({
        at: fc.nat(4 * minute),
        account: fc.constantFrom('a', 'b'),
        model: fc.constantFrom(...models),
        factor: fc.constantFrom(1, 1.5, 3),
      }),
      { maxLength: 2 },
    ),
    switches: fc.record({
      rejectsCount: fc.boolean(),
      burstGuard: fc.boolean(),
      tokenCharge: anyTokenCharge,
      refund: fc.boolean(),
      networkDelay: fc.constantFrom(0, 40),
      networkSpread: fc.constantFrom(0, 0.5),
    }),
  })

  const anyTraffic = fc.array(
    fc.record({
      gap: fc.oneof(
        { weight: 6, arbitrary: fc.nat(3) },
        { weight: 4, arbitrary: fc.nat(500) },
        { weight: 1, arbitrary: fc.nat(30_000) },
      ),
      to: fc.constantFrom('proxy', ...keysOf.a, ...keysOf.b),
      model: fc.constantFrom(...models),
      prompt: fc.integer({ min: 1, max: 3000 }),
      output: fc.nat(2000),
      serverWait: fc.constantFrom(0, 10_000),
    }),
    { minLength: 1, maxLength: 150 },
  )

  interface Admitted extends Charge {
    readonly via: string
    readonly model: string
  }

  property.prop([anyWorld, anyTraffic], { numRuns: 150 })(
    'for each account, workspace and pool, and each model',
    async ({ workspace, failover, balance, hopDelay, events, switches }, traffic) => {
      const workspaceOf = (name: string, key: string): WorkspaceSpec => ({ name, keys: [key], limits: workspace })
      const maxTokens = 1500
      const world: World = {
        profile: 'cn-beijing',
        accounts: [
          { name: 'a', keys: keysOf.a, workspaces: [workspaceOf('w', 'w1')] },
          { name: 'b', keys: keysOf.b, workspaces: [workspaceOf('w', 'w2')] },
        ],
        gateways: [{ ...proxy, accounts: ['a', 'b'], balance, failover, hopDelay }],
        events,
        switches,
      }
      const when = instants(traffic.map(({ gap }) => gap))
      const { run, notebook } = lab(world, ({ id }) => traffic[id]!.output)
      await run(
        traffic.map(({ to, model, prompt, serverWait }, id) => {
          const place = to === 'proxy' ? { endpoint: 'proxy', key: 'customer' } : { endpoint: 'dashscope', key: to }
          return { at: when[id]!, call: call(id, { promptTokens: prompt, maxTokens, serverWait }, { ...place, model }) }
        }),
      )
      // A limit on tokens can bound only what is charged at admission.
      const upFront = { split: 0, admission: 1, reserve: 1, completion: 0 }[switches.tokenCharge]
      const admitted: Admitted[] = []
      for (const [id, { at, verdict }] of notebook.decisions) {
        const { to, model, prompt, output } = traffic[id]!
        // In the end a reservation counts as far as it is not given back.
        const isKept = switches.tokenCharge === 'reserve' && !switches.refund
        const answered = isKept ? maxTokens : Math.min(output, maxTokens)
        if (verdict === 'admitted')
          admitted.push({ at, via: to, model, requests: 1, tokens: upFront * (prompt + answered) })
      }
      expect(notebook.decisions.size).toBe(traffic.length)

      const raised = (account: string, model: string, at: Millis, limit: Limit) =>
        Math.max(
          1,
          Math.round(
            events
              .filter((event) => event.account === account && event.model === model && event.at <= at)
              .reduce((factor, event) => factor * event.factor, 1) * limit.limit,
          ),
        )
      for (const { at, model } of admitted) {
        const same = admitted.filter((each) => each.model === model)
        for (const limit of limitsOf(model)) {
          const most = { a: raised('a', model, at, limit), b: raised('b', model, at, limit) }
          const usedBy = (who: (via: string) => boolean) =>
            inWindow(
              same.filter(({ via }) => who(via)),
              limit,
              at,
            )
          for (const account of ['a', 'b'] as const)
            expect(usedBy((via) => via !== 'proxy' && accountOf(via) === account)).toBeLessThanOrEqual(most[account])
          expect(usedBy(() => true)).toBeLessThanOrEqual(most.a + most.b)
        }
        for (const key of ['w1', 'w2']) {
          const mine = same.filter(({ via }) => via === key)
          for (const limit of workspace[model] ?? [])
            if (unitOf(limit.rule) === 'requests') expect(inWindow(mine, limit, at)).toBeLessThanOrEqual(limit.limit)
        }
      }
    },
  )
})

describe('a saturated account gets at least 99.5 % of its capacity', () => {
  /** Sends Poisson arrivals at a multiple of the limit with random network delays, and returns the admitted share of the capacity. */
  async function share(world: World, model: string, perSecond: number, seconds: number, capacity: number) {
    const random = seeded(3)
    const { run, notebook } = lab(world, () => 20)
    const attempts: Attempt[] = []
    const signal = new AbortController().signal
    for (let now = 0, id = 0; ; id++) {
      now -= (1000 / perSecond) * Math.log(1 - random.next())
      if (now >= 1000 * seconds) break
      attempts.push({ at: Math.floor(now), call: call(id, { signal, promptTokens: 5 }, { model }) })
    }
    await run(attempts)
    const admitted = [...notebook.decisions.values()].filter(
      ({ at, verdict }) => verdict === 'admitted' && at < 1000 * seconds,
    )
    return admitted.length / capacity
  }

  const jittery: Partial<Switches> = { networkDelay: 40, networkSpread: 0.3 }

  test('RPS', async () => {
    const got = await share(worldOf({ switches: jittery }), 'qwen3-max', 400, 120, 1200)
    expect(got).toBeGreaterThan(0.995)
    expect(got).toBeLessThanOrEqual(1)
  })

  test('RPM', async () => {
    const world = worldOf({ profile: 'cn-beijing', switches: jittery })
    const got = await share(world, 'qwen-long-2025-01-25', 20, 40 * 60, 120)
    expect(got).toBeGreaterThan(0.995)
    expect(got).toBeLessThanOrEqual(1)
  })
})
