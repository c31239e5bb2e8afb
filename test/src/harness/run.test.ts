import { fc, test } from '@fast-check/vitest'
import { describe, expect, vi } from 'vitest'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import { type Call, deadlineCode, type Reply, type Send } from '../../../src/core/call.ts'
import type { Millis } from '../../../src/core/clock.ts'
import { seeded } from '../../../src/core/random.ts'
import { type Env, type Strategy, stack } from '../../../src/core/strategy.ts'
import { type Outlet, run } from '../../../src/harness/run.ts'
import { type Outcome, outcomes, Trace } from '../../../src/harness/trace.ts'
import type { ClosedLoop, TenantColumn } from '../../../src/scenario/workload.ts'

const target = { endpoint: 'dashscope', key: 'sk-1', model: 'qwen3-max' }
const ok: Reply = { kind: 'ok', usage: { promptTokens: 1, outputTokens: 1 }, model: 'qwen3-max', body: undefined }
const throttled: Reply = { kind: 'throttled', cause: 'requests', body: undefined }
const failed: Reply = { kind: 'failed', status: 500, retryable: true, body: undefined }
const strategy = (wrap: (next: Send, env: Env) => Send): Strategy => ({ name: 'made by hand', wrap })

interface Options {
  readonly arrivals: readonly Millis[]
  /** The process of each call. Default: one process makes all calls. */
  readonly processes?: readonly number[]
  readonly strategy?: Strategy
  readonly patience?: Millis
  readonly horizon?: Millis
  readonly origin?: Millis
  readonly loop?: ClosedLoop
  readonly tenants?: TenantColumn
  /** The provider's reply, and its service time in milliseconds. Default: ok after 10 ms. */
  reply?(call: Call, nth: number): Reply
  serviceTime?(call: Call): Millis
}

function processesOf(of: readonly number[]) {
  return { of: Uint16Array.from(of), starts: new Array<Millis>(Math.max(...of) + 1).fill(0) }
}

function play(options: Options) {
  const { arrivals, patience = Infinity, horizon = 1_000_000, origin = 0 } = options
  const { strategy = stack(), reply = () => ok, serviceTime = () => 10 } = options
  const arrival = Float64Array.from(arrivals)
  const clock = virtualClock(origin)
  const trace = new Trace(arrivals.length)
  const sent: { readonly id: number; readonly at: Millis; readonly nth: number; readonly call: Call }[] = []
  const outlet: Outlet = async (call, attempt, nth) => {
    sent.push({ id: call.id, at: clock.now() - origin, nth, call })
    await clock.sleep(serviceTime(call), call.signal)
    const given = reply(call, nth)
    if (given.kind === 'ok') trace.answered(attempt)
    return given
  }
  const under = run({
    clock,
    random: seeded(1),
    strategy,
    outlet,
    trace,
    workload: {
      arrival,
      promptTokens: Uint32Array.from(arrivals, (_, call) => 100 + call),
      outputTokens: new Uint32Array(arrivals.length),
      ...(options.loop && { loop: options.loop }),
      ...(options.tenants && { tenants: options.tenants }),
      ...(options.processes && { processes: processesOf(options.processes) }),
    },
    target,
    maxTokens: 64,
    patience,
    horizon,
  })
  const finished = clock.run(under.finished, under.waiting)
  const settlements = () => arrivals.map((_, call) => [trace.outcomeOf(call), trace.settled[call]] as const)
  return { clock, trace, arrival, sent, under, finished, settlements }
}

describe('the workload', () => {
  test('is offered at the intended arrivals, whether or not there are replies', async () => {
    const { sent, finished, settlements } = play({ arrivals: [0, 0, 5, 100], serviceTime: () => 500 })
    await finished
    expect(sent.map(({ id, at }) => [id, at])).toEqual([
      [0, 0],
      [1, 0],
      [2, 5],
      [3, 100],
    ])
    expect(settlements()).toEqual([
      ['ok', 500],
      ['ok', 500],
      ['ok', 505],
      ['ok', 600],
    ])
  })

  test('reaches the strategy as calls with target, lengths and deadline', async () => {
    const { sent, finished } = play({ arrivals: [0, 70], patience: 900, origin: 1_000_000 })
    await finished
    expect(sent[1]!.call).toMatchObject({ id: 1, target, promptTokens: 101, maxTokens: 64, deadline: 1_000_970 })
    expect(sent.map(({ nth }) => nth)).toEqual([0, 0])
  })

  test('without calls ends the run at once', async () => {
    const { finished, clock } = play({ arrivals: [] })
    await finished
    expect(clock.now()).toBe(0)
  })
})

