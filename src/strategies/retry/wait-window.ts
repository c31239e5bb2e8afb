import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { longestWait } from '../bounds.ts'
import { sendAgain } from './send-again.ts'
import { advice, isTransient } from './transient.ts'

/** The options of `waitWindow`. */
export interface WaitWindowOptions {
  /** The most attempts at a call, the first included. Whole, >= 1. Default 10. */
  readonly attempts?: number
  /** The window of the limit, in milliseconds. > 0, <= 1e12. Default 60,000. */
  readonly window?: Millis
  /** The most that chance adds to a wait, in milliseconds. >= 0, <= 1e12. Default 10,000. */
  readonly spread?: Millis
}

/**
 * Waits until the window of the limit has passed, as many guides advise ("wait a minute"): before each retry `window` + U(0, 1) · `spread`,
 * and at least as long as the provider advises. A crowd that was throttled together returns almost together. Throws an `OptionError`
 * for a wrong option.
 */
export function waitWindow({ attempts = 10, window = 60_000, spread = 10_000 }: WaitWindowOptions = {}): Strategy {
  expectNumber('attempts', attempts, { atLeast: 1, whole: true })
  expectNumber('window', window, { above: 0, atMost: longestWait })
  expectNumber('spread', spread, { atLeast: 0, atMost: longestWait })
  return {
    name: `waitWindow(${attempts}, ${window}..${window + spread} ms)`,
    wrap: (next, { clock, random }) =>
      function waitWindow(call) {
        return sendAgain(call, next, clock, (reply, k) => {
          if (!isTransient(reply) || k >= attempts - 1) return undefined
          return Math.max(window + random.next() * spread, advice(reply))
        })
      },
  }
}
