import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import type { SendGate } from './gate.ts'
import { gatedLine } from './gated-line.ts'
import { lineName, type WaitingOptions } from './line.ts'

/** The options of `concurrency`. */
export interface ConcurrencyOptions extends WaitingOptions {
  /** The most calls in flight at once. Whole, >= 1. */
  readonly limit: number
}

/**
 * Keeps at most `limit` calls in flight. The others wait in line, first come first served, retries too. By Little's law the rate is
 * `limit` ÷ service time: it changes with the length of the answers, and it has no bound when they are short. Throws an `OptionError`
 * for a wrong option.
 */
export function concurrency({ limit, ...lineOptions }: ConcurrencyOptions): Strategy {
  expectNumber('limit', limit, { atLeast: 1, whole: true })
  return {
    name: `concurrency(${limit}${lineName(lineOptions)})`,
    wrap: (next, env) => gatedLine(next, env, concurrencyGate(limit), { ...lineOptions, retriesFirst: false }),
  }
}

function concurrencyGate(limit: number): SendGate {
  let inFlight = 0
  return {
    opensAt: () => (inFlight < limit ? -Infinity : Infinity),
    pass() {
      inFlight++
      return () => inFlight--
    },
  }
}
