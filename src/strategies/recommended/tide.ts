import type { Strategy } from '../../core/strategy.ts'
import { finding, type TideOptions } from './finding.ts'

/**
 * For a process that has an account to itself. It learns from denials which windows limit requests and tokens and how much they hold, counts
 * its own sends in them, and sends as soon as there is room (`docs/recommended.md` has the law). While its limits do not explain the denials, it
 * shares as `steer` does. What is denied goes again, before what has not been sent yet. Throws an `OptionError` for a wrong option.
 */
export function tide(options: TideOptions = {}): Strategy {
  return finding('tide', options, true)
}
