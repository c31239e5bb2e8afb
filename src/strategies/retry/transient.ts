import type { Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { longestWait } from '../bounds.ts'

/**
 * Whether the same call may be answered later: after a 429, unless the free quota is used up, and after a failure that is retryable.
 * A token limit (`insufficient_quota` on the wire) passes after a while; a free quota that is used up (`quota`) does not.
 */
export function isTransient(reply: Reply): boolean {
  return reply.kind === 'throttled' ? reply.cause !== 'quota' : reply.kind === 'failed' && reply.retryable
}

/** The wait that the provider advises, in milliseconds; 0 if it advises none, and a wait that a clock can count if it advises more. */
export function advice(reply: Reply): Millis {
  return reply.kind === 'throttled' ? Math.min(reply.retryAfter || 0, longestWait) : 0
}
