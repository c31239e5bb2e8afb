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
 * For a process that has an account to itself. It learns from denials which windows limit requests and tokens and how much they hold, counts
 * its own sends in them, and sends as soon as there is room (`docs/recommended.md` has the law). While its limits do not explain the denials, it
 * shares as `steer` does. What is denied goes again, before what has not been sent yet. Throws an `OptionError` for a wrong option.
 */
export function tide({ limits, ...lineOptions }: TideOptions = {}): Strategy {
  const { known, name } = told(limits)
  return {
    name: `tide${name}${gatedLineName(lineOptions)}`,
    wrap: (next, env) => {
      const gate = new FindingGate(env.random, known, true)
      env.expose?.('tide', () => gate.inspect())
      return untilAdmitted(gatedLine(next, env, gate, lineOptions), env)
    },
  }
}

/** The limits that a client is told, and how the name of its strategy tells them. Throws an `OptionError` for wrong ones. */
export function told(limits: readonly Limit[] | undefined): {
  readonly known: readonly Limit[]
  readonly name: string
} {
  const known = limits === undefined ? [] : expectLimits('limits', limits)
  const names = known.map(({ rule, limit, window }) => `${rule} ${limit}/${window} ms`)
  return { known, name: names.length === 0 ? '' : `(${names.join('; ')})` }
}
