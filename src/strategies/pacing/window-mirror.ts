import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Limit } from '../../core/limit.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectLimits, longestInterval } from '../bounds.ts'
import { type GatedLineOptions, gatedLine, gatedLineName } from './gated-line.ts'
import { mirrorGate, usualPad } from './mirror-gate.ts'

/** The options of `windowMirror`. */
export interface WindowMirrorOptions extends GatedLineOptions {
  /** The limits that the client is told, of requests, of tokens or of both. */
  readonly limits: readonly Limit[]
  /** By how much each window is taken longer than it is, for network delays, in milliseconds. Whole, >= 0, <= 1e9. Default 30. */
  readonly pad?: Millis
}

/**
 * Keeps the provider's windows itself: a log of own sends for each limit, stamped with the instant of sending, over its window and `pad`. A
 * call goes at the first instant at which every log has room for it, not evenly spaced: of two crowds the k-th arrivals differ less in their
 * delays than two single ones. Tokens are reserved (`token-reservation.ts`) and corrected by the reply. Throws an `OptionError` for a wrong
 * option.
 */
export function windowMirror({ limits, pad = usualPad, ...lineOptions }: WindowMirrorOptions): Strategy {
  expectNumber('pad', pad, { atLeast: 0, atMost: longestInterval, whole: true })
  const told = expectLimits('limits', limits)
  return {
    name: `windowMirror(${pad} ms${gatedLineName(lineOptions)})`,
    wrap: (next, env) => gatedLine(next, env, mirrorGate(told, pad), lineOptions),
  }
}
