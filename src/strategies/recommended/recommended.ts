import type { Strategy } from '../../core/strategy.ts'
import { type SteerOptions, steer } from './steer.ts'
import { type TideOptions, tide } from './tide.ts'

/** The options of `recommended`. */
export interface RecommendedOptions extends SteerOptions, TideOptions {
  /**
   * Whether no other process uses the account. Alone, a process learns the limits and takes all of them; others would find no room beside it.
   * Default false: it takes a share that is fair to the others, and loses a part of the quota if there are none.
   */
  readonly alone?: boolean
}

/**
 * The strategy that this project recommends: `tide` for a process that is alone, and `steer` for all others, which needs no `limits` and
 * leaves them aside. Throws an `OptionError` for a wrong option.
 */
export function recommended({ alone = false, limits, ...lineOptions }: RecommendedOptions = {}): Strategy {
  const law = alone ? tide({ ...lineOptions, ...(limits && { limits }) }) : steer(lineOptions)
  return { name: `recommended(${law.name})`, wrap: law.wrap }
}
