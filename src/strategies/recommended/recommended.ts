import type { Strategy } from '../../core/strategy.ts'
import { finding, type TideOptions } from './finding.ts'
import { steer } from './steer.ts'
import { tide } from './tide.ts'

/** The options of `recommended`. */
export interface RecommendedOptions extends TideOptions {
  /**
   * Whether no other process uses the account: `true` always keeps to limits (`tide`), which leaves others no room, `false` always shares
   * (`steer`), whatever `limits` are told, which leaves a part of the quota to others that may not exist. Default: it finds out, and changes its mind.
   */
  readonly alone?: boolean
}

/**
 * The strategy that this project recommends. It shares the account with others that it cannot see until the denials show that there are none;
 * then it keeps to the limits that they have shown (`docs/recommended.md` has the law). With `limits` it keeps to these at first. Throws an
 * `OptionError` for a wrong option.
 */
export function recommended({ alone, ...options }: RecommendedOptions = {}): Strategy {
  // This checks all options, of which `steer` does not know `limits`.
  const law = finding('recommended', options, false)
  if (alone === undefined) return law
  const { limits: _, ...lineOptions } = options
  const { name, wrap } = alone ? tide(options) : steer(lineOptions)
  return { name: `recommended(${name})`, wrap }
}
