import { type Call, deadlineCode, type Reply, type Send, type Target } from '../core/call.ts'
import { CallSignal } from '../core/call-signal.ts'
import type { Clock, Millis, Signal } from '../core/clock.ts'
import { OptionError, show } from '../core/expect.ts'
import type { Random } from '../core/random.ts'
import type { Strategy } from '../core/strategy.ts'
import type { Tenant } from '../scenario/tenants.ts'
import type { Workload } from '../scenario/workload.ts'
import type { Outcome, Trace } from './trace.ts'

/**
 * Sends an attempt to the provider, simulated or real. `attempt` is the attempt's row in the trace; `nth` is the number of the
 * call's earlier attempts. It calls `answered` of the trace before it resolves with a reply that is ok: no other makes its call ok.
 */
export type Outlet = (call: Call, attempt: number, nth: number) => Promise<Reply>

/** The parts of a run. Durations are in milliseconds. */
export interface RunOptions {
  /** The run starts at the clock's present instant. */
  readonly clock: Clock
  /** The stream from which the strategy draws. Each of several processes has a part of its own. */
  readonly random: Random
  readonly strategy: Strategy
  readonly outlet: Outlet
  /** An empty trace for as many calls as the workload has. */
  readonly trace: Trace
  readonly workload: Workload
  /** The endpoint, key and model of every call, before the strategy changes them. */
  readonly target: Target
  /** `max_tokens` of every call. */
  readonly maxTokens: number
  /** How long the provider may hold a call that its burst guard denies. Default: 0. */
  readonly serverWait?: Millis
  /** How long a caller waits, from the intended arrival. `Infinity`: the caller waits until the run ends. */
  readonly patience: Millis
  /** How long the run lasts at most. Calls that are pending then are `unfinished`. */
  readonly horizon: Millis
  /** Ends the run when it aborts, as the horizon does. Default: nothing ends it before. */
  readonly signal?: Signal
}

/** A run that has started. */
export interface Run {
  /** Resolves when every call is settled, or at the horizon. Rejects when the strategy throws anything but its call's abort. */
  readonly finished: Promise<void>
  /** The number of calls that have started and are not settled. */
  waiting(): number
  /** The number of calls whose promise the strategy has not settled. A call may be settled before: it expires, or the run ends. */
  unanswered(): number
}

/**
 * Offers the workload to the strategy. Latency counts from the intended arrival. In an open loop arrivals never wait for replies; in a closed
 * one a call is meant to arrive when a worker takes it, and the run writes that instant into the workload's column.
 */