describe('a closed loop', () => {
  const loop = (workers: number, ...think: Millis[]) => ({ workers, think: Float64Array.from(think) })

  test('a worker takes the next call when its own is settled and it has thought, and that is the call’s arrival', async () => {
    const { arrival, sent, finished, settlements } = play({
      arrivals: [0, 0, 0, 0, 0],
      loop: loop(2, 5, 0, 100, 0, 0),
      serviceTime: ({ id }) => 10 + 20 * id,
    })
    await finished
    expect([...arrival]).toEqual([0, 0, 15, 30, 100])
    expect(sent.map(({ id, at }) => [id, at])).toEqual([...arrival].map((at, id) => [id, at]))
    expect(settlements().map(([, settled]) => settled)).toEqual([10, 30, 65, 100, 190])
  })

  test('patience counts from the arrival, and the worker of a call that expired goes on', async () => {
    const { arrival, finished, settlements, sent } = play({
      arrivals: [0, 0, 0],
      loop: loop(1, 7, 0, 0),
      patience: 50,
      serviceTime: ({ id }) => (id === 1 ? 500 : 20),
      origin: 1000,
    })
    await finished
    expect([...arrival]).toEqual([0, 27, 77])
    expect(settlements()).toEqual([
      ['ok', 20],
      ['expired', 77],
      ['ok', 97],
    ])
    expect(sent.map(({ call }) => call.deadline)).toEqual([1050, 1077, 1127])
  })

  test('patience also ends a call that its worker takes long after the one before it', async () => {
    const { arrival, finished, settlements } = play({
      arrivals: [0, 0],
      loop: loop(1, 200, 0),
      patience: 50,
      serviceTime: ({ id }) => (id === 1 ? 500 : 20),
    })
    await finished
    expect([...arrival]).toEqual([0, 220])
    expect(settlements()[1]).toEqual(['expired', 270])
  })

  test('at the horizon no call is taken any more, and those that nobody took are dropped', async () => {
    const { finished, settlements } = play({
      arrivals: [0, 0, 0],
      loop: loop(1, 0, 0, 0),
      horizon: 30,
      serviceTime: () => 20,
    })
    await finished
    expect(settlements()).toEqual([
      ['ok', 20],
      ['unfinished', 30],
      ['dropped', Number.NaN],
    ])
  })

  const call = fc.record({ service: fc.nat(50), think: fc.nat(50) })
  test.prop([fc.array(call, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 5 })])(
    'arrivals are those of a list whose items go to the worker who is free first',
    async (calls, workers) => {
      const { arrival, finished } = play({
        arrivals: calls.map(() => 0),
        loop: loop(workers, ...calls.map(({ think }) => think)),
        serviceTime: ({ id }) => calls[id]!.service,
      })
      await finished
      const free = new Array<number>(workers).fill(0)
      const expected = calls.map(({ service, think }) => {
        const first = free.indexOf(Math.min(...free))
        const at = free[first]!
        free[first] = at + service + think
        return at
      })
      expect([...arrival]).toEqual(expected)
    },
  )
})

test('a call carries the name and the priority of its tenant', async () => {
  const list = [
    { name: 'web', share: 1, priority: 2 },
    { name: 'batch', share: 1 },
  ]
  const { sent, finished } = play({ arrivals: [0, 0, 1], tenants: { list, of: Uint16Array.of(1, 0, 1) } })
  await finished
  expect(sent.map(({ call: { tenant, priority } }) => [tenant, priority])).toEqual([
    ['batch', undefined],
    ['web', 2],
    ['batch', undefined],
  ])
})

