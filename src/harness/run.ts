import { type Call, deadlineCode, type Reply, type Target } from '../core/call.ts'
import type { Clock, Millis } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { Strategy } from '../core/strategy.ts'
import type { Workload } from '../scenario/workload.ts'
import { CallSignal } from './call-signal.ts'
import type { Outcome, Trace } from './trace.ts'

/** Where the calls go: the simulated provider, or a real one. `attempt` is the trace's row, `nth` counts within the call. */
export type Outlet = (call: Call, attempt: number, nth: number) => Promise<Reply>

export interface RunOptions {
  readonly clock: Clock
  readonly random: Random
  readonly strategy: Strategy
  readonly outlet: Outlet
  readonly trace: Trace
  readonly workload: Workload
  readonly target: Target
  readonly maxTokens: number
  /** How long the provider may hold each call. */
  readonly serverWait?: Millis
  /** How long a caller waits, from the intended arrival. */
  readonly patience: Millis
  /** When the run ends, whatever is pending. */
  readonly horizon: Millis
}

/** A run under way. */
export interface Run {
  /** Settles when every call has, or at the horizon; rejects when the strategy throws anything but its call's abort. */
  readonly finished: Promise<void>
  /** How many calls have started and not settled. */
  waiting(): number
}

/** Offers the workload to the strategy, open loop: arrivals never wait for replies, and latency counts from the intended arrival. */
export function run(options: RunOptions): Run {
  const { clock, strategy, outlet, trace, workload, target, maxTokens, patience, horizon, serverWait = 0 } = options
  const { arrival, promptTokens } = workload
  const calls = arrival.length
  const start = clock.now()
  const since = () => clock.now() - start
  /** The signals of the calls that have started and not settled, by call. */
  const live: (CallSignal | undefined)[] = new Array(calls)
  let waiting = 0
  const over = new CallSignal()
  const send = strategy.wrap(record, { clock, random: options.random })
  let settled = 0
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>()

  function record(call: Call): Promise<Reply> {
    // A caller who has hung up sends nothing: such an attempt never was one.
    if (call.signal.aborted) return Promise.reject(call.signal.reason)
    const nth = trace.attemptsOf[call.id]!
    const attempt = trace.sent(call.id, since())
    return outlet(call, attempt, nth)
  }

  function begin(id: number): void {
    const signal = new CallSignal()
    live[id] = signal
    waiting++
    const deadline = start + arrival[id]! + patience
    const call: Call = { id, target, promptTokens: promptTokens[id]!, maxTokens, signal, deadline, serverWait }
    send(call).then(
      (reply) => {
        if (!live[id]) return
        settle(id, outcomeOf(reply), reply.kind === 'ok' && reply.model !== target.model)
      },
      (reason) => {
        if (live[id]) fail(reason)
      },
    )
  }

  function settle(id: number, outcome: Outcome, elsewhere = false): void {
    live[id] = undefined
    waiting--
    trace.settle(id, since(), outcome, elsewhere)
    if (++settled === calls) end()
  }

  function hangUp(id: number, outcome: 'expired' | 'unfinished'): void {
    const signal = live[id]
    if (!signal) return
    settle(id, outcome)
    signal.abort(outcome)
  }

  async function offer(): Promise<void> {
    for (let id = 0; id < calls; id++) {
      if (arrival[id]! >= horizon) return
      const wait = arrival[id]! - since()
      if (wait > 0) await clock.sleep(wait, over)
      if (over.aborted) return
      begin(id)
    }
  }

  /** Deadlines come in the order of arrivals, so one sleeper watches them all. */
  async function watchDeadlines(): Promise<void> {
    for (let id = 0; id < calls; id++) {
      // The horizon comes first; and for ever is no time to sleep.
      if (arrival[id]! + patience > horizon) return
      if (trace.isSettled(id)) continue
      const wait = arrival[id]! + patience - since()
      if (wait > 0) await clock.sleep(wait, over)
      hangUp(id, 'expired')
    }
  }

  async function watchHorizon(): Promise<void> {
    await clock.sleep(horizon, over)
    for (let id = 0; id < calls; id++) hangUp(id, arrival[id]! + patience > horizon ? 'unfinished' : 'expired')
    end()
  }

  function end(): void {
    resolve()
    over.abort('the run is over')
  }

  /** Nothing is sent any more: on a real clock, the calls of a broken run would go on to cost money. */
  function fail(reason: unknown): void {
    if (over.aborted) return
    reject(reason)
    over.abort('the run has failed')
    for (const signal of live) signal?.abort('the run has failed')
  }

  function watch(watcher: () => Promise<void>): void {
    watcher().catch(fail)
  }

  if (calls === 0) end()
  else for (const watcher of [offer, watchDeadlines, watchHorizon]) watch(watcher)
  return { finished, waiting: () => waiting }
}

/** A strategy that declines to send because the deadline has come leaves the call expired, not failed. */
function outcomeOf(reply: Reply): Outcome {
  return reply.kind === 'failed' && reply.code === deadlineCode ? 'expired' : reply.kind
}
