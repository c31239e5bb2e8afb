import { expect } from 'vitest'
import { virtualClock } from '../sim/time/virtual-clock.ts'
import type { Call, Reply } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'
import { seeded } from '../src/core/random.ts'
import type { Strategy } from '../src/core/strategy.ts'
import type { Laws } from './laws.ts'
import { failedReply, okReply, slidingWindow, throttleAlways } from './provider-script.ts'
import { exampleCall, type ScheduledCall, type StrategyRigOptions, strategyRig } from './strategy-rig.ts'

/** Returns calls that start alone, together, and while others wait. They are frozen, because a strategy must not change a call. */
function scheduledCalls(changes: Partial<Call> = {}): ScheduledCall[] {
  return [0, 0, 0, 0, 5, 5, 5, 300, 2000].map((at, id) => {
    const call = exampleCall(id, changes)
    return { at, call: Object.freeze({ ...call, target: Object.freeze({ ...call.target }) }) }
  })
}

const ids = [0, 1, 2, 3, 4, 5, 6, 7, 8]

async function traceOf(options: StrategyRigOptions) {
  const rig = strategyRig(options)
  const settled = await rig.run(scheduledCalls())
  return {
    attempts: rig.attempts.map(attemptFacts),
    settled: settled.map(({ at, reply }) => ({ at, kind: reply?.kind })),
  }
}

function attemptFacts({ at, call }: { readonly at: Millis; readonly call: Call }) {
  return { at, id: call.id, target: call.target }
}