describe('outcomes', () => {
  test('are the kinds of reply that the strategy returns', async () => {
    const replies = [ok, throttled, failed, { ...ok, model: 'qwen-turbo' }]
    const { trace, finished, settlements } = play({ arrivals: [0, 0, 0, 0], reply: ({ id }) => replies[id]! })
    await finished
    expect(settlements().map(([outcome]) => outcome)).toEqual(['ok', 'throttled', 'failed', 'ok'])
    expect([0, 1, 2, 3].map((call) => trace.answeredByOtherModel(call))).toEqual([false, false, false, true])
  })

  test('attempts are counted within their call', async () => {
    const twice = strategy((next) => async (call) => {
      await next(call)
      return next(call)
    })
    const { sent, trace, finished } = play({ arrivals: [0, 3], strategy: twice })
    await finished
    expect(sent.map(({ id, nth }) => [id, nth])).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ])
    expect([trace.attempts, ...trace.attemptsOf]).toEqual([4, 2, 2])
  })

  test('latency counts from the intended arrival, even when the call waits in the strategy', async () => {
    let lastReply: Promise<unknown> = Promise.resolve()
    const oneByOne = strategy((next) => (call) => {
      const reply = lastReply.then(() => next(call))
      lastReply = reply
      return reply
    })
    const { trace, finished, settlements } = play({ arrivals: [0, 1, 2], strategy: oneByOne, serviceTime: () => 100 })
    await finished
    expect(settlements().map(([, settled]) => settled)).toEqual([100, 200, 300])
    expect(trace.sentAt(2)).toBe(200)
  })
})

describe('patience', () => {
  test('ends each call at its own deadline, and aborts the strategy’s wait', async () => {
    const reasons: unknown[] = []
    const waiting = strategy((next, { clock }) => async (call) => {
      await next(call)
      await clock.sleep(10_000, call.signal).catch((reason) => {
        reasons.push([call.id, clock.now(), reason])
        throw reason
      })
      return ok
    })
    const { finished, settlements } = play({ arrivals: [0, 30], strategy: waiting, patience: 50 })
    await finished
    expect(settlements()).toEqual([
      ['expired', 50],
      ['expired', 80],
    ])
    expect(reasons).toEqual([
      [0, 50, 'expired'],
      [1, 80, 'expired'],
    ])
  })

  test('a strategy that declines to send after the deadline leaves its call expired', async () => {
    const reply: Reply = { kind: 'failed', status: 0, code: deadlineCode, retryable: false, body: undefined }
    const { finished, settlements } = play({ arrivals: [0], patience: 500, reply: () => reply })
    await finished
    expect(settlements()).toEqual([['expired', 10]])
  })

  test('aborts the call’s signal with the reason `expired`', async () => {
    const { sent, finished } = play({ arrivals: [0], patience: 5 })
    await finished
    expect(sent[0]!.call.signal).toMatchObject({ aborted: true, reason: 'expired' })
  })

  test('aborts an attempt in flight', async () => {
    const aborted = vi.fn()
    const watching = strategy((next) => (call) => {
      call.signal.addEventListener('abort', aborted)
      return next(call)
    })
    const { finished, settlements } = play({
      arrivals: [0, 0],
      strategy: watching,
      patience: 50,
      serviceTime: ({ id }) => 20 + 60 * id,
    })
    await finished
    expect(settlements()).toEqual([
      ['ok', 20],
      ['expired', 50],
    ])
    expect(aborted).toHaveBeenCalledTimes(1)
  })

  test('when infinite, ends at the horizon', async () => {
    const { finished, settlements } = play({
      arrivals: [0, 5],
      patience: Infinity,
      horizon: 900,
      serviceTime: ({ id }) => 500 + 1000 * id,
    })
    await finished
    expect(settlements()).toEqual([
      ['ok', 500],
      ['unfinished', 900],
    ])
  })

  test('a reply after the call’s deadline changes nothing', async () => {
    const ignoringAbort = strategy((_next, { clock }) => async () => {
      await clock.sleep(70)
      return ok
    })
    const { trace, finished, settlements } = play({ arrivals: [0, 40], strategy: ignoringAbort, patience: 50 })
    await finished
    expect(settlements()).toEqual([
      ['expired', 50],
      ['expired', 90],
    ])
    expect(trace.attempts).toBe(0)
  })
})

