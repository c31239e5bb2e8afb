import type { Millis } from '../../src/core/clock.ts'
import { duration, percent } from '../../src/report/figures/figures.ts'

/** A call that starts later than this after its arrival, in real time, is late. A timer of the platform alone is some 2 ms late. */
const late: Millis = 20

/** The share of late calls from which on the generator has fallen behind. */
const leastLateShare = 0.01

/** How late the calls of a load start: whether the generator keeps up with the plan. */
export interface StartDelays {
  /** Takes note of a call that starts so long after its arrival, in real time. */
  started(delay: Millis): void
  /** Returns a sentence with figures when the generator has fallen behind. */
  warning(): string | undefined
}

/** Delays of which none is known yet. They are kept as one number for each whole millisecond, so that their memory is bounded. */
export function startDelays(): StartDelays {
  const counts = new Map<Millis, number>()
  let calls = 0
  let longest = 0
  return {
    started(delay) {
      const whole = Math.min(60_000, Math.max(0, Math.floor(delay)))
      counts.set(whole, (counts.get(whole) ?? 0) + 1)
      longest = Math.max(longest, delay)
      calls++
    },
    warning() {
      const lateCalls = [...counts].reduce((sum, [delay, count]) => sum + (delay > late ? count : 0), 0)
      if (lateCalls / calls < leastLateShare || calls === 0) return undefined
      return (
        `The generator fell behind: ${percent(lateCalls / calls)} of ${calls} calls started more than ${duration(late)} of real time after their arrival, ` +
        `the latest ${duration(longest)}. Latencies count from the arrival all the same, but the load was not the planned one: ` +
        'use a machine with less to do, a lower `--speed`, or a smaller load'
      )
    },
  }
}
