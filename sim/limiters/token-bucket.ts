import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import { type Limit, unitOf } from '../../src/core/limit.ts'
import { amountOf, type LimitLimiter } from './limiter.ts'

/**
 * Token bucket: holds `limit`, starts full, and refills evenly at limit / window a millisecond. A cost passes when the bucket
 * holds it. Charges beyond that leave a debt, which the refill pays first. A trailing window may see up to twice the limit.
 *
 * What is kept is how much is missing, in units of 1/window: a millisecond returns `limit` units and an amount takes
 * amount · window of them. All of it is whole, so no rounding can let a cost pass early or late. Constant time and memory.
 */
export function tokenBucket({ rule, limit: initial, window }: Limit): LimitLimiter {
  expectNumber('window', window, { above: 0, whole: true })
  const unit = unitOf(rule)
  let limit = expectCapacity(initial, window)
  /** Capacity − level, in units of 1/window, at the instant `asOf`. Full: 0. In debt: more than limit · window. */
  let missing = 0
  let asOf: Millis = -Infinity

  function refill(now: Millis): void {
    if (missing > 0) missing = Math.max(0, missing - (now - asOf) * limit)
    asOf = now
  }

  return {
    check(cost, now) {
      const amount = amountOf(cost, unit)
      refill(now)
      const excess = missing + (amount - limit) * window
      if (amount === 0 || excess <= 0) return undefined
      return { rule, retryAfter: amount > limit ? Infinity : Math.ceil(excess / limit) }
    },
    charge(cost, now) {
      refill(now)
      missing += amountOf(cost, unit) * window
    },
    used(now) {
      refill(now)
      return Math.ceil(missing / window)
    },
    /**
     * What is missing stays missing, as charges stay in a sliding window: a bucket that was full is full of the new limit.
     * Time since the last check or charge refills at the new rate; a check of any cost just before settles it at the old.
     */
    setLimit(next) {
      limit = expectCapacity(next, window)
    },
  }
}

/** A full bucket must be countable in units of 1/window. */
function expectCapacity(limit: number, window: Millis): number {
  expectNumber('limit', limit, { above: 0, whole: true })
  expectNumber('limit', limit, { atMost: Math.floor(Number.MAX_SAFE_INTEGER / window) })
  return limit
}
