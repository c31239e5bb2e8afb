import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import type { Unit } from '../../src/core/limit.ts'
import { amountOf, type Limiter } from './limiter.ts'

export interface BurstGuardOptions {
  readonly unit: Unit
  /** What any interval may carry, whatever went before: an absolute amount. Whole, > 0. */
  readonly floor: number
  /** How much an interval may exceed the busiest remembered one, as a factor >= 1. */
  readonly growth: number
  /** Length of an interval. Whole, > 0. */
  readonly interval: Millis
  /** How far back the guard remembers, rounded to intervals and at least one. Whole, > 0. */
  readonly memory: Millis
}

export interface BurstGuard extends Limiter {
  readonly unit: Unit
  readonly interval: Millis
  /** What the interval carries so far, and what it may carry, for those who watch. */
  level(now: Millis): { readonly used: number; readonly allowed: number }
}

/**
 * Burst guard: load may grow only by a factor from one interval to the next. That the provider has one is documented; this
 * law is an ASSUMPTION. With A_k the amount charged in [k·i, (k+1)·i) and m = max(1, round(memory / i)), a cost passes iff
 *
 *     A_k = 0   or   A_k + amount <= max(floor, ⌊growth · max(A_{k−1} … A_{k−m})⌋)
 *
 * A single request is no surge, however long its prompt: hence A_k = 0. So whatever is denied passes when the next interval
 * begins, if nobody else was admitted in it. Amortised constant time; memory: at most m intervals.
 */
export function burstGuard({ unit, floor, growth, interval, memory }: BurstGuardOptions): BurstGuard {
  expectNumber('floor', floor, { above: 0, whole: true })
  expectNumber('growth', growth, { atLeast: 1 })
  expectNumber('interval', interval, { above: 0, whole: true })
  expectNumber('memory', memory, { above: 0, whole: true })
  const remembered = Math.max(1, Math.round(memory / interval))
  /** The remembered intervals that no later one outdoes, oldest first: amounts strictly fall, so the first is the busiest. */
  const busiest: { readonly index: number; readonly amount: number }[] = []
  let current = -Infinity
  let used = 0
  let allowed = floor

  /** Closes the interval that is over, and forgets what is too old to count for the one that now begins. */
  function turn(now: Millis): void {
    const index = Math.floor(now / interval)
    if (index === current) return
    if (used > 0) {
      while (busiest.length > 0 && busiest.at(-1)!.amount <= used) busiest.pop()
      busiest.push({ index: current, amount: used })
    }
    while (busiest.length > 0 && busiest[0]!.index < index - remembered) busiest.shift()
    current = index
    used = 0
    allowed = Math.max(floor, Math.floor(growth * (busiest[0]?.amount ?? 0)))
  }

  return {
    unit,
    interval,
    level(now) {
      turn(now)
      return { used, allowed }
    },
    check(cost, now) {
      const amount = amountOf(cost, unit)
      turn(now)
      if (amount === 0 || used === 0 || used + amount <= allowed) return undefined
      return { rule: 'burst', retryAfter: (current + 1) * interval - now }
    },
    charge(cost, now) {
      turn(now)
      used += amountOf(cost, unit)
    },
  }
}
