import { describe, expect, test } from 'vitest'
import { virtualClock } from '../sim/time/virtual-clock.ts'
import type { Reply } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'
import { seeded } from '../src/core/random.ts'
import type { Strategy } from '../src/core/strategy.ts'
import { type Arrival, callOf, failed, ok, type RigOptions, rig, slidingWindow, throttled } from './strategy-rig.ts'

// The laws of every strategy, whatever it does.

const throttleAlways = () => throttled()

/** Calls that come alone, together, and while others wait. */
function arrivals(changes: Parameters<typeof callOf>[1] = {}): Arrival[] {
  return [0, 0, 0, 0, 5, 5, 5, 300, 2000].map((at, id) => ({ at, call: callOf(id, changes) }))
}

async function traceOf(options: RigOptions) {
  const lab = rig(options)
  const outcomes = await lab.run(arrivals())
  const attempts = lab.attempts.map(({ at, call, target }) => ({ at, id: call.id, target }))
  return { attempts, settled: outcomes.map(({ at, reply }) => ({ at, kind: reply?.kind })) }
}

export function strategyContract(make: () => Strategy): void {
  describe(`${make().name} keeps the contract of a strategy`, () => {
    test('is named', () => {
      expect(make().name).toMatch(/\S/)
      expect(make().name).toBe(make().name)
    })

    test('N calls give N replies, each one that the provider gave to that call', async () => {
      const given = new Map<Reply, number>()
      const limited = slidingWindow(3, 1000)
      const lab = rig({
        strategy: make(),
        serviceTime: 30,
        script: (call, n, now) => {
          const reply = limited(call, n, now)
          given.set(reply, call.id)
          return reply
        },
      })
      const outcomes = await lab.run(arrivals())
      expect(outcomes.map(({ reply }) => given.get(reply!))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    })

    test('an ok reply passes untouched, after one attempt that carried the call as it was', async () => {
      const given: Reply[] = []
      const lab = rig({ strategy: make(), serviceTime: 30, script: (call) => (given[call.id] = ok()) })
      const calls = arrivals()
      const outcomes = await lab.run(calls)
      outcomes.forEach(({ reply }, id) => {
        expect(reply).toBe(given[id])
      })
      expect(lab.ids().toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
      for (const { call } of lab.attempts) {
        const { target: _sent, ...sent } = call
        const { target: _given, ...given } = calls[call.id]!.call
        expect(sent).toEqual(given)
        expect(sent.signal).toBe(given.signal)
        expect(sent.payload).toBe(given.payload)
      }
    })

    test('a failed reply that is not retryable is handed on, never retried', async () => {
      const given: Reply[] = []
      const lab = rig({ strategy: make(), script: (call) => (given[call.id] = failed(400, false)) })
      const outcomes = await lab.run(arrivals())
      outcomes.forEach(({ reply }, id) => {
        expect(reply).toBe(given[id])
      })
      expect(lab.attempts).toHaveLength(9)
    })

    test('a transport fault passes through and blocks nobody', async () => {
      const fault = new Error('socket hang up')
      const lab = rig({
        strategy: make(),
        serviceTime: 30,
        script: (call) => {
          if (call.id % 2 === 0) throw fault
          return ok()
        },
      })
      const outcomes = await lab.run(arrivals())
      outcomes.forEach(({ error, reply }, id) => {
        if (id % 2 === 0) expect(error).toBe(fault)
        else expect(reply?.kind).toBe('ok')
      })
    })

    test('an abort at any instant rejects at once with the reason, and no later attempt happens', async () => {
      const victim = 4
      const dry = rig({ strategy: make(), serviceTime: 20, script: throttleAlways })
      const settled = (await dry.run(arrivals()))[victim]!.at
      const sent = dry.attempts.filter(({ call }) => call.id === victim).map(({ at }) => at)
      const waits = sent.map((at, i) => Math.floor((at + (sent[i - 1] ?? 5)) / 2))
      const instants = new Set([...sent, ...sent.map((at) => at + 1), ...waits].filter((at) => at > 5 && at < settled))
      expect(instants.size).toBeGreaterThan(0)

      for (const at of instants) {
        for (const isFirst of [true, false]) {
          const abort = new AbortController()
          const reason = new Error(`aborted at ${at}`)
          const lab = rig({ strategy: make(), serviceTime: 20, script: throttleAlways })
          const attempts = () => lab.attempts.filter(({ call }) => call.id === victim).length
          let before = 0
          const abortThen = () => {
            before = attempts()
            abort.abort(reason)
          }
          const calls = arrivals().map((arrival) =>
            arrival.call.id === victim ? { ...arrival, call: callOf(victim, { signal: abort.signal }) } : arrival,
          )
          // Before whatever else is due at that instant, or after it.
          if (isFirst) lab.at(at, abortThen)
          else lab.at(at - 1, () => lab.at(at, abortThen))
          const outcomes = await lab.run(calls)
          expect(outcomes[victim]).toEqual({ at, error: reason })
          expect(attempts()).toBe(before)
          expect(outcomes.filter(({ reply }) => reply)).toHaveLength(8)
        }
      }
    })

    test('a call that is aborted before it starts is not retried', async () => {
      const lab = rig({ strategy: make(), serviceTime: 20, script: throttleAlways })
      const reason = new Error('too late')
      const [outcome] = await lab.run([{ at: 0, call: callOf(0, { signal: AbortSignal.abort(reason) }) }])
      expect(outcome!.error).toBe(reason)
      expect(lab.attempts.length).toBeLessThanOrEqual(1)
    })

    test('nothing is sent at or after the deadline, and the call still gets a reply', async () => {
      for (const deadline of [1, 19, 20, 21, 100, 500, 1000, 1020, 1021, 2500, 7000, 20_000] satisfies Millis[]) {
        const lab = rig({ strategy: make(), serviceTime: 20, script: throttleAlways })
        const outcomes = await lab.run(arrivals({ deadline }).filter(({ at }) => at < deadline))
        for (const { at } of lab.attempts) expect(at).toBeLessThan(deadline)
        for (const { reply } of outcomes) expect(reply?.kind).toMatch(/throttled|failed/)
      }
    })

    test('the same seed gives the same attempts and settlements', async () => {
      const trace = () =>
        traceOf({ strategy: make(), serviceTime: 30, script: slidingWindow(3, 1000), random: seeded(7) })
      expect(await trace()).toEqual(await trace())
    })

    test('runs of one strategy object do not contaminate each other', async () => {
      const strategy = make()
      const options = { strategy, serviceTime: 30, random: seeded(7) }
      const alone = await traceOf({ ...options, script: slidingWindow(3, 1000), random: seeded(7) })
      expect(await traceOf({ ...options, script: slidingWindow(3, 1000), random: seeded(7) })).toEqual(alone)

      const clock = virtualClock()
      const labs = [0, 1].map(() => rig({ ...options, clock, script: slidingWindow(3, 1000), random: seeded(7) }))
      await clock.run(Promise.all(labs.map((lab) => lab.start(arrivals()))))
      for (const lab of labs) {
        expect(lab.attempts.map(({ at, call, target }) => ({ at, id: call.id, target }))).toEqual(alone.attempts)
      }
    })
  })
}