export function run(options: RunOptions): Run {
  const { clock, strategy, outlet, trace, workload, target, maxTokens, patience, horizon, serverWait = 0 } = options
  const { arrival, promptTokens, loop, tenants } = workload
  const calls = arrival.length
  const start = clock.now()
  const since = () => clock.now() - start
  /** The signals of the calls that have started and are not settled, by call. */
  const pending: (CallSignal | undefined)[] = new Array(calls)
  /** Calls with a smaller id have arrived. */
  let begun = 0
  let waiting = 0
  let unanswered = 0
  const ended = new CallSignal()
  const { processes } = workload
  /** The instance of the strategy in each process. That of a process that joins later begins with its first call. */
  const instances: Send[] = [instance(processes ? options.random.fork('process 0') : options.random)]
  let settled = 0
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>()

  function instance(random: Random): Send {
    const send = strategy.wrap(record, { clock, random })
    if (typeof send === 'function') return send
    throw new OptionError(`Expected \`wrap\` to return a function, got ${show(send)}`)
  }

  function sendOf(id: number): Send {
    const process = processes?.of[id] ?? 0
    instances[process] ??= instance(options.random.fork(`process ${process}`))
    return instances[process]
  }

  function record(call: Call): Promise<Reply> {
    // After its caller has hung up, a call sends nothing, so this does not count as an attempt.
    if (call.signal.aborted) return Promise.reject(call.signal.reason)
    const nth = trace.attemptsOf[call.id]
    if (nth === undefined || call.id >= begun)
      throw new OptionError(`Expected the strategy to send a call that has arrived, got ${show(call.id)} as its \`id\``)
    const attempt = trace.sent(call.id, since())
    return outlet(call, attempt, nth)
  }

  function begin(id: number): void {
    const signal = new CallSignal()
    pending[id] = signal
    begun = id + 1
    waiting++
    const deadline = start + arrival[id]! + patience
    const plain: Call = { id, target, promptTokens: promptTokens[id]!, maxTokens, signal, deadline, serverWait }
    const call = tenants ? { ...plain, ...markOf(tenants.list[tenants.of[id]!]!) } : plain
    const answer = sendOf(id)(call)
    if (typeof answer?.then !== 'function')
      throw new OptionError(`Expected the strategy to return a promise of a reply, got ${show(answer)}`)
    unanswered++
    // A promise of its own calls back only once, whatever a user's own kind of promise does.
    Promise.resolve(answer).then(
      (reply) => {
        unanswered--
        if (pending[id]) take(id, reply)
      },
      (reason) => {
        unanswered--
        if (pending[id]) fail(reason)
      },
    )
  }

  /** Settles a call with what its strategy returned. Getters of a user's reply may throw, and then the run fails. */
  function take(id: number, reply: Reply): void {
    try {
      const outcome = outcomeOf(reply)
      if (outcome === 'ok' && trace.answeredBy(id) < 0) throw new OptionError(madeUp(id, trace.attemptsOf[id]!))
      settle(id, outcome, outcome === 'ok' && modelOf(reply) !== target.model)
    } catch (error) {
      fail(error)
    }
  }

  function settle(id: number, outcome: Outcome, byOtherModel = false): void {
    pending[id] = undefined
    waiting--
    trace.settle(id, since(), outcome, byOtherModel)
    if (++settled === calls) end()
    else if (loop) watch(() => takeNext(loop.think[id]!))
  }

  function hangUp(id: number, outcome: 'expired' | 'unfinished'): void {
    const signal = pending[id]
    if (!signal) return
    settle(id, outcome)
    signal.abort(outcome)
  }

  /** The worker of a closed loop thinks, and takes the next call if there is one. That call arrives at this instant. */
  async function takeNext(think: Millis): Promise<void> {
    // Without a pause the worker goes on after the present step, in which another call may be given up.
    await (think > 0 ? clock.sleep(think, ended) : undefined)
    if (ended.aborted || begun === calls || since() >= horizon) return
    arrival[begun] = since()
    begin(begun)
  }

  async function offer(): Promise<void> {
    const planned = loop ? Math.min(loop.workers, calls) : calls
    for (let id = 0; id < planned; id++) {
      if (arrival[id]! >= horizon) return
      const wait = arrival[id]! - since()
      if (wait > 0) await clock.sleep(wait, ended)
      if (ended.aborted) return
      begin(id)
    }
  }

  /** Deadlines have the order of arrivals, so one loop can wait for each of them in turn. */
  async function watchDeadlines(): Promise<void> {
    for (let id = 0; id < calls; ) {
      // In a closed loop a call that no worker has taken yet arrives now at the earliest.
      const isKnown = !loop || id < begun
      const deadline = (isKnown ? arrival[id]! : since()) + patience
      // The run ends before this deadline, which may be infinite.
      if (deadline > horizon) return
      if (!trace.isSettled(id)) {
        const wait = deadline - since()
        if (wait > 0) await clock.sleep(wait, ended)
        if (!isKnown) continue
        hangUp(id, 'expired')
      }
      id++
    }
  }

  async function watchHorizon(): Promise<void> {
    await clock.sleep(horizon, ended)
    endAt(horizon)
  }

  function endAt(instant: Millis): void {
    for (let id = 0; id < calls; id++) hangUp(id, arrival[id]! + patience > instant ? 'unfinished' : 'expired')
    end()
  }

  function end(): void {
    resolve()
    ended.abort('the run is over')
  }

  /** Aborts all calls, because on a real clock the calls of a failed run would go on to cost money. */
  function fail(reason: unknown): void {
    if (ended.aborted) return
    reject(reason)
    ended.abort('the run has failed')
    for (const signal of pending) signal?.abort('the run has failed')
  }

  function watch(watcher: () => Promise<void>): void {
    watcher().catch(fail)
  }

  options.signal?.addEventListener('abort', () => endAt(since()))
  if (calls === 0) end()
  else for (const watcher of [offer, watchDeadlines, watchHorizon]) watch(watcher)
  return { finished, waiting: () => waiting, unanswered: () => unanswered }
}

/**
 * A call that the strategy does not send because its deadline has passed is expired, not failed. Throws for what is no reply, since a
 * strategy may be a user's JavaScript.
 */
function outcomeOf(reply: Reply): Outcome {
  const kind = reply?.kind
  if (kind === 'ok' || kind === 'throttled') return kind
  if (kind === 'failed') return (reply as Extract<Reply, { kind: 'failed' }>).code === deadlineCode ? 'expired' : kind
  throw new OptionError(
    `Expected the strategy to return a reply, whose \`kind\` is ok, throttled or failed, got ${show(reply)}`,
  )
}

/** Returns the model that an ok reply names. Throws when it names none. */
function modelOf(reply: Reply): string {
  const { model } = reply as Extract<Reply, { kind: 'ok' }>
  if (typeof model === 'string') return model
  throw new OptionError(
    `Expected \`model\` of an ok reply to be the name of the model that answered, got ${show(model)}`,
  )
}

/** What a call tells of its tenant. */
function markOf({ name, priority }: Tenant): Pick<Call, 'tenant' | 'priority'> {
  return { tenant: name, ...(priority !== undefined && { priority }) }
}

/** An ok reply is the provider's own: of an attempt at the same call, which it admitted. */
function madeUp(id: number, attempts: number): string {
  const sent = attempts === 0 ? 'sent no attempt at it' : `none of its ${attempts} attempts has got one`
  return `Expected an ok reply of the strategy to be one that the provider gave to the same call, but call ${id} has an ok reply and ${sent}`
}
