import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import { type Limit, unitOf } from '../../src/core/limit.ts'
import { amountOf, type LimitLimiter } from './limiter.ts'

/**
 * Anchored window: the first charge after a window has ended begins the next one, at its own instant. The sum over each window never exceeds the
 * limit.
 *
 * A window can be filled at its end and the next one at once, so that a trailing window can contain almost twice the limit. At the end of a window
 * all its charges are forgotten, including those beyond the limit. A refund moves no window, even if it gives the first charge back. Constant time
 * and memory.
 */
export function anchoredWindow({ rule, limit: initial, window }: Limit): LimitLimiter {
  expectNumber('limit', initial, { above: 0, whole: true })
  expectNumber('window', window, { above: 0, whole: true })
  const unit = unitOf(rule)
  let limit = initial
  /** When the last window began. */
  let start: Millis = -Infinity
  let charged = 0

  /** What the window that is open now has been charged; 0 when none is open. */
  const used = (now: Millis) => (now < start + window ? charged : 0)

  return {
    check(cost, now) {
      const amount = amountOf(cost, unit)
      if (amount === 0 || used(now) + amount <= limit) return undefined
      return { rule, retryAfter: amount > limit ? Infinity : start + window - now }
    },
    charge(cost, now) {
      const amount = amountOf(cost, unit)
      if (amount === 0) return
      charged = used(now) + amount
      if (now >= start + window) start = now
    },
    refund(cost, at) {
      if (at >= start) charged -= amountOf(cost, unit)
    },
    used,
    setLimit(next) {
      expectNumber('limit', next, { above: 0, whole: true })
      limit = next
    },
  }
}
