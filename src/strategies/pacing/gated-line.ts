import type { Call, Reply, Send } from '../../core/call.ts'
import { CallSignal } from '../../core/call-signal.ts'
import type { Millis } from '../../core/clock.ts'
import type { Env } from '../../core/strategy.ts'
import { expired, mayBeSent } from '../wait.ts'
import type { OnEnd, SendGate } from './gate.ts'
import { Line, lineName, type WaitingOptions } from './line.ts'
import { firstCome, type LineOrder } from './order.ts'
import { retriesFirst } from './retries-first.ts'

/** The options of every strategy that keeps a line before a gate. */
export interface GatedLineOptions extends WaitingOptions {
  /** Whether a call that comes again, a retry, goes before the calls that come for the first time. Default true. */
  readonly retriesFirst?: boolean
}

/** The part of a strategy's name that tells which options of its line are not the defaults. */
export function gatedLineName(options: GatedLineOptions): string {
  return `${options.retriesFirst === false ? ', fifo' : ''}${lineName(options)}`
}

/**
 * Sends calls as soon as a gate lets them through. Those that must wait stand in a line, whose order decides only when the gate opens which
 * call goes: a waiting call holds no place in the gate, so an aborted or expired one leaves no gap, and a retry can still go first.
 */
export function gatedLine(
  next: Send,
  env: Env,
  gate: SendGate,
  options: GatedLineOptions,
  others: LineOrder = firstCome(),
): Send {
  const { clock } = env
  const line = new Line<OnEnd>(env, options, options.retriesFirst === false ? others : retriesFirst(others))
  let isServing = false
  /** The call for which the line sleeps, until when, and what ends the sleep. */
  let awaited: Call | undefined
  let until: Millis = 0
  let alarm = new CallSignal()

  async function serve(): Promise<void> {
    isServing = true
    while (!line.isEmpty) {
      const now = clock.now()
      awaited = line.first(now)
      until = awaited ? gate.opensAt(awaited, now) : now
      // The line looks again when a call ends.
      if (until === Infinity) break
      if (until > now) await clock.sleep(Math.ceil(until - now), alarm).catch(wake)
      else if (awaited) line.serve(now, gate.pass(awaited, now))
    }
    isServing = false
  }

  /** Goes on after a sleep that the alarm has ended. */
  function wake(error: unknown): void {
    if (!alarm.aborted) throw error
    alarm = new CallSignal()
  }

  /**
   * Ends the sleep of the line if its first call, which may be another one now, may go earlier, and if nobody waits any more: a timer that
   * nobody needs would keep a process from ending.
   */
  function lookAgain(mayOpenEarlier: boolean): void {
    if (line.isEmpty) {
      if (isServing) alarm.abort(undefined)
      return
    }
    if (!isServing) return void serve()
    const now = clock.now()
    const first = line.first(now)
    if (first && (mayOpenEarlier || first !== awaited) && gate.opensAt(first, now) < until) alarm.abort(undefined)
  }

  /** Resolves with what the gate gives the call when it lets it through, or with undefined at the deadline of the call. */
  function turnOf(call: Call): OnEnd | Promise<OnEnd | undefined> {
    const now = clock.now()
    if (line.isEmpty && gate.opensAt(call, now) <= now) {
      line.passBy(call)
      return gate.pass(call, now)
    }
    const turn = line.join(call)
    lookAgain(false)
    return turn
  }

  return async function gated(call) {
    let onEnd: OnEnd | undefined
    let sent: Millis = 0
    let reply: Reply | undefined
    try {
      onEnd = await turnOf(call)
      if (!onEnd) return expired
      sent = clock.now()
      reply = mayBeSent(call, sent) ? await next(call) : expired
      return reply
    } finally {
      if (onEnd) {
        const now = clock.now()
        line.ended(call, reply, now - sent)
        // First the line learns from all replies of this instant: who is late does not depend on their order.
        await undefined
        onEnd(reply, now)
      }
      lookAgain(onEnd !== undefined)
    }
  }
}