/** The laws of every strategy. `strategyContract` explains each. `make` returns a new strategy with the same options each time. */
export const strategyLaws: Laws<() => Strategy> = {
  'has a name, which depends only on the options': (make) => {
    expect(make().name).toMatch(/\S/)
    expect(make().name).toBe(make().name)
  },

  'each call gets one reply that the provider gave to that call': async (make) => {
    const given = new Map<Reply, number>()
    const limited = slidingWindow(3, 1000)
    const rig = strategyRig({
      strategy: make(),
      serviceTime: 30,
      script: (call, n, now) => {
        const reply = limited(call, n, now)
        given.set(reply, call.id)
        return reply
      },
    })
    const settled = await rig.run(scheduledCalls())
    expect(settled.map(({ reply }) => given.get(reply!))).toEqual(ids)
  },

  'an ok reply is passed on unchanged, after one attempt with the unchanged call': async (make) => {
    const given: Reply[] = []
    const rig = strategyRig({ strategy: make(), serviceTime: 30, script: (call) => (given[call.id] = okReply()) })
    const calls = scheduledCalls()
    const settled = await rig.run(calls)
    settled.forEach(({ reply }, id) => {
      expect(reply, `the reply to call ${id}`).toBe(given[id])
    })
    expect(rig.ids().toSorted(), 'the calls of the attempts').toEqual(ids)
    for (const { call } of rig.attempts) {
      const { target: _sent, serverWait: _asked, signal: _own, ...sent } = call
      const { target: _given, signal: _callers, ...given } = calls[call.id]!.call
      expect(sent).toEqual(given)
      expect(sent.payload).toBe(given.payload)
    }
  },

  'a failed reply that is not retryable is passed on and not retried': async (make) => {
    const given: Reply[] = []
    const rig = strategyRig({ strategy: make(), script: (call) => (given[call.id] = failedReply(400, false)) })
    const settled = await rig.run(scheduledCalls())
    settled.forEach(({ reply }, id) => {
      expect(reply, `the reply to call ${id}`).toBe(given[id])
    })
    expect(rig.ids().toSorted(), 'the calls of the attempts').toEqual(ids)
  },

  'a transport fault is passed on and does not block other calls': async (make) => {
    const fault = new Error('socket hang up')
    const rig = strategyRig({
      strategy: make(),
      serviceTime: 30,
      script: (call) => {
        if (call.id % 2 === 0) throw fault
        return okReply()
      },
    })
    const settled = await rig.run(scheduledCalls())
    settled.forEach(({ error, reply }, id) => {
      if (id % 2 === 0) expect(error, `the error of call ${id}`).toBe(fault)
      else expect(reply?.kind, `the reply to call ${id}`).toBe('ok')
    })
  },

  'an abort at any instant rejects the call at once with the reason, and no attempt follows': async (make) => {
    const abortedId = 4
    // A strategy may retry for as long as the deadline allows.
    const deadline = 200_000
    // A run without an abort gives the instants at which the call is sent, and those in the middle of its waits.
    const undisturbed = strategyRig({ strategy: make(), serviceTime: 20, script: throttleAlways })
    const end = (await undisturbed.run(scheduledCalls({ deadline })))[abortedId]!.at
    const sent = undisturbed.attempts.filter(({ call }) => call.id === abortedId).map(({ at }) => at)
    const waits = [...sent, end].map((at, i) => Math.floor((at + (sent[i - 1] ?? 5)) / 2))
    const instants = new Set([...sent, ...sent.map((at) => at + 1), ...waits].filter((at) => at > 5 && at < end))
    expect(instants.size).toBeGreaterThan(0)

    for (const at of instants) {
      for (const isFirst of [true, false]) {
        const abort = new AbortController()
        const reason = new Error(`aborted at ${at}`)
        const rig = strategyRig({ strategy: make(), serviceTime: 20, script: throttleAlways })
        const attempts = () => rig.attempts.filter(({ call }) => call.id === abortedId).length
        let attemptsAtAbort = 0
        const abortNow = () => {
          attemptsAtAbort = attempts()
          abort.abort(reason)
        }
        const calls = scheduledCalls({ deadline }).map((each) =>
          each.call.id === abortedId
            ? { ...each, call: exampleCall(abortedId, { signal: abort.signal, deadline }) }
            : each,
        )
        // The abort happens before everything else that is due at that instant, or after it.
        if (isFirst) rig.at(at, abortNow)
        else rig.at(at - 1, () => rig.at(at, abortNow))
        const settled = await rig.run(calls)
        expect(settled[abortedId], `the call that is aborted at ${at}`).toEqual({ at, error: reason })
        expect(attempts(), `the attempts at the call that is aborted at ${at}`).toBe(attemptsAtAbort)
        expect(settled.filter(({ reply }) => reply)).toHaveLength(8)
      }
    }
  },

  'a call that is aborted before it starts is not retried': async (make) => {
    const reason = new Error('too late')
    // With a service time the provider rejects with the reason. Without one it replies at once, and only the strategy sees the signal.
    for (const serviceTime of [20, 0]) {
      const rig = strategyRig({ strategy: make(), serviceTime, script: throttleAlways })
      const [settled] = await rig.run([{ at: 0, call: exampleCall(0, { signal: AbortSignal.abort(reason) }) }])
      if (serviceTime > 0 || settled!.error) expect(settled!.error).toBe(reason)
      expect(rig.attempts.length, 'the number of attempts').toBeLessThanOrEqual(1)
    }
  },

  'nothing is sent at or after the deadline, and the call still gets a reply': (make) => keepsDeadlines(make, 0),
  'nothing is sent at or after the deadline when timers are late': (make) => keepsDeadlines(make, 5),

  'the same seed gives the same attempts and settlements': async (make) => {
    const trace = () =>
      traceOf({ strategy: make(), serviceTime: 30, script: slidingWindow(3, 1000), random: seeded(7) })
    expect(await trace()).toEqual(await trace())
  },

  'runs of one strategy object do not affect each other': async (make) => {
    const strategy = make()
    const options = () => ({ strategy, serviceTime: 30, script: slidingWindow(3, 1000), random: seeded(7) })
    const alone = await traceOf(options())
    expect(await traceOf(options())).toEqual(alone)

    const clock = virtualClock()
    const rigs = [0, 1].map(() => strategyRig({ ...options(), clock }))
    await clock.run(Promise.all(rigs.map((rig) => rig.start(scheduledCalls()))))
    for (const rig of rigs) expect(rig.attempts.map(attemptFacts)).toEqual(alone.attempts)
  },
}

async function keepsDeadlines(make: () => Strategy, lateness: Millis): Promise<void> {
  for (const deadline of [1, 19, 20, 21, 100, 500, 1000, 1020, 1021, 2500, 7000, 20_000]) {
    const rig = strategyRig({ strategy: make(), serviceTime: 20, lateness, script: throttleAlways })
    const settled = await rig.run(scheduledCalls({ deadline }).filter(({ at }) => at < deadline))
    for (const at of rig.instants()) expect(at, 'the instant of an attempt').toBeLessThan(deadline)
    for (const { reply } of settled) expect(reply?.kind).toMatch(/throttled|failed/)
  }
}
