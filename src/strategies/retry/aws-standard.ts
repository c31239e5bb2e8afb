import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { type Backoff, laws } from './jitter.ts'
import { sendAgain } from './send-again.ts'
import { isTransient } from './transient.ts'

/** The options of `awsStandard`. */
export interface AwsStandardOptions {
  /** The most attempts at a call, the first included. Whole, >= 1. Default 3, as in the SDK. */
  readonly attempts?: number
  /** The tokens of the retry quota when it is full. Whole, >= 0. Default 500, as in the SDK. */
  readonly quota?: number
  /** The tokens that a retry takes. Whole, >= 1. Default 5, as in the SDK. */
  readonly retryCost?: number
}

/** The waits of the SDK: before retry k = 0, 1, … it waits U(0, 1) · min(2^k, 20) s. */
export const awsBackoff: Backoff = { base: 1000, cap: 20_000 }

/** The tokens that come back when the first attempt at a call is answered. */
const refill = 1

/**
 * The "standard" mode of the AWS SDKs (botocore `retries/standard.py` and `quota.py` at 0e6e2404). All calls share one quota of retries:
 * a retry takes `retryCost` tokens, and without them the call fails at once. A call that is answered after a retry gives the tokens of
 * its last retry back, and a call that is answered at once adds 1. So a storm ends after `quota` ÷ `retryCost` retries, 100 of them,
 * and so does a batch. A timeout, for which the SDK takes 10 tokens, is an exception here and is not retried. Throws an `OptionError`
 * for a wrong option.
 */
export function awsStandard({ attempts = 3, quota = 500, retryCost = 5 }: AwsStandardOptions = {}): Strategy {
  expectNumber('attempts', attempts, { atLeast: 1, whole: true })
  expectNumber('quota', quota, { atLeast: 0, whole: true })
  expectNumber('retryCost', retryCost, { atLeast: 1, whole: true })
  return {
    name: `awsStandard(${attempts}, ${quota}/${retryCost})`,
    wrap: (next, { clock, random, expose }) => {
      let tokens = quota
      expose?.('retry quota', () => ({ tokens }))
      return function awsStandard(call) {
        return sendAgain(call, next, clock, (reply, k) => {
          if (reply.kind === 'ok') tokens = Math.min(quota, tokens + (k === 0 ? refill : retryCost))
          if (!isTransient(reply) || k >= attempts - 1 || tokens < retryCost) return undefined
          tokens -= retryCost
          return laws.full(k, 0, awsBackoff, random.next())
        })
      }
    },
  }
}
