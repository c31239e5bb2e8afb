import type { Clock, Millis } from '../src/core/clock.ts'
import type { Random } from '../src/core/random.ts'

/** Returns a clock for a single caller. Each of its sleeps ends `by` ms late. A sleep takes no real time: it moves the clock and resolves. */
export function lateClock(by: Millis): Clock {
  let now = 0
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms + by
    },
  }
}

/** Returns a stream that repeats the listed numbers, each from [0, 1). Its `at` always returns the first of them. */
export function stubRandom(...draws: readonly number[]): Random {
  let count = 0
  return { next: () => draws[count++ % draws.length]!, fork: () => stubRandom(...draws), at: () => draws[0]! }
}
