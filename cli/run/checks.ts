import type { Study, StudyResult } from '../../lab/study.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { haveCommonRuns } from '../../src/compare/matched-runs.ts'
import type { Regression } from '../../src/compare/regression.ts'
import { readResult } from '../compare/compared-results.ts'
import {
  checkRegressions,
  crossedText,
  expectSeedsForGate,
  regressionsOf,
  regressionText,
} from '../compare/regression-check.ts'
import { leastOf } from '../compare/regression-options.ts'
import type { Files } from '../files/written-together.ts'
import { exitCodes } from '../process/exit.ts'
import { print, tell } from '../process/output.ts'
import { type CheckFileOptions, expectCheckFiles, writeCheckFiles } from '../report/check-files.ts'
import { chosenFormat, type FormatOptions } from '../report/report.ts'
import { checkThresholds, thresholdsFor } from '../report/threshold-check.ts'

/** The options of `ratelab run` and `ratelab merge` that check their result. */
export interface CheckOptions extends FormatOptions, CheckFileOptions {
  readonly threshold: readonly string[]
  /** The folder of an earlier run to compare with. */
  readonly compareTo?: string
  readonly least: readonly string[]
  readonly gate?: boolean
}

/** What the checks of a result have found. */
export interface CheckedResult {
  /** The files that belong into the folder of the report. */
  readonly files: Files
  /** Prints it, writes the files that a CI system reads, and sets the exit code. */
  show(): Promise<void>
}

/** Judges a result. */
export type RunCheck = (result: StudyResult) => CheckedResult

/**
 * Prepares what a result is checked against: thresholds, and an earlier run. Throws an `InputError` before anything runs or is written
 * when a threshold is wrong, or when the earlier run cannot be compared.
 */
export async function checksOf(study: Pick<Study, 'facts' | 'thresholds'>, options: CheckOptions): Promise<RunCheck> {
  const { threshold, compareTo, gate = false } = options
  const thresholds = thresholdsFor(threshold, study.facts, study.thresholds)
  const isChecked = thresholds.length > 0 || compareTo !== undefined
  expectCheckFiles(options, isChecked, 'add a `--threshold` or `--compare-to`')
  if (compareTo === undefined && (gate || options.least.length > 0))
    throw new InputError(
      'Expected `--gate` and `--least` only with `--compare-to FOLDER`, which names the run to compare with',
    )
  const least = leastOf(options.least)
  const earlier = compareTo === undefined ? undefined : await readResult(compareTo)
  if (earlier && !haveCommonRuns(earlier.study, study.facts))
    throw new InputError(
      `Expected \`--compare-to\` to name a run of the same scenario, got ${compareTo}: it has no case with a strategy of ${study.facts.scenario.name}`,
    )
  if (earlier && gate) expectSeedsForGate(earlier.study, study.facts)
  return (result) => {
    if (!isChecked) return { files: {}, show: async () => {} }
    const before = earlier && { label: compareTo!, result: earlier }
    const regressions = before ? regressionsOf([[before, { label: 'this run', result }]], { least }) : []
    return {
      files: before ? regressionFiles(regressions) : {},
      async show() {
        const judged = checkThresholds(thresholds, result.comparison)
        const compared = checkRegressions(regressions, gate)
        // Standard output that has JSON is one document.
        if (before && chosenFormat(options) !== 'json') print(`\n${regressionText(regressions, options, false)}`)
        await writeCheckFiles(
          options,
          [...judged.suites, ...compared.suites],
          [judged.markdown, compared.markdown].filter((part) => part !== '').join('\n'),
        )
        if (compared.isCrossed) tell(`ratelab: ${crossedText(regressions, ` than in ${compareTo}`)} (--gate).`)
        if (judged.isCrossed || compared.isCrossed) process.exitCode = exitCodes.crossed
      },
    }
  }
}

function regressionFiles(regressions: readonly Regression[]): Files {
  return {
    'compare.md': regressionText(regressions, { format: 'md' }, false),
    'compare.json': regressionText(regressions, { format: 'json' }, false),
  }
}
