import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import type { Unit } from '../../src/core/limit.ts'
import { amountOf, type Limiter } from './limiter.ts'

export interface BurstGuardOptions {
  /** What is counted. */
  readonly unit: Unit
  /** The amount that an interval may always carry. Whole, > 0. */
  readonly floor: number
  /** The factor by which an interval may exceed the busiest remembered interval. At least 1. */
  readonly growth: number
  /** The length of an interval. Whole, > 0. */
  readonly interval: Millis
  /** How long the guard remembers an interval. Rounded to whole intervals, at least one. Whole, > 0. */
  readonly memory: Millis
  /** An instant at which an interval begins. Whole. Default: the clock's instant 0. */
  readonly phase?: Millis
}

/** A limiter of growth. */
export interface BurstGuard extends Limiter {
  readonly unit: Unit
  readonly interval: Millis
  readonly phase: Millis
  /** Returns what the current interval carries so far, and what it may carry. */
  level(now: Millis): { readonly used: number; readonly allowed: number }
}

/**
 * Burst guard: load may grow only by a factor from one interval to the next. The documentation says that the provider has such a guard; this
 * law is an ASSUMPTION. With A_k the amount charged in [p + k·i, p + (k+1)·i), where p is the phase, and m = max(1, round(memory / i)), a cost
 * passes if and only if
 *
 *     A_k = 0   or   A_k + amount <= max(floor, ⌊growth · max(A_{k−1} … A_{k−m})⌋)
 *
 * A single request is no surge, however long its prompt is: hence the condition A_k = 0. A denied cost therefore passes when the next interval
 * begins, if no other was admitted in it. Time: constant, amortised. Memory: at most m intervals.
 */
export function burstGuard({ unit, floor, growth, interval, memory, phase = 0 }: BurstGuardOptions): BurstGuard {
  expectNumber('floor', floor, { above: 0, whole: true })
  expectNumber('growth', growth, { atLeast: 1 })
  expectNumber('interval', interval, { above: 0, whole: true })
  expectNumber('memory', memory, { above: 0, whole: true })
  expectNumber('phase', phase, { whole: true })
  const remembered = Math.max(1, Math.round(memory / interval))
  /** The remembered intervals that no later interval exceeds, the oldest first. Their amounts strictly fall, so that the first is the busiest. */
  const busiest: { readonly index: number; readonly amount: number }[] = []
  let current = -Infinity
  let used = 0
  let allowed = floor

  /** Closes an interval that is over, and forgets the intervals that are too old for the one that begins. */
  function turn(now: Millis): void {
    const index = Math.floor((now - phase) / interval)
    if (index === current) return
    if (used > 0) {
      while (busiest.length > 0 && busiest.at(-1)!.amount <= used) busiest.pop()
      busiest.push({ index: current, amount: used })
    }
    while (busiest.length > 0 && busiest[0]!.index < index - remembered) busiest.shift()
    current = index
    used = 0
    allowed = Math.max(floor, Math.min(Number.MAX_SAFE_INTEGER, Math.floor(growth * (busiest[0]?.amount ?? 0))))
  }

  return {
    unit,
    interval,
    phase,
    level(now) {
      turn(now)
      return { used, allowed }
    },
    check(cost, now) {
      const amount = amountOf(cost, unit)
      turn(now)
      if (amount === 0 || used === 0 || used + amount <= allowed) return undefined
      return { rule: 'burst', retryAfter: (current + 1) * interval + phase - now }
    },
    charge(cost, now) {
      turn(now)
      used += amountOf(cost, unit)
    },
  }
}
