import type { Command } from 'commander'
import { addRegressionOptions } from '../compare/usage.ts'
import { addThresholdOptions } from '../report/threshold-options.ts'

/** Adds the options of the checks of a result: thresholds, an earlier run to compare with, and the files for a CI system. */
export function addCheckOptions(command: Command): Command {
  return addRegressionOptions(
    addThresholdOptions(command).option(
      '--compare-to <folder>',
      'also compare with an earlier run, as `ratelab compare` does, and write compare.md and compare.json',
    ),
  )
}
