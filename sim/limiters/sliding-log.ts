import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import { type Limit, unitOf } from '../../src/core/limit.ts'
import { amountOf, type LimitLimiter } from './limiter.ts'

/**
 * Sliding log: the sum over the window (now − w, now] never exceeds the limit, whatever the window's position, as long as
 * only what passed is charged. What is charged beyond it (output tokens, a lowered limit) denies until enough has left.
 *
 * A ring of (instant, running total). The sum in the window is a difference of two totals; the instant at which enough has
 * left is found by bisection. Costs of one instant share an entry, so that the ring never holds more than
 * min(limit, window) entries for admitted requests, and `window` entries for anything; its room doubles and never shrinks.
 */
export function slidingLog({ rule, limit: initial, window }: Limit): LimitLimiter {
  expectNumber('limit', initial, { above: 0, whole: true })
  expectNumber('window', window, { above: 0, whole: true })
  const unit = unitOf(rule)
  let limit = initial
  let at = new Float64Array(16)
  let total = new Float64Array(16)
  let head = 0
  let size = 0
  /** Running total up to and including the newest entry, and up to the newest that has left the window. */
  let charged = 0
  let left = 0

  function expire(now: Millis): void {
    const mask = at.length - 1
    const horizon = now - window
    while (size > 0 && at[head]! <= horizon) {
      left = total[head]!
      head = (head + 1) & mask
      size--
    }
  }

  /** The oldest entry that must leave before `amount` fits: the first whose running total frees enough. */
  function instantThatFrees(amount: number): Millis {
    const mask = at.length - 1
    const needed = charged + amount - limit
    let low = 0
    let high = size - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (total[(head + middle) & mask]! >= needed) high = middle
      else low = middle + 1
    }
    return at[(head + low) & mask]! + window
  }

  function grow(): void {
    const mask = at.length - 1
    const wider = { at: new Float64Array(at.length * 2), total: new Float64Array(at.length * 2) }
    for (let i = 0; i < size; i++) {
      wider.at[i] = at[(head + i) & mask]!
      wider.total[i] = total[(head + i) & mask]!
    }
    at = wider.at
    total = wider.total
    head = 0
  }

  return {
    check(cost, now) {
      const amount = amountOf(cost, unit)
      expire(now)
      if (amount === 0 || charged - left + amount <= limit) return undefined
      return { rule, retryAfter: amount > limit ? Infinity : instantThatFrees(amount) - now }
    },
    charge(cost, now) {
      const amount = amountOf(cost, unit)
      if (amount === 0) return
      expire(now)
      charged += amount
      const newest = (head + size - 1) & (at.length - 1)
      if (size > 0 && at[newest] === now) {
        total[newest] = charged
        return
      }
      if (size === at.length) grow()
      const next = (head + size++) & (at.length - 1)
      at[next] = now
      total[next] = charged
    },
    used(now) {
      expire(now)
      return charged - left
    },
    setLimit(next) {
      expectNumber('limit', next, { above: 0, whole: true })
      limit = next
    },
  }
}
