import type { Limit } from '../../core/limit.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectLimits } from '../bounds.ts'
import { type GatedLineOptions, gatedLine, gatedLineName } from '../pacing/gated-line.ts'
import { FindingGate } from './finding-gate.ts'
import { untilAdmitted } from './until-admitted.ts'

/** The options of `tide`. */
export interface TideOptions extends GatedLineOptions {
  /** The limits, as far as they are known. Default: none. All others are learned, and so are changes of those. */
  readonly limits?: readonly Limit[]
}

/**
 * A strategy that sends by a `FindingGate`, and what is denied goes again. `law`: its name, and that of the part that it shows. `isAlone`: whether
 * it takes the process to be alone at first. Throws an `OptionError` for a wrong option.
 */
export function finding(law: string, { limits, ...lineOptions }: TideOptions, isAlone: boolean): Strategy {
  const known = limits === undefined ? [] : expectLimits('limits', limits)
  const told = known.map(({ rule, limit, window }) => `${rule} ${limit}/${window} ms`)
  return {
    name: `${law}${told.length === 0 ? '' : `(${told.join('; ')})`}${gatedLineName(lineOptions)}`,
    wrap: (next, env) => {
      const gate = new FindingGate(env.random, known, isAlone)
      env.expose?.(law, () => gate.inspect())
      return untilAdmitted(gatedLine(next, env, gate, lineOptions), env)
    },
  }
}
