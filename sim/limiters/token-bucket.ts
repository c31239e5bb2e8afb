import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import { type Limit, unitOf } from '../../src/core/limit.ts'
import { amountOf, type LimitLimiter } from './limiter.ts'

/**
 * Token bucket: it holds `limit`, starts full, and refills evenly at limit / window per millisecond. A cost passes when the bucket holds it.
 * Charges beyond that leave a debt, which the refill pays first. A trailing window can contain up to twice the limit.
 *
 * What is missing from the bucket at an instant t is, over the instants s of all charges, the maximum of
 *
 *     charged since s − (t − s) · limit / window
 *
 * and at least 0. The state is the list of these differences, because a refund lowers only those of the instants up to its charge. An instant whose
 * difference has come down to 0, or to that of a later instant, can never again be the maximum and is dropped. So the differences fall strictly from
 * the first to the last, and the first is what is missing. They are kept in units of 1/window: a millisecond gives back `limit` units, and a cost
 * takes amount · window units. As long as limit · window is below 2⁵³ all numbers are whole, so that no rounding lets a cost pass too early or too
 * late. Beyond that, rounding moves a charge by at most a part in 2⁵³ of the limit, which is less than a token.
 */
export function tokenBucket({ rule, limit: initial, window }: Limit): LimitLimiter {
  expectNumber('limit', initial, { above: 0, whole: true })
  expectNumber('window', window, { above: 0, whole: true })
  const unit = unitOf(rule)
  let limit = initial
  /** The charges that are not refilled: their instants, and their differences plus `paid`. */
  const since: Millis[] = []
  const owed: number[] = []
  /** What has been refilled less what has been charged since the list was last empty. One number changes all differences. */
  let paid = 0
  let asOf: Millis = -Infinity

  /** Refills until now. The list is empty when the bucket is full. */
  function refill(now: Millis): void {
    if (owed.length > 0) {
      paid += (now - asOf) * limit
      drop(owed.length, paid)
    }
    asOf = now
  }

  /** Drops the last of the first `end` instants as long as their differences, plus `paid`, are at most `least`. */
  function drop(end: number, least: number): void {
    let kept = end
    while (kept > 0 && owed[kept - 1]! <= least) kept--
    const dropped = end - kept
    // It does without `splice`, which makes a list even of nothing.
    for (let i = end; dropped > 0 && i < owed.length; i++) {
      since[i - dropped] = since[i]!
      owed[i - dropped] = owed[i]!
    }
    for (let i = 0; i < dropped; i++) {
      since.pop()
      owed.pop()
    }
    if (owed.length === 0) paid = 0
  }

  function missing(): number {
    return owed.length === 0 ? 0 : owed[0]! - paid
  }

  return {
    check(cost, now) {
      const amount = amountOf(cost, unit)
      refill(now)
      const excess = missing() + (amount - limit) * window
      if (amount === 0 || excess <= 0) return undefined
      return { rule, retryAfter: amount > limit ? Infinity : Math.ceil(excess / limit) }
    },
    charge(cost, now) {
      refill(now)
      const amount = amountOf(cost, unit) * window
      if (amount === 0) return
      if (since.at(-1) === now) {
        paid -= amount
        return
      }
      since.push(now)
      owed.push(paid)
      paid -= amount
    },
    refund(cost, at, now) {
      refill(now)
      let end = 0
      for (; end < since.length && since[end]! <= at; end++) owed[end]! -= amountOf(cost, unit) * window
      drop(end, owed[end] ?? paid)
    },
    used(now) {
      refill(now)
      return Math.ceil(missing() / window)
    },
    /**
     * What is missing stays missing, as charges stay in a sliding window: a bucket that was full is full with the new limit, too. The time since
     * the last check or charge refills the bucket at the new rate, unless a check just before lets it refill at the old rate.
     */
    setLimit(next) {
      expectNumber('limit', next, { above: 0, whole: true })
      limit = next
    },
  }
}
