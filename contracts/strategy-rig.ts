import { type VirtualClock, virtualClock } from '../sim/time/virtual-clock.ts'
import type { Call, Cause, Reply, Send, Target } from '../src/core/call.ts'
import type { Clock, Millis } from '../src/core/clock.ts'
import { type Random, seeded } from '../src/core/random.ts'
import type { Strategy } from '../src/core/strategy.ts'

// A strategy, a virtual clock and a scripted provider that writes down every attempt.

export interface Attempt {
  readonly at: Millis
  readonly call: Call
  readonly target: Target
}

export interface Outcome {
  readonly at: Millis
  readonly reply?: Reply
  readonly error?: unknown
}

/** What the provider says to the `n`th attempt (from 0) at a call. Throwing is a transport fault. */
export type Script = (call: Call, n: number, now: Millis) => Reply

export interface RigOptions {
  readonly strategy: Strategy
  readonly script: Script
  /** How long the provider takes over an attempt. Default 0. */
  readonly serviceTime?: Millis
  readonly random?: Random
  /** Default: a new one. Two rigs may share one. */
  readonly clock?: VirtualClock
}

export interface Arrival {
  readonly at: Millis
  readonly call: Call
}

export function rig({ strategy, script, serviceTime = 0, random = seeded(1), clock = virtualClock() }: RigOptions) {
  const attempts: Attempt[] = []
  const made = new Map<number, number>()

  const provider: Send = async (call) => {
    const n = made.get(call.id) ?? 0
    made.set(call.id, n + 1)
    attempts.push({ at: clock.now(), call, target: call.target })
    const reply = script(call, n, clock.now())
    if (serviceTime > 0) await clock.sleep(serviceTime, call.signal)
    return reply
  }

  const send = strategy.wrap(provider, { clock, random })

  async function settle({ at, call }: Arrival): Promise<Outcome> {
    await clock.sleep(at - clock.now())
    try {
      const reply = await send(call)
      return { at: clock.now(), reply }
    } catch (error) {
      return { at: clock.now(), error }
    }
  }

  return {
    clock,
    attempts,
    send,
    /** Does this at that instant. */
    at: async (instant: Millis, act: () => void) => {
      await clock.sleep(instant - clock.now())
      act()
    },
    /** Starts the calls without letting time pass. */
    start: (arrivals: readonly Arrival[]) => Promise.all(arrivals.map(settle)),
    /** Lets time pass until every call has settled; how each did, in the order given. */
    run: (arrivals: readonly Arrival[]) => clock.run(Promise.all(arrivals.map(settle))),
    /** When each attempt left. */
    instants: () => attempts.map(({ at }) => at),
    /** Which call each attempt was for, in the order they left. */
    ids: () => attempts.map(({ call }) => call.id),
  }
}

export const target: Target = { endpoint: 'https://model-studio', key: 'own', model: 'qwen3-max' }

export function callOf(id: number, changes: Partial<Call> = {}): Call {
  const signal = new AbortController().signal
  return { id, target, promptTokens: 100, maxTokens: 50, payload: { id }, signal, deadline: Infinity, ...changes }
}

/** `count` calls that all arrive at one instant, ids from 0. */
export function crowd(count: number, at: Millis = 0, changes: Partial<Call> = {}): Arrival[] {
  return Array.from({ length: count }, (_, id) => ({ at, call: callOf(id, changes) }))
}

export function ok(model = 'qwen3-max'): Reply {
  return { kind: 'ok', usage: { promptTokens: 100, outputTokens: 10 }, model, body: {} }
}

export function throttled(cause: Cause = 'requests', retryAfter?: Millis): Reply {
  return { kind: 'throttled', cause, body: {}, ...(retryAfter === undefined ? {} : { retryAfter }) }
}

export function failed(status: number, retryable: boolean): Reply {
  return { kind: 'failed', status, retryable, body: {} }
}

/** Throttles the first `count` attempts at each call. */
export function throttleFirst(count: number): Script {
  return (_call, n) => (n < count ? throttled() : ok())
}

export const throttleAlways: Script = () => throttled()

/** Admits at most `limit` attempts in any trailing window; rejects are free. */
export function slidingWindow(limit: number, window: Millis): Script {
  const admitted: Millis[] = []
  return (_call, _n, now) => {
    while (admitted.length > 0 && admitted[0]! <= now - window) admitted.shift()
    if (admitted.length >= limit) return throttled()
    admitted.push(now)
    return ok()
  }
}

/** A clock whose timers are all late, without anything waiting in real time. */
export function lateClock(by: Millis): Clock {
  let now = 0
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms + by
    },
  }
}

/** Chance that always says the same, or the given draws over and over. */
export function stubRandom(...draws: readonly number[]): Random {
  let drawn = 0
  return { next: () => draws[drawn++ % draws.length]!, fork: () => stubRandom(...draws), at: () => draws[0]! }
}
