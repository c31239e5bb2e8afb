import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import { type Limit, unitOf } from '../../src/core/limit.ts'
import { amountOf, type LimitLimiter } from './limiter.ts'

/**
 * Fixed window: the sum over each window [p + k·w, p + (k+1)·w), with the phase p, never exceeds the limit.
 *
 * Two neighbouring windows can both be filled where they meet, so that a trailing window can contain almost twice the limit. At the end of a
 * window all its charges are forgotten, including those beyond the limit. Constant time and memory.
 *
 * `phase`: an instant at which a window begins. Default: the clock's instant 0.
 */
export function fixedWindow({ rule, limit: initial, window }: Limit, phase: Millis = 0): LimitLimiter {
  expectNumber('limit', initial, { above: 0, whole: true })
  expectNumber('window', window, { above: 0, whole: true })
  const unit = unitOf(rule)
  let limit = initial
  /** The end of the window that `used` belongs to: the first instant after it. */
  let end: Millis = -Infinity
  let used = 0

  function turn(now: Millis): void {
    if (now < end) return
    end = (Math.floor((now - phase) / window) + 1) * window + phase
    used = 0
  }

  return {
    check(cost, now) {
      const amount = amountOf(cost, unit)
      turn(now)
      if (amount === 0 || used + amount <= limit) return undefined
      return { rule, retryAfter: amount > limit ? Infinity : end - now }
    },
    charge(cost, now) {
      turn(now)
      used += amountOf(cost, unit)
    },
    refund(cost, at, now) {
      turn(now)
      if (at >= end - window) used -= amountOf(cost, unit)
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
