import type { Reply } from '../../core/call.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { mayBeSent } from '../wait.ts'
import { type BackoffOptions, backoffName, backoffOf, type Jitter, lawOf } from './jitter.ts'

export interface RetryOptions extends BackoffOptions {
  /** The most attempts at a call, the first included. Whole, >= 1. Default 10. */
  readonly attempts?: number
  /** How the waits are spread; the formulas are in `jitter.ts`. Default `full`. */
  readonly jitter?: Jitter
}

/**
 * Tries again what may pass later, after the AWS backoff. Waits at least as long as the provider advises. Gives up, with
 * the reply it holds, as soon as the next attempt would come at or after the deadline.
 *
 * Retrying alone is a guess at the rate: a backlog drains only if the waits add up to at least backlog ÷ quota rate.
 */
export function retry({ attempts = 10, jitter = 'full', ...backoffOptions }: RetryOptions = {}): Strategy {
  expectNumber('attempts', attempts, { atLeast: 1, whole: true })
  const backoff = backoffOf(backoffOptions)
  const law = lawOf(jitter)
  return {
    name: `retry(${attempts}, ${jitter}${backoffName(backoff)})`,
    wrap: (next, { clock, random }) =>
      async function retry(call) {
        let wait = backoff.base
        for (let k = 0; ; k++) {
          const reply = await next(call)
          if (!isTransient(reply) || k >= attempts - 1) return reply
          wait = law(k, wait, backoff, random.next())
          const whole = Math.ceil(Math.max(wait, advice(reply)))
          if (clock.now() + whole >= call.deadline) return reply
          await clock.sleep(whole, call.signal)
          if (!mayBeSent(call, clock.now())) return reply
        }
      },
  }
}

/** Tokens used up (`insufficient_quota` on the wire) is a throttle that passes; the free quota used up (`quota`) is for good. */
function isTransient(reply: Reply): boolean {
  return reply.kind === 'throttled' ? reply.cause !== 'quota' : reply.kind === 'failed' && reply.retryable
}

function advice(reply: Reply): number {
  return (reply.kind === 'throttled' && reply.retryAfter) || 0
}