describe('the horizon', () => {
  test('ends pending calls, and drops calls that have not arrived', async () => {
    const { clock, sent, trace, finished, settlements } = play({
      arrivals: [0, 50, 99, 100, 400],
      horizon: 100,
      serviceTime: () => 80,
    })
    await finished
    expect(settlements()).toEqual([
      ['ok', 80],
      ['unfinished', 100],
      ['unfinished', 100],
      ['dropped', Number.NaN],
      ['dropped', Number.NaN],
    ])
    expect(sent.map(({ id }) => id)).toEqual([0, 1, 2])
    expect(trace.attemptsOf[3]).toBe(0)
    expect(clock.now()).toBe(100)
  })

  test('a deadline at the same instant makes the call expired', async () => {
    const { finished, settlements } = play({
      arrivals: [0, 0, 40],
      patience: 100,
      horizon: 100,
      serviceTime: () => 500,
    })
    await finished
    expect(settlements()).toEqual([
      ['expired', 100],
      ['expired', 100],
      ['unfinished', 100],
    ])
    const later = play({ arrivals: [0, 40], patience: 60, horizon: 100, serviceTime: () => 500 })
    await later.finished
    expect(later.settlements()).toEqual([
      ['expired', 60],
      ['expired', 100],
    ])
  })

  test('is not waited for when all calls are settled', async () => {
    const { clock, finished } = play({ arrivals: [0, 7], horizon: 1_000_000 })
    await finished
    expect(clock.now()).toBe(17)
  })

  test('ends the run of a strategy that never settles a call', async () => {
    const silent = strategy(() => () => new Promise(() => {}))
    const { under, finished, settlements } = play({ arrivals: [0, 10], strategy: silent, horizon: 300 })
    expect(under.waiting()).toBe(1)
    await finished
    expect(settlements()).toEqual([
      ['unfinished', 300],
      ['unfinished', 300],
    ])
    expect(under.waiting()).toBe(0)
  })
})

describe('a strategy that fails', () => {
  const broken = new Error('a fault in the strategy')

  test.each([
    ['rejects', strategy(() => () => Promise.reject(broken))],
    [
      'throws',
      strategy(() => () => {
        throw broken
      }),
    ],
    [
      'rejects later',
      strategy((_next, { clock }) => async ({ signal }) => {
        await clock.sleep(5, signal)
        throw broken
      }),
    ],
  ])('fails the run when it %s', async (_how, strategy) => {
    await expect(play({ arrivals: [0, 10], strategy }).finished).rejects.toBe(broken)
  })

  test('fails the run when it does not catch an exception of the transport', async () => {
    const reply = () => {
      throw broken
    }
    await expect(play({ arrivals: [0], reply }).finished).rejects.toBe(broken)
  })

  test('sends nothing after that', async () => {
    const fragile = strategy((next) => (call) => (call.id === 1 ? Promise.reject(broken) : next(call)))
    const { clock, sent, finished } = play({ arrivals: [0, 5, 10, 15], strategy: fragile, serviceTime: () => 1000 })
    await expect(finished).rejects.toBe(broken)
    const late = vi.fn()
    sent[0]!.call.signal.addEventListener('abort', late)
    expect(sent[0]!.call.signal.aborted).toBe(true)
    await clock.run(clock.sleep(10_000))
    expect(sent.map(({ id }) => id)).toEqual([0])
  })

  test('does not fail the run by rejecting with the reason of the abort', async () => {
    const { finished, settlements } = play({ arrivals: [0], patience: 5 })
    await finished
    expect(settlements()).toEqual([['expired', 5]])
  })

  test('fails the run when the clock does not accept its wait', async () => {
    const fractional = strategy((next, { clock }) => async (call) => {
      await clock.sleep(0.5, call.signal)
      return next(call)
    })
    await expect(play({ arrivals: [0], strategy: fractional }).finished).rejects.toThrow(/whole number/)
  })
})

