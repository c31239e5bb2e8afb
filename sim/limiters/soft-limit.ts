import type { Millis } from '../../src/core/clock.ts'
import type { LimitLimiter } from './limiter.ts'

/** Whether a platform has room for more than soft limits guarantee. `now` never goes back. */
export interface Room {
  isOpen(now: Millis): boolean
  /** Returns the first instant after now at which that changes. `Infinity`: it stays as it is. */
  changesAt(now: Millis): Millis
}

/**
 * A soft limit: the number is guaranteed, and while the platform has room, nothing beyond it is denied. What is charged then counts in the window, so
 * that after the room is gone costs are denied until the sum over the window is below the limit again.
 *
 * A cost that passes may be denied later although nothing was charged, since the room may be gone.
 */
export function softLimit(limiter: LimitLimiter, room: Room): LimitLimiter {
  return {
    ...limiter,
    check(cost, now) {
      const denial = limiter.check(cost, now)
      if (!denial || room.isOpen(now)) return undefined
      return { rule: denial.rule, retryAfter: Math.min(denial.retryAfter, room.changesAt(now) - now) }
    },
  }
}
