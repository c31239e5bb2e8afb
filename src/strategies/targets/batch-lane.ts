import type { Reply } from '../../core/call.ts'
import { deadlineCode } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectText, longestWait } from '../bounds.ts'

/** The options of `batchLane`. */
export interface BatchLaneOptions {
  /** The endpoint of the batch lane: `batch` in a simulated world, its base URL over `toFetch`. Not empty. */
  readonly endpoint: string
  /** How long a call may wait until it is sent online, in milliseconds. Whole, >= 0, <= 1e12. Default 60,000. */
  readonly after?: Millis
  /** How long the batch lane may take for a call, in milliseconds. Whole, >= 0, <= 1e12. Default 3,600,000, as documented for Batch Chat. */
  readonly longest?: Millis
}

/**
 * Sends a call through a cheaper and slower lane that has no limits, such as Batch Chat, when `online` has not sent it within `after` of its start, or the
 * provider has throttled it for good. A call whose deadline the batch lane might miss stays online. Throws an `OptionError` for a wrong option.
 */
export function batchLane(
  online: Strategy,
  { endpoint, after = 60_000, longest = 3_600_000 }: BatchLaneOptions,
): Strategy {
  expectText('endpoint', endpoint)
  expectNumber('after', after, { atLeast: 0, atMost: longestWait, whole: true })
  expectNumber('longest', longest, { atLeast: 0, atMost: longestWait, whole: true })
  return {
    name: `batchLane(${endpoint}, after ${after} ms, longest ${longest} ms) + ${online.name}`,
    wrap(next, env) {
      /** The callers' deadlines of the calls that are online, by their ids: an attempt carries that of its caller. */
      const deadlines = new Map<number, Millis>()
      const send = online.wrap((call) => next({ ...call, deadline: deadlines.get(call.id) ?? call.deadline }), env)
      return async function batchLane(call) {
        const until = env.clock.now() + after
        if (until + longest > call.deadline) return send(call)
        deadlines.set(call.id, call.deadline)
        try {
          const reply = await send({ ...call, deadline: until })
          return isUnsent(reply) ? await next({ ...call, target: { ...call.target, endpoint } }) : reply
        } finally {
          deadlines.delete(call.id)
        }
      }
    },
  }
}

/** Whether the provider has not served the call: it was not sent, or throttled. */
function isUnsent(reply: Reply): boolean {
  return reply.kind === 'throttled' || (reply.kind === 'failed' && reply.code === deadlineCode)
}
