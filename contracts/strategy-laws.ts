import { expect } from 'vitest'
import { virtualClock } from '../sim/time/virtual-clock.ts'
import type { Call, Reply } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'
import { seeded } from '../src/core/random.ts'
import type { Strategy } from '../src/core/strategy.ts'
import type { Laws } from './laws.ts'
import { failedReply, okReply, slidingWindow, throttleAlways } from './provider-script.ts'
import { exampleCall, type ScheduledCall, type StrategyRigOptions, strategyRig } from './strategy-rig.ts'

/** Calls that start alone, together, and while others wait. They are frozen: a strategy sends a changed copy. */
function scheduledCalls(changes: Partial<Call> = {}): ScheduledCall[] {
  return [0, 0, 0, 0, 5, 5, 5, 300, 2000].map((at, id) => {
    const call = exampleCall(id, changes)
    return { at, call: Object.freeze({ ...call, target: Object.freeze({ ...call.target }) }) }
  })
}

const ids = [0, 1, 2, 3, 4, 5, 6, 7, 8]

async function traceOf(options: StrategyRigOptions) {
  const lab = strategyRig(options)
  const settled = await lab.run(scheduledCalls())
  return { attempts: lab.attempts.map(traced), settled: settled.map(({ at, reply }) => ({ at, kind: reply?.kind })) }
}

function traced({ at, call }: { readonly at: Millis; readonly call: Call }) {
  return { at, id: call.id, target: call.target }
}

