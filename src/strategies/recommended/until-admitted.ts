import type { Send } from '../../core/call.ts'
import type { Clock, Millis } from '../../core/clock.ts'
import { expired } from '../wait.ts'

/** A call that was denied more often than this steps aside before each further attempt, and longer each time. */
const patientDenials = 4
const longestAside: Millis = 60_000

/** A call that was denied so often is given up: it has stepped aside for a quarter of an hour in all. */
const mostDenials = 20

/**
 * Sends a call until it is not throttled any more, as often as it takes: `send` decides when each attempt goes. A free quota that is used up
 * ends it, since no wait changes that. A call whose deadline comes first gets the last reply that it had. One that is denied again and
 * again steps aside for 2 s, 4 s, … up to a minute: a prompt that is longer than any limit would otherwise keep all others waiting.
 */
export function untilAdmitted(send: Send, clock: Clock): Send {
  return async function untilAdmitted(call) {
    let reply = await send(call)
    for (let denials = 1; reply.kind === 'throttled' && reply.cause !== 'quota' && denials < mostDenials; denials++) {
      if (denials > patientDenials) {
        const aside = Math.min(longestAside, 1000 * 2 ** (denials - patientDenials))
        if (clock.now() + aside >= call.deadline) return reply
        await clock.sleep(aside, call.signal)
      }
      const again = await send(call)
      if (again === expired) return reply
      reply = again
    }
    return reply
  }
}
