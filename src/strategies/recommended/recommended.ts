import type { Strategy } from '../../core/strategy.ts'
import { type GatedLineOptions, gatedLine, gatedLineName } from '../pacing/gated-line.ts'
import { FindingGate } from './finding-gate.ts'
import { steer } from './steer.ts'
import { type TideOptions, tide, told } from './tide.ts'
import { untilAdmitted } from './until-admitted.ts'

/** The options of `recommended`. */
export interface RecommendedOptions extends TideOptions {
  /**
   * Whether no other process uses the account: `true` always keeps to limits (`tide`), which leaves others no room, `false` always shares
   * (`steer`), which leaves a part of the quota to others that may not exist. Default: it finds out, and changes its mind.
   */
  readonly alone?: boolean
}

/**
 * The strategy that this project recommends. It shares the account with others that it cannot see until the denials show that there are none;
 * then it keeps to the limits that they have shown (`docs/recommended.md` has the law). With `limits` it keeps to these at first. Throws an
 * `OptionError` for a wrong option.
 */
export function recommended({ alone, ...options }: RecommendedOptions = {}): Strategy {
  if (alone !== undefined) {
    const { limits: _, ...lineOptions } = options
    const law = alone ? tide(options) : steer(lineOptions)
    return { name: `recommended(${law.name})`, wrap: law.wrap }
  }
  return finding(options)
}

function finding({ limits, ...lineOptions }: TideOptions & GatedLineOptions): Strategy {
  const { known, name } = told(limits)
  return {
    name: `recommended${name}${gatedLineName(lineOptions)}`,
    wrap: (next, env) => {
      const gate = new FindingGate(env.random, known, false)
      env.expose?.('recommended', () => gate.inspect())
      return untilAdmitted(gatedLine(next, env, gate, lineOptions), env)
    },
  }
}
