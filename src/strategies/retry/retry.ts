import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { longestWait } from '../bounds.ts'
import { type BackoffOptions, backoffName, backoffOf, type Jitter, lawOf } from './jitter.ts'
import { sendAgain } from './send-again.ts'
import { advice, isTransient } from './transient.ts'

/** The options of `retry`. */
export interface RetryOptions extends BackoffOptions {
  /** The most attempts at a call, the first included. Whole, >= 1. Default 10. */
  readonly attempts?: number
  /** How the waits are spread: `full`, `equal`, `decorrelated` or `none`. The formulas are in `jitter.ts`. Default `full`. */
  readonly jitter?: Jitter
  /** The longest advice that is followed, in milliseconds. After longer advice it waits so long. >= 0, <= 1e12. Default 1e12. */
  readonly longestAdvice?: Millis
}

/**
 * Tries a call again when its reply may be another one later: after a 429, unless the free quota is used up, and after a failure that
 * is retryable. It waits by the AWS backoff with jitter, and at least as long as the provider advises, up to `longestAdvice`. It gives
 * up, and returns the reply that it has, when the next attempt would come at or after the deadline. Throws an `OptionError` for a wrong
 * option.
 *
 * Retries alone only guess at the rate: a backlog drains only if the waits add up to at least backlog ÷ quota rate.
 */
export function retry({
  attempts = 10,
  jitter = 'full',
  longestAdvice = longestWait,
  ...backoffOptions
}: RetryOptions = {}): Strategy {
  expectNumber('attempts', attempts, { atLeast: 1, whole: true })
  expectNumber('longestAdvice', longestAdvice, { atLeast: 0, atMost: longestWait })
  const backoff = backoffOf(backoffOptions)
  const law = lawOf(jitter)
  const bound = longestAdvice === longestWait ? '' : `, advice..${longestAdvice} ms`
  return {
    name: `retry(${attempts}, ${jitter}${backoffName(backoff)}${bound})`,
    wrap: (next, { clock, random }) =>
      function retry(call) {
        let wait = backoff.base
        return sendAgain(call, next, clock, (reply, k) => {
          if (!isTransient(reply) || k >= attempts - 1) return undefined
          wait = law(k, wait, backoff, random.next())
          return Math.max(wait, Math.min(advice(reply), longestAdvice))
        })
      },
  }
}
