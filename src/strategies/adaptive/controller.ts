import type { Reply, Send } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Env, Inspection } from '../../core/strategy.ts'
import type { SendGate } from '../pacing/gate.ts'
import { gatedLine } from '../pacing/gated-line.ts'
import type { WaitingOptions } from '../pacing/line.ts'
import { sendAgain } from '../retry/send-again.ts'
import { advice, isTransient } from '../retry/transient.ts'
import { expired } from '../wait.ts'

/** A law that learns from replies when the next attempt may be sent. */
export interface Controller {
  /** Returns the instant from which the next attempt may be sent. `Infinity`: not before one has ended. */
  opensAt(now: Millis): Millis
  /** Is told that an attempt is sent, which was planned for then or for somewhat earlier: `SendGate` has more. */
  sent(now: Millis, planned: Millis): void
  /** Is told that an attempt has ended, with a reply or without. Default: the law does not count attempts in flight. */
  ended?(): void
  /** Learns from the reply to an attempt, which was sent at `sentAt` and still counts as in flight. Default: it is told otherwise. */
  learn?(reply: Reply, sentAt: Millis, now: Millis): void
  /** Returns what it has learned, for whoever looks. */
  state(): Inspection
}

/** Returns the controller as the gate of a line. */
export function gateOf(controller: Controller): SendGate {
  return {
    opensAt: (_call, now) => controller.opensAt(now),
    pass(_call, sentAt, planned) {
      controller.sent(sentAt, planned)
      return (reply, now) => {
        if (reply) controller.learn?.(reply, sentAt, now)
        controller.ended?.()
      }
    },
  }
}

/**
 * Returns a `Send` in which every attempt, a retry too, goes when the controller allows it. A call whose reply may be another one
 * later joins the line again, before the first attempts, until its deadline. Before that it waits `retryWait(k)` milliseconds, and at
 * least as long as the provider advises. Default: it joins at once.
 */
export function controlled(
  part: string,
  controller: Controller,
  next: Send,
  env: Env,
  lineOptions: WaitingOptions,
  retryWait: (k: number) => Millis = () => 0,
): Send {
  const sendInTurn = gatedLine(next, env, gateOf(controller), lineOptions)
  env.expose?.(part, () => controller.state())
  return function controlled(call) {
    let last: Reply | undefined
    const attempt: Send = async (call) => {
      const reply = await sendInTurn(call)
      // A call whose deadline comes in the line has the reply to its last attempt, if it made one.
      last = reply === expired ? (last ?? expired) : reply
      return last
    }
    return sendAgain(call, attempt, env.clock, (reply, k) =>
      isTransient(reply) ? Math.max(retryWait(k), advice(reply)) : undefined,
    )
  }
}
