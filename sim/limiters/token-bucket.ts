import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import { type Limit, unitOf } from '../../src/core/limit.ts'
import { amountOf, type LimitLimiter } from './limiter.ts'

/**
 * Token bucket: it holds `limit`, starts full, and refills evenly at limit / window per millisecond. A cost passes when the bucket holds it.
 * Charges beyond that leave a debt, which the refill pays first. A trailing window can contain up to twice the limit.
 *
 * The state is the amount that is missing, in units of 1/window: a millisecond gives back `limit` units, and a cost takes amount · window units.
 * All numbers are whole, so that no rounding lets a cost pass too early or too late. Constant time and memory.
 */
export function tokenBucket({ rule, limit: initial, window }: Limit): LimitLimiter {
  expectNumber('window', window, { above: 0, whole: true })
  const unit = unitOf(rule)
  let limit = expectCapacity(initial, window)
  /** Capacity minus level at the instant `asOf`, in units of 1/window. 0: the bucket is full. More than limit · window: it is in debt. */
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
     * What is missing stays missing, as charges stay in a sliding window: a bucket that was full is full with the new limit, too. The time since
     * the last check or charge refills the bucket at the new rate, unless a check just before lets it refill at the old rate.
     */
    setLimit(next) {
      limit = expectCapacity(next, window)
    },
  }
}

/** Checks the limit: a full bucket must be countable in units of 1/window. */
function expectCapacity(limit: number, window: Millis): number {
  expectNumber('limit', limit, { above: 0, whole: true })
  expectNumber('limit', limit, { atMost: Math.floor(Number.MAX_SAFE_INTEGER / window) })
  return limit
}
