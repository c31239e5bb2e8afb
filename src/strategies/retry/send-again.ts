import type { Call, Reply, Send } from '../../core/call.ts'
import type { Clock, Millis } from '../../core/clock.ts'
import { mayBeSent } from '../wait.ts'

/** Returns the wait before retry `k` (from 0) after this reply, in milliseconds with fractions. Undefined: the reply is the last one. */
export type WaitAfter = (reply: Reply, k: number) => Millis | undefined

/**
 * Sends a call until its reply is the last one. It gives up, and resolves with the reply that it has, when the next attempt would
 * come at or after the deadline.
 */
export async function sendAgain(call: Call, send: Send, clock: Clock, waitAfter: WaitAfter): Promise<Reply> {
  for (let k = 0; ; k++) {
    const reply = await send(call)
    const wait = waitAfter(reply, k)
    if (wait === undefined) return reply
    const whole = Math.ceil(wait)
    if (clock.now() + whole >= call.deadline) return reply
    await clock.sleep(whole, call.signal)
    if (!mayBeSent(call, clock.now())) return reply
  }
}
