import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import { type Limit, unitOf } from '../../src/core/limit.ts'
import { amountOf, type LimitLimiter } from './limiter.ts'

/** A window from its first instant to the first one after it. */
export interface Span {
  readonly start: Millis
  readonly end: Millis
}

/**
 * Windows that follow each other, of any lengths: the sum over each never exceeds the limit. `spanAt` returns the one that an instant lies in.
 *
 * Two neighbouring windows can both be filled where they meet, so that a trailing window can contain almost twice the limit. At the end of a
 * window all its charges are forgotten, including those beyond the limit. Constant time and memory.
 */
export function calendarWindow({ rule, limit: initial, window }: Limit, spanAt: (now: Millis) => Span): LimitLimiter {
  expectNumber('limit', initial, { above: 0, whole: true })
  expectNumber('window', window, { above: 0, whole: true })
  const unit = unitOf(rule)
  let limit = initial
  /** The window that `used` belongs to. */
  let span: Span = { start: -Infinity, end: -Infinity }
  let used = 0

  function turn(now: Millis): void {
    if (now < span.end) return
    span = spanAt(now)
    used = 0
  }

  return {
    check(cost, now) {
      const amount = amountOf(cost, unit)
      turn(now)
      if (amount === 0 || used + amount <= limit) return undefined
      return { rule, retryAfter: amount > limit ? Infinity : span.end - now }
    },
    charge(cost, now) {
      turn(now)
      used += amountOf(cost, unit)
    },
    refund(cost, at, now) {
      turn(now)
      if (at >= span.start) used -= amountOf(cost, unit)
    },
    used(now) {
      turn(now)
      return used
    },
    setLimit(next) {
      expectNumber('limit', next, { above: 0, whole: true })
      limit = next
    },
  }
}
