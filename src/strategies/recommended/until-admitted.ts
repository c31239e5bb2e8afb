import type { Send } from '../../core/call.ts'
import { expired } from '../wait.ts'

/**
 * Sends a call until it is not throttled any more, as often as it takes: `send` decides when each attempt goes. A free quota that is used up
 * ends it, since no wait changes that. A call whose deadline comes first gets the last reply that it had.
 */
export function untilAdmitted(send: Send): Send {
  return async function untilAdmitted(call) {
    for (let reply = await send(call); ; ) {
      if (reply.kind !== 'throttled' || reply.cause === 'quota') return reply
      const again = await send(call)
      if (again === expired) return reply
      reply = again
    }
  }
}
