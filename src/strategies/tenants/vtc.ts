import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectRate } from '../bounds.ts'
import { paceGate } from '../pacing/even-gate.ts'
import { gatedLine, gatedLineName } from '../pacing/gated-line.ts'
import type { PaceOptions } from '../pacing/pace.ts'
import { leastServedFirst } from './least-served-first.ts'

/** The options of `vtc`. */
export interface VtcOptions extends PaceOptions {
  /** What a token of a prompt counts. >= 0, <= 1e6. Default 1. */
  readonly promptWeight?: number
  /** What a token of an output counts. >= 0, <= 1e6. Default 2. */
  readonly outputWeight?: number
}

/**
 * A pace that is fair to tenants by the tokens that they get, with virtual token counters (Sheng et al., "Fairness in Serving Large Language
 * Models", OSDI 2024). Calls without a `tenant` are those of one more tenant.
 * Retries go before all others, whoever made them, unless `retriesFirst` is false. Throws an `OptionError` for a wrong option.
 */
export function vtc({ perSecond, promptWeight = 1, outputWeight = 2, ...lineOptions }: VtcOptions): Strategy {
  expectRate('perSecond', perSecond, 1000)
  expectNumber('promptWeight', promptWeight, { atLeast: 0, atMost: 1e6 })
  expectNumber('outputWeight', outputWeight, { atLeast: 0, atMost: 1e6 })
  return {
    name: `vtc(${perSecond}/s, ${promptWeight}:${outputWeight}${gatedLineName(lineOptions)})`,
    wrap: (next, env) =>
      gatedLine(next, env, paceGate(perSecond), lineOptions, leastServedFirst(promptWeight, outputWeight)),
  }
}
