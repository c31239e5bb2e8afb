import { type VirtualClock, virtualClock } from '../sim/time/virtual-clock.ts'
import type { Call, Reply, Send, Target } from '../src/core/call.ts'
import type { Clock, Millis } from '../src/core/clock.ts'
import { type Random, seeded } from '../src/core/random.ts'
import type { Strategy } from '../src/core/strategy.ts'
import type { ProviderScript } from './provider-script.ts'

/** An attempt as it reached the scripted provider. */
export interface RigAttempt {
  /** When it was sent. */
  readonly at: Millis
  /** The call as the strategy sent it: with the target that the strategy chose. */
  readonly call: Call
}

/** How a call ended: with a reply, or with the error that its promise rejected with. */
export interface Settlement {
  /** When it ended. */
  readonly at: Millis
  readonly reply?: Reply
  readonly error?: unknown
}

/** A call and the instant at which it starts. */
export interface ScheduledCall {
  readonly at: Millis
  readonly call: Call
}

export interface StrategyRigOptions {
  readonly strategy: Strategy
  /** What the provider replies. */
  readonly script: ProviderScript
  /** How long the provider takes over an attempt, in milliseconds. Default 0. */
  readonly serviceTime?: Millis
  /** By how many milliseconds each wait of the strategy ends late, as real timers do. Default 0. */
  readonly lateness?: Millis
  /** The strategy's stream. Default: `seeded(1)`. */
  readonly random?: Random
  /** The clock of the rig. Default: a new one, at instant 0. Two rigs may share one. */
  readonly clock?: VirtualClock
}

/** A strategy over a scripted provider, in virtual time. */
export interface StrategyRig {
  readonly clock: VirtualClock
  /** Every attempt, in the order in which the strategy sent them. */
  readonly attempts: RigAttempt[]
  /** The wrapped `Send`. */
  readonly send: Send
  /** Calls `act` at that instant. */
  at(instant: Millis, act: () => void): Promise<void>
  /** Starts the calls without letting time pass. Resolves with their settlements, in the order given. */
  start(calls: readonly ScheduledCall[]): Promise<Settlement[]>
  /** Starts the calls and lets time pass until each has settled. Resolves with their settlements, in the order given. */
  run(calls: readonly ScheduledCall[]): Promise<Settlement[]>
  /** When each attempt was sent. */
  instants(): Millis[]
  /** The id of the call of each attempt, in the order in which they were sent. */
  ids(): number[]
}

/** Puts a strategy over a scripted provider that records every attempt. All time is virtual: minutes of waiting take no time. */
export function strategyRig({
  strategy,
  script,
  serviceTime = 0,
  lateness = 0,
  random = seeded(1),
  clock = virtualClock(),
}: StrategyRigOptions): StrategyRig {
  const attempts: RigAttempt[] = []
  const made = new Map<number, number>()

  const provider: Send = async (call) => {
    const n = made.get(call.id) ?? 0
    made.set(call.id, n + 1)
    attempts.push({ at: clock.now(), call })
    const reply = script(call, n, clock.now())
    if (serviceTime > 0) await clock.sleep(serviceTime, call.signal)
    return reply
  }

  const late: Clock = { now: clock.now, sleep: (ms, signal) => clock.sleep(ms > 0 ? ms + lateness : ms, signal) }
  const send = strategy.wrap(provider, { clock: lateness > 0 ? late : clock, random })

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
    at: async (instant, act) => {
      await clock.sleep(instant - clock.now())
      act()
    },
    start,
    run: (calls) => clock.run(start(calls)),
    instants: () => attempts.map(({ at }) => at),
    ids: () => attempts.map(({ call }) => call.id),
  }
}

/** Where an example call goes. */
export const exampleTarget: Target = { endpoint: 'https://model-studio', key: 'own', model: 'qwen3-max' }

/** A call of 100 prompt tokens that is never aborted and has no deadline, with the changes put over it. */
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

/** `count` example calls that start at one instant, with the ids 0, 1, 2, … */
export function callsAtOnce(count: number, at: Millis = 0, changes: Partial<Call> = {}): ScheduledCall[] {
  return Array.from({ length: count }, (_, id) => ({ at, call: exampleCall(id, changes) }))
}
