import { type VirtualClock, virtualClock } from '../sim/time/virtual-clock.ts'
import type { Call, Reply, Send, Target } from '../src/core/call.ts'
import type { Clock, Millis } from '../src/core/clock.ts'
import { type Random, seeded } from '../src/core/random.ts'
import type { Strategy } from '../src/core/strategy.ts'
import type { ProviderScript } from './provider-script.ts'

/** An attempt that reached the scripted provider. */
export interface RigAttempt {
  /** The instant at which it was sent, in milliseconds. */
  readonly at: Millis
  /** The call as the strategy sent it, with the target that the strategy chose. */
  readonly call: Call
}

/** The end of a call: its reply, or the error with which its promise rejected. */
export interface Settlement {
  /** The instant of the end, in milliseconds. */
  readonly at: Millis
  readonly reply?: Reply
  readonly error?: unknown
}

/** A call and the instant at which it starts. */
export interface ScheduledCall {
  readonly at: Millis
  readonly call: Call
}

/** The options of a rig. */
export interface StrategyRigOptions {
  readonly strategy: Strategy
  /** The script that decides the provider's replies. */
  readonly script: ProviderScript
  /** The time from an attempt to its reply, in milliseconds. Default: 0. */
  readonly serviceTime?: Millis
  /** The time by which each wait of the strategy ends late, as waits on real timers do, in milliseconds. Default: 0. */
  readonly lateness?: Millis
  /** The strategy's stream of random numbers. Default: `seeded(1)`. */
  readonly random?: Random
  /** The clock of the rig. Two rigs may have the same clock. Default: a new one, at instant 0. */
  readonly clock?: VirtualClock
}

/** A strategy that sends to a scripted provider, in virtual time. */
export interface StrategyRig {
  readonly clock: VirtualClock
  /** Every attempt, in the order in which the strategy sent them. */
  readonly attempts: RigAttempt[]
  /** The `Send` that the strategy made. */
  readonly send: Send
  /** Calls `action` at this instant. */
  at(instant: Millis, action: () => void): Promise<void>
  /** Starts the calls, but does not make time pass. Resolves with their settlements in the order of the calls. */
  start(calls: readonly ScheduledCall[]): Promise<Settlement[]>
  /** Starts the calls and makes time pass until all have settled. Resolves with their settlements in the order of the calls. */
  run(calls: readonly ScheduledCall[]): Promise<Settlement[]>
  /** Returns the instant of each attempt, in the order in which they were sent. */
  instants(): Millis[]
  /** Returns the id of the call of each attempt, in the order in which they were sent. */
  ids(): number[]
}

/** Makes a rig, in which a strategy sends to a scripted provider that records every attempt. Time is virtual, so waits take no real time. */
export function strategyRig({
  strategy,
  script,
  serviceTime = 0,
  lateness = 0,
  random = seeded(1),
  clock = virtualClock(),
}: StrategyRigOptions): StrategyRig {
  const attempts: RigAttempt[] = []
  const attemptCounts = new Map<number, number>()

  const provider: Send = async (call) => {
    const n = attemptCounts.get(call.id) ?? 0
    attemptCounts.set(call.id, n + 1)
    attempts.push({ at: clock.now(), call })
    const reply = script(call, n, clock.now())
    if (serviceTime > 0) await clock.sleep(serviceTime, call.signal)
    return reply
  }

  const clockWithLateness: Clock = {
    now: clock.now,
    sleep: (ms, signal) => clock.sleep(ms > 0 ? ms + lateness : ms, signal),
  }
  const send = strategy.wrap(provider, { clock: lateness > 0 ? clockWithLateness : clock, random })

  async function settle({ at, call }: ScheduledCall): Promise<Settlement> {
    await clock.sleep(at - clock.now())
    try {
      const reply = await send(call)
      return { at: clock.now(), reply }
    } catch (error) {
      return { at: clock.now(), error }
    }
  }

  const start = (calls: readonly ScheduledCall[]) => Promise.all(calls.map(settle))
  return {
    clock,
    attempts,
    send,
    at: async (instant, action) => {
      await clock.sleep(instant - clock.now())
      action()
    },
    start,
    run: (calls) => clock.run(start(calls)),
    instants: () => attempts.map(({ at }) => at),
    ids: () => attempts.map(({ call }) => call.id),
  }
}

/** The target of an example call. */
export const exampleTarget: Target = { endpoint: 'https://model-studio', key: 'own', model: 'qwen3-max' }

/** Returns a call of 100 prompt tokens that is never aborted and has no deadline. The fields of `changes` replace its fields. */
export function exampleCall(id: number, changes: Partial<Call> = {}): Call {
  return {
    id,
    target: exampleTarget,
    promptTokens: 100,
    maxTokens: 50,
    payload: { id },
    signal: new AbortController().signal,
    deadline: Infinity,
    ...changes,
  }
}

/** Returns `count` example calls that start at the same instant, with the ids 0, 1, 2, … */
export function callsAtOnce(count: number, at: Millis = 0, changes: Partial<Call> = {}): ScheduledCall[] {
  return Array.from({ length: count }, (_, id) => ({ at, call: exampleCall(id, changes) }))
}
