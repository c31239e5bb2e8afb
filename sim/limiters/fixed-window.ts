import type { Millis } from '../../src/core/clock.ts'
import type { Limit } from '../../src/core/limit.ts'
import { calendarWindow } from './calendar-window.ts'
import type { LimitLimiter } from './limiter.ts'

/**
 * Fixed window: the sum over each window [p + k·w, p + (k+1)·w), with the phase p, never exceeds the limit.
 *
 * `phase`: an instant at which a window begins. Default: the clock's instant 0.
 */
export function fixedWindow(limit: Limit, phase: Millis = 0): LimitLimiter {
  const { window } = limit
  return calendarWindow(limit, (now) => {
    const start = Math.floor((now - phase) / window) * window + phase
    return { start, end: start + window }
  })
}
