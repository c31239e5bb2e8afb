import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expired, mayBeSent } from '../wait.ts'
import { Line } from './line.ts'

export interface ConcurrencyOptions {
  /** The most calls in flight. Whole, >= 1. */
  readonly limit: number
}

/**
 * At most `limit` calls in flight; the others wait in line, first come first served. By Little's law the rate is
 * limit ÷ service time: it drifts with the length of the answers, and bounds no rate when they are short.
 */
export function concurrency({ limit }: ConcurrencyOptions): Strategy {
  expectNumber('limit', limit, { atLeast: 1, whole: true })
  return {
    name: `concurrency(${limit})`,
    wrap: (next, { clock }) => {
      const line = new Line()
      let inFlight = 0
      return async function concurrency(call) {
        if (inFlight < limit) inFlight++
        else if (!(await line.join(call))) return expired
        try {
          // Whoever leaves hands its slot over; between that and here, a moment later, the call may have been aborted.
          return mayBeSent(call, clock.now()) ? await next(call) : expired
        } finally {
          if (!line.serve(clock.now())) inFlight--
        }
      }
    },
  }
}
