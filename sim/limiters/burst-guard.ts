import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import type { Unit } from '../../src/core/limit.ts'
import type { Limiter } from './limiter.ts'

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

/**
 * Burst guard: load may grow only by a factor from one interval to the next. That the provider has one is documented; this
 * law is an ASSUMPTION. With A_k the amount charged in [k·i, (k+1)·i) and m = max(1, round(memory / i)), a cost passes iff
 *
 *     A_k + amount <= max(floor, ⌊growth · max(A_{k−1} … A_{k−m})⌋)
 *
 * Without further charges the next interval allows the most that is still to come, since it remembers this one and has
 * carried nothing; every later one remembers the same or less. So a cost waits for the next interval or forever.
 * The allowance does not only recover: a cost that passes there may be denied later, when the busy interval is forgotten.
 * Amortised constant time; memory: at most m intervals.
 */
export function burstGuard({ unit, floor, growth, interval, memory }: BurstGuardOptions): Limiter {
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
    allowed = allowance(busiest[0]?.amount ?? 0)
  }

  function allowance(peak: number): number {
    return Math.max(floor, Math.floor(growth * peak))
  }

  function waitFor(amount: number, now: Millis): Millis {
    const next = current + 1
    // The busiest may be one interval from being forgotten; then its successor counts.
    const kept = busiest[0] && busiest[0].index < next - remembered ? busiest[1] : busiest[0]
    const peak = Math.max(used, kept?.amount ?? 0)
    return amount > allowance(peak) ? Infinity : next * interval - now
  }

  return {
    check(cost, now) {
      const amount = cost[unit]
      turn(now)
      if (amount === 0 || used + amount <= allowed) return undefined
      return { rule: 'burst', retryAfter: waitFor(amount, now) }
    },
    charge(cost, now) {
      turn(now)
      used += cost[unit]
    },
  }
}
