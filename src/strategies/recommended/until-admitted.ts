import type { Reply, Send } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Env } from '../../core/strategy.ts'
import { expired } from '../wait.ts'

/** A call that was denied more often than this steps aside before each further attempt, and longer each time. */
const patientDenials = 4
const longestAside: Millis = 60_000

/** A call that was denied so often is given up: it has stepped aside for eleven minutes in all. */
const mostDenials = 20

/** A call that has failed is made so often again, after waits of this length and twice it, less up to a half by chance. */
const mostRetries = 2
const firstBackoff: Millis = 500

/**
 * Sends a call until it is answered. While it is throttled it goes on: `send` decides when each attempt goes. A free quota or that of a plan
 * which is used up ends it, since no wait that a call can bear changes that. One that is denied again and again steps aside for 2 s, 4 s, … up to a
 * minute: a prompt that is longer than any limit would otherwise keep all others waiting. After twenty denials it is given up. A failure that is
 * retryable is tried again twice. A call that is given up, or whose deadline comes first, gets the last reply that it had.
 */
export function untilAdmitted(send: Send, { clock, random }: Env): Send {
  return async function untilAdmitted(call) {
    let denials = 0
    let failures = 0
    let last: Reply = expired

    function waitAfter(reply: Reply): Millis | undefined {
      if (reply.kind === 'throttled' && reply.cause !== 'quota' && ++denials < mostDenials)
        return denials > patientDenials ? Math.min(longestAside, 1000 * 2 ** (denials - patientDenials)) : 0
      if (reply.kind === 'failed' && reply.retryable && ++failures <= mostRetries)
        return Math.ceil(firstBackoff * 2 ** (failures - 1) * (1 - random.next() / 2))
      return undefined
    }

    for (;;) {
      const reply = await send(call)
      if (reply === expired) return last
      last = reply
      const wait = waitAfter(reply)
      if (wait === undefined) return reply
      if (wait === 0) continue
      if (clock.now() + wait >= call.deadline) return reply
      await clock.sleep(wait, call.signal)
    }
  }
}