describe('a reply that is ok counts only when the provider gave it to the same call', () => {
  const twoCalls = { arrivals: [0, 50] }

  test.each<[what: string, wrap: (next: Send, env: Env) => Send, expected: RegExp]>([
    ['without an attempt', () => async () => ok, /call 0 has an ok reply and sent no attempt at it/],
    ['frozen', () => async () => Object.freeze({ ...ok }), /call 0 .* sent no attempt/],
    [
      'in place of a denial',
      (next) => async (call) => {
        const reply = await next(call)
        return reply.kind === 'ok' ? reply : ok
      },
      /call 1 has an ok reply and none of its 1 attempts has got one/,
    ],
    [
      'that another call got',
      (next) => {
        let first: Promise<Reply> | undefined
        return (call) => {
          first ??= next(call)
          return first
        }
      },
      /call 1 .* sent no attempt/,
    ],
    [
      'before the attempt has one',
      (next) => async (call) => {
        next(call).catch(() => {})
        return ok
      },
      /none of its 1 attempts/,
    ],
    [
      'without a model',
      (next) => async (call) => {
        await next(call)
        return { kind: 'ok' } as Reply
      },
      /`model` of an ok reply .*, got undefined/,
    ],
  ])('%s', async (_what, wrap, expected) => {
    const reply = ({ id }: Call) => (id === 0 ? ok : throttled)
    await expect(play({ ...twoCalls, strategy: strategy(wrap), reply }).finished).rejects.toThrow(expected)
  })

  test.each<[what: string, wrap: (next: Send, env: Env) => Send]>([
    ['a copy of it', (next) => async (call) => ({ ...(await next(call)) })],
    [
      'that of an earlier attempt of the call',
      (next) => async (call) => {
        const first = await next(call)
        await next(call)
        return first
      },
    ],
    [
      'that of the faster of two attempts',
      (next, { clock }) =>
        (call) =>
          Promise.race([clock.sleep(3, call.signal).then(() => next(call)), next(call)]),
    ],
  ])('%s is fine', async (_what, wrap) => {
    const { finished, settlements } = play({ ...twoCalls, strategy: strategy(wrap) })
    await finished
    expect(settlements().map(([outcome]) => outcome)).toEqual(['ok', 'ok'])
  })

  test('an attempt is one at a call that has arrived', async () => {
    for (const id of [1, 2, -1, 0.5, Number.NaN, 'x' as unknown as number]) {
      const foreign = strategy((next) => (call) => next({ ...call, id }))
      await expect(play({ ...twoCalls, strategy: foreign }).finished).rejects.toThrow(
        /to send a call that has arrived, got/,
      )
    }
  })
})

describe('what a strategy returns may be hostile', () => {
  const thrown = new Error('thrown by a trap')
  const hostile = (trap: keyof ProxyHandler<object>) =>
    new Proxy(
      {},
      {
        [trap]: () => {
          throw thrown
        },
      },
    )
  const getter = (name: string, others: object = {}) =>
    Object.defineProperty({ ...others }, name, {
      get() {
        throw thrown
      },
    })

  test.each<[what: string, answer: () => unknown]>([
    ['a `kind` that throws', async () => getter('kind')],
    ['a `code` that throws', async () => getter('code', { kind: 'failed' })],
    ['a `then` that throws', () => getter('then')],
    ['a proxy whose traps throw', () => hostile('get')],
    ['a promise of a proxy whose traps throw', () => Promise.resolve().then(() => hostile('get'))],
    ['a promise of what throws when it is read', () => Promise.resolve().then(() => getter('kind'))],
    ['a rejection with what throws when it is read', () => Promise.reject(thrown)],
  ])('%s fails the run', async (_what, answer) => {
    const { finished } = play({ arrivals: [0, 5], strategy: strategy(() => answer as Send) })
    await expect(finished).rejects.toBe(thrown)
  })

  test('a promise of its own kind that calls back twice settles its call once', async () => {
    const then = (take: (reply: Reply) => void) => [take(failed), take(throttled)]
    const twice = Object.fromEntries([['then', then]])
    const { finished, settlements, under } = play({
      arrivals: [0, 5],
      strategy: strategy(() => () => twice as unknown as Promise<Reply>),
    })
    await finished
    expect(settlements().map(([outcome]) => outcome)).toEqual(['failed', 'failed'])
    expect(under.unanswered()).toBe(0)
  })
})

