import type { Strategy } from '../../core/strategy.ts'
import { expectRate } from '../bounds.ts'
import { paceGate } from './even-gate.ts'
import { type GatedLineOptions, gatedLine, gatedLineName } from './gated-line.ts'

/** The options of `pace`. */
export interface PaceOptions extends GatedLineOptions {
  /** Attempts per second. >= 1e-6. */
  readonly perSecond: number
}

/**
 * Spaces attempts evenly, never faster than `perSecond` in any window (`slots.ts` has the bound; where timers are late, it holds of a window
 * that is 50 ms longer). Which call is sent is decided only when a slot has come. Throws an `OptionError` for a wrong option.
 */
export function pace({ perSecond, ...lineOptions }: PaceOptions): Strategy {
  expectRate('perSecond', perSecond, 1000)
  return {
    name: `pace(${perSecond}/s${gatedLineName(lineOptions)})`,
    wrap: (next, env) => gatedLine(next, env, paceGate(perSecond), lineOptions),
  }
}
