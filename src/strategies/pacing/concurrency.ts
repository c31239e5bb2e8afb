import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expired } from '../wait.ts'
import { Line, lineName, type WaitingOptions } from './line.ts'

/** The options of `concurrency`. */
export interface ConcurrencyOptions extends WaitingOptions {
  /** The most calls in flight at once. Whole, >= 1. */
  readonly limit: number
}

/**
 * Keeps at most `limit` calls in flight. The others wait in line, first come first served. By Little's law the rate is
 * `limit` ÷ service time: it changes with the length of the answers, and it has no bound when they are short. Throws an `OptionError`
 * for a wrong option.
 */
export function concurrency({ limit, ...lineOptions }: ConcurrencyOptions): Strategy {
  expectNumber('limit', limit, { atLeast: 1, whole: true })
  return {
    name: `concurrency(${limit}${lineName(lineOptions)})`,
    wrap: (next, env) => {
      const { clock } = env
      const line = new Line<true>(env, lineOptions)
      let inFlight = 0
      return async function concurrency(call) {
        if (inFlight < limit) {
          inFlight++
          line.passBy(call)
        } else if (!(await line.join(call))) return expired
        try {
          // A call that ends gives its slot to the next one. That one may have been aborted before it comes to this line.
          return await line.send(call, next)
        } finally {
          if (!line.serve(clock.now(), true)) inFlight--
        }
      }
    },
  }
}
