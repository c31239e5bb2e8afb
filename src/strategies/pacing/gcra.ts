import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import { maximum } from '../../core/extremes.ts'
import type { Limit } from '../../core/limit.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectLimits, longestInterval } from '../bounds.ts'
import { evenGate } from './even-gate.ts'
import { type GatedLineOptions, gatedLine, gatedLineName } from './gated-line.ts'
import { Slots } from './slots.ts'

/** The options of `gcra`. */
export interface GcraOptions extends GatedLineOptions {
  /** The limits that the client is told. Those of tokens are ignored. */
  readonly limits: readonly Limit[]
  /** How much earlier than its slot a call may go, τ, in milliseconds. Whole, >= 0, <= 1e9. Default 100. */
  readonly tolerance?: Millis
  /** The share of the greatest safe rate that is used: less than 1 leaves room for network delays. >= 0.01 and <= 1. Default 0.95. */
  readonly share?: number
}

/**
 * The generic cell rate algorithm (ITU-T I.371, virtual scheduling): the n-th call in a row has its slot T after the one before, and goes up to
 * τ earlier. It is the bucket of size b = τ/T + 1 and rate 1/T, so that by the theorem of `safe-bucket.ts` no window W of a limit C ever holds
 * more if T ≥ (W + τ)/C. Throws an `OptionError` for a wrong option.
 */
export function gcra({ limits, tolerance = 100, share = 0.95, ...lineOptions }: GcraOptions): Strategy {
  expectNumber('tolerance', tolerance, { atLeast: 0, atMost: longestInterval, whole: true })
  expectNumber('share', share, { atLeast: 0.01, atMost: 1 })
  const told = expectLimits('limits', limits, 'requests')
  const interval = maximum(told.map(({ limit, window }) => (window + tolerance) / limit)) / share
  return {
    name: `gcra(${Number(interval.toPrecision(4))} ms, ${tolerance} ms${gatedLineName(lineOptions)})`,
    wrap: (next, env) => gatedLine(next, env, evenGate(new Slots(1, interval), tolerance), lineOptions),
  }
}