/** The laws of every strategy; `strategyContract` says what each demands. `make` returns a new strategy with the same options each time. */
export const strategyLaws: Laws<() => Strategy> = {
  'is named': (make) => {
    expect(make().name).toMatch(/\S/)
    expect(make().name).toBe(make().name)
  },

  'N calls give N replies, each one that the provider gave to that call': async (make) => {
    const given = new Map<Reply, number>()
    const limited = slidingWindow(3, 1000)
    const lab = strategyRig({
      strategy: make(),
      serviceTime: 30,
      script: (call, n, now) => {
        const reply = limited(call, n, now)
        given.set(reply, call.id)
        return reply
      },
    })
    const settled = await lab.run(scheduledCalls())
    expect(settled.map(({ reply }) => given.get(reply!))).toEqual(ids)
  },

  'an ok reply passes untouched, after one attempt that carried the call as it was': async (make) => {
    const given: Reply[] = []
    const lab = strategyRig({ strategy: make(), serviceTime: 30, script: (call) => (given[call.id] = okReply()) })
    const calls = scheduledCalls()
    const settled = await lab.run(calls)
    settled.forEach(({ reply }, id) => {
      expect(reply, `the reply to call ${id}`).toBe(given[id])
    })
    expect(lab.ids().toSorted(), 'the calls of the attempts').toEqual(ids)
    for (const { call } of lab.attempts) {
      const { target: _sent, ...sent } = call
      const { target: _given, ...given } = calls[call.id]!.call
      expect(sent).toEqual(given)
      expect(sent.signal).toBe(given.signal)
      expect(sent.payload).toBe(given.payload)
    }
  },

  'a failed reply that is not retryable is handed on, never retried': async (make) => {
    const given: Reply[] = []
    const lab = strategyRig({ strategy: make(), script: (call) => (given[call.id] = failedReply(400, false)) })
    const settled = await lab.run(scheduledCalls())
    settled.forEach(({ reply }, id) => {
      expect(reply, `the reply to call ${id}`).toBe(given[id])
    })
    expect(lab.ids().toSorted(), 'the calls of the attempts').toEqual(ids)
  },

  'a transport fault passes through and blocks nobody': async (make) => {
    const fault = new Error('socket hang up')
    const lab = strategyRig({
      strategy: make(),
      serviceTime: 30,
      script: (call) => {
        if (call.id % 2 === 0) throw fault
        return okReply()
      },
    })
    const settled = await lab.run(scheduledCalls())
    settled.forEach(({ error, reply }, id) => {
      if (id % 2 === 0) expect(error, `the error of call ${id}`).toBe(fault)
      else expect(reply?.kind, `the reply to call ${id}`).toBe('ok')
    })
  },

  'an abort at any instant rejects at once with the reason, and no later attempt happens': async (make) => {
    const victim = 4
    const dry = strategyRig({ strategy: make(), serviceTime: 20, script: throttleAlways })
    const ended = (await dry.run(scheduledCalls()))[victim]!.at
    const sent = dry.attempts.filter(({ call }) => call.id === victim).map(({ at }) => at)
    const waits = sent.map((at, i) => Math.floor((at + (sent[i - 1] ?? 5)) / 2))
    const instants = new Set([...sent, ...sent.map((at) => at + 1), ...waits].filter((at) => at > 5 && at < ended))
    expect(instants.size).toBeGreaterThan(0)

    for (const at of instants) {
      for (const isFirst of [true, false]) {
        const abort = new AbortController()
        const reason = new Error(`aborted at ${at}`)
        const lab = strategyRig({ strategy: make(), serviceTime: 20, script: throttleAlways })
        const attempts = () => lab.attempts.filter(({ call }) => call.id === victim).length
        let before = 0
        const abortThen = () => {
          before = attempts()
          abort.abort(reason)
        }
        const calls = scheduledCalls().map((each) =>
          each.call.id === victim ? { ...each, call: exampleCall(victim, { signal: abort.signal }) } : each,
        )
        // Before whatever else is due at that instant, or after it.
        if (isFirst) lab.at(at, abortThen)
        else lab.at(at - 1, () => lab.at(at, abortThen))
        const settled = await lab.run(calls)
        expect(settled[victim], `the call that is aborted at ${at}`).toEqual({ at, error: reason })
        expect(attempts(), `the attempts at the call that is aborted at ${at}`).toBe(before)
        expect(settled.filter(({ reply }) => reply)).toHaveLength(8)
      }
    }
  },

  'a call that is aborted before it starts is not retried': async (make) => {
    const reason = new Error('too late')
    // A provider that takes its time looks at the signal; one that replies at once leaves that to the strategy.
    for (const serviceTime of [20, 0]) {
      const lab = strategyRig({ strategy: make(), serviceTime, script: throttleAlways })
      const [settled] = await lab.run([{ at: 0, call: exampleCall(0, { signal: AbortSignal.abort(reason) }) }])
      if (serviceTime > 0 || settled!.error) expect(settled!.error).toBe(reason)
      expect(lab.attempts.length, 'the number of attempts').toBeLessThanOrEqual(1)
    }
  },

  'nothing is sent at or after the deadline, and the call still gets a reply': (make) => keepsDeadlines(make, 0),
  'nothing is sent at or after the deadline when timers ring late': (make) => keepsDeadlines(make, 5),

  'the same seed gives the same attempts and settlements': async (make) => {
    const trace = () =>
      traceOf({ strategy: make(), serviceTime: 30, script: slidingWindow(3, 1000), random: seeded(7) })
    expect(await trace()).toEqual(await trace())
  },

  'runs of one strategy object do not contaminate each other': async (make) => {
    const strategy = make()
    const options = () => ({ strategy, serviceTime: 30, script: slidingWindow(3, 1000), random: seeded(7) })
    const alone = await traceOf(options())
    expect(await traceOf(options())).toEqual(alone)

    const clock = virtualClock()
    const labs = [0, 1].map(() => strategyRig({ ...options(), clock }))
    await clock.run(Promise.all(labs.map((lab) => lab.start(scheduledCalls()))))
    for (const lab of labs) expect(lab.attempts.map(traced)).toEqual(alone.attempts)
  },
}

async function keepsDeadlines(make: () => Strategy, lateness: Millis): Promise<void> {
  for (const deadline of [1, 19, 20, 21, 100, 500, 1000, 1020, 1021, 2500, 7000, 20_000]) {
    const lab = strategyRig({ strategy: make(), serviceTime: 20, lateness, script: throttleAlways })
    const settled = await lab.run(scheduledCalls({ deadline }).filter(({ at }) => at < deadline))
    for (const at of lab.instants()) expect(at, 'the instant of an attempt').toBeLessThan(deadline)
    for (const { reply } of settled) expect(reply?.kind).toMatch(/throttled|failed/)
  }
}
