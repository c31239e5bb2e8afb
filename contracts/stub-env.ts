import type { Clock, Millis } from '../src/core/clock.ts'
import type { Random } from '../src/core/random.ts'

/** A clock for one waiter, whose every wait ends `by` ms late. Nothing waits in real time: a sleep moves the clock and resolves. */
export function lateClock(by: Millis): Clock {
  let now = 0
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms + by
    },
  }
}

/** A stream that gives the listed draws over and over, each from [0, 1); `at` always gives the first. */
export function stubRandom(...draws: readonly number[]): Random {
  let drawn = 0
  return { next: () => draws[drawn++ % draws.length]!, fork: () => stubRandom(...draws), at: () => draws[0]! }
}
