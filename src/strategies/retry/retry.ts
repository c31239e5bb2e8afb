import type { Reply } from '../../core/call.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { mayBeSent } from '../wait.ts'
import { type BackoffOptions, backoffName, backoffOf, type Jitter, lawOf } from './jitter.ts'

/** The options of `retry`. */
export interface RetryOptions extends BackoffOptions {
  /** The most attempts at a call, the first included. Whole, >= 1. Default 10. */
  readonly attempts?: number
  /** How the waits are spread: `full`, `equal`, `decorrelated` or `none`. The formulas are in `jitter.ts`. Default `full`. */
  readonly jitter?: Jitter
}

/**
 * Tries a call again when its reply may be another one later: after a 429, unless the free quota is used up, and after a failure that
 * is retryable. It waits by the AWS backoff with jitter, and at least as long as the provider advises. It gives up, and returns the
 * reply that it has, when the next attempt would come at or after the deadline. Throws an `OptionError` for a wrong option.
 *
 * Retries alone only guess at the rate: a backlog drains only if the waits add up to at least backlog ÷ quota rate.
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

/** A token limit (`insufficient_quota` on the wire) passes after a while; a free quota that is used up (`quota`) does not. */
function isTransient(reply: Reply): boolean {
  return reply.kind === 'throttled' ? reply.cause !== 'quota' : reply.kind === 'failed' && reply.retryable
}

/** The wait that the provider advises, in milliseconds; 0 if it advises none. */
function advice(reply: Reply): number {
  return (reply.kind === 'throttled' && reply.retryAfter) || 0
}