describe('every call has exactly one outcome', () => {
  const instance = fc.record({
    arrivals: fc.array(fc.nat(200), { minLength: 1, maxLength: 30 }).map((at) => at.sort((a, b) => a - b)),
    patience: fc.constantFrom(1, 20, 100, Infinity),
    horizon: fc.integer({ min: 1, max: 300 }),
    tries: fc.integer({ min: 1, max: 3 }),
    seed: fc.integer(),
  })

  test.prop([instance], { numRuns: 150 })(
    'for any arrivals, patience, horizon and replies',
    async ({ arrivals, patience, horizon, tries, seed }) => {
      const random = seeded(seed)
      const retry = strategy((next, { clock }) => async (call) => {
        for (let attempt = 1; ; attempt++) {
          const reply = await next(call)
          if (reply.kind === 'ok' || attempt === tries) return reply
          await clock.sleep(15, call.signal)
        }
      })
      const { trace, under, finished } = play({
        arrivals,
        patience,
        horizon,
        strategy: retry,
        reply: ({ id }, nth) => [ok, throttled, failed][Math.floor(3 * random.at(id, nth))]!,
        serviceTime: ({ id }) => Math.floor(60 * random.at(id, 9)),
      })
      const settle = vi.spyOn(trace, 'settle')
      await finished
      expect(under.waiting()).toBe(0)
      const times = new Map<number, number>()
      for (const [call] of settle.mock.calls) times.set(call, (times.get(call) ?? 0) + 1)
      arrivals.forEach((arrival, call) => {
        const outcome: Outcome = trace.outcomeOf(call)
        expect(outcomes).toContain(outcome)
        expect(times.get(call) ?? 0).toBe(outcome === 'dropped' ? 0 : 1)
        expect(outcome === 'dropped').toBe(arrival >= horizon)
        expect(trace.attemptsOf[call] === 0).toBe(outcome === 'dropped')
        if (outcome === 'dropped') return
        const settled = trace.settled[call]!
        expect(settled).toBeGreaterThanOrEqual(arrival)
        expect(settled).toBeLessThanOrEqual(Math.min(arrival + patience, horizon))
        if (outcome === 'expired') expect(settled).toBe(arrival + patience)
        if (outcome !== 'unfinished') return
        expect(settled).toBe(horizon)
        expect(arrival + patience).toBeGreaterThan(horizon)
      })
      for (let attempt = 0; attempt < trace.attempts; attempt++)
        expect(trace.sentAt(attempt)).toBeLessThanOrEqual(arrivals[trace.callOf(attempt)]! + patience)
    },
  )
})

describe('several processes', () => {
  const everyCall = [0, 10, 20, 30, 40]

  test('each send their own calls through an instance of their own, which draws by itself and begins with the first call', async () => {
    const instances: { at: Millis; draw: number; calls: number[] }[] = []
    const counting = strategy((next, { clock, random }) => {
      const own = { at: clock.now(), draw: random.next(), calls: [] as number[] }
      instances.push(own)
      return (call) => {
        own.calls.push(call.id)
        return next(call)
      }
    })
    const { finished, sent } = play({ arrivals: everyCall, processes: [0, 2, 0, 1, 2], strategy: counting })
    await finished
    expect(instances.map(({ at, calls }) => [at, calls])).toEqual([
      [0, [0, 2]],
      [10, [1, 4]],
      [30, [3]],
    ])
    expect(new Set(instances.map(({ draw }) => draw)).size).toBe(3)
    expect(sent.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4])
  })

  test('fail the run when a later instance is no function', async () => {
    let wraps = 0
    const once = strategy((next) => (wraps++ === 0 ? next : (undefined as unknown as Send)))
    await expect(play({ arrivals: everyCall, processes: [0, 0, 1, 0, 0], strategy: once }).finished).rejects.toThrow(
      'Expected `wrap` to return a function, got undefined',
    )
  })
})
