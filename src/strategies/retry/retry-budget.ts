import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { longestWait } from '../bounds.ts'
import { SlidingCount } from '../sliding-count.ts'
import { type BackoffOptions, backoffName, backoffOf, laws } from './jitter.ts'
import { sendAgain } from './send-again.ts'
import { advice, isTransient } from './transient.ts'

/** The options of `retryBudget`. */
export interface RetryBudgetOptions extends BackoffOptions {
  /** The most attempts at a call, the first included. Whole, >= 1. Default 10. */
  readonly attempts?: number
  /** The retries that are allowed, as a share of the calls. >= 0. Default 0.2. */
  readonly share?: number
  /** The retries that are allowed beside that, in a second. >= 0. Default 10, as in Finagle: it should be a small part of the quota. */
  readonly minPerSecond?: number
  /** The window of the budget, in milliseconds. Whole, > 0, <= 1e12. Default 10,000. */
  readonly ttl?: Millis
}

/**
 * Retries with full jitter out of a budget that all calls share (Finagle `RetryBudget.scala` at 4feb34c, which counts in slices of the
 * window): the window of `ttl` that ends with a retry has at most `share` · the calls that began in it + `minPerSecond` · `ttl` retries. A
 * call for whose retry nothing is left gets the reply that it has, so a budget ends storms and also most of a batch. Throws an
 * `OptionError` for a wrong option.
 */
export function retryBudget({
  attempts = 10,
  share = 0.2,
  minPerSecond = 10,
  ttl = 10_000,
  ...backoffOptions
}: RetryBudgetOptions = {}): Strategy {
  expectNumber('attempts', attempts, { atLeast: 1, whole: true })
  expectNumber('share', share, { atLeast: 0 })
  expectNumber('minPerSecond', minPerSecond, { atLeast: 0 })
  expectNumber('ttl', ttl, { above: 0, atMost: longestWait, whole: true })
  const backoff = backoffOf(backoffOptions)
  const reserve = (minPerSecond * ttl) / 1000
  return {
    name: `retryBudget(${attempts}, ${share} + ${minPerSecond}/s in ${ttl} ms${backoffName(backoff)})`,
    wrap: (next, { clock, random, expose }) => {
      const calls = new SlidingCount(ttl)
      const retries = new SlidingCount(ttl)
      const left = (now: Millis) => reserve + share * calls.at(now) - retries.at(now)
      expose?.('retry budget', () => ({ left: left(clock.now()) }))
      return function retryBudget(call) {
        calls.add(clock.now())
        return sendAgain(call, next, clock, (reply, k) => {
          if (!isTransient(reply) || k >= attempts - 1) return undefined
          const now = clock.now()
          if (left(now) < 1) return undefined
          retries.add(now)
          return Math.max(laws.full(k, 0, backoff, random.next()), advice(reply))
        })
      }
    },
  }
}
