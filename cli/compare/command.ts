import { exitCodes } from '../process/exit.ts'
import { type CheckFileOptions, expectCheckFiles, writeCheckFiles } from '../report/check-files.ts'
import type { FormatOptions } from '../report/report.ts'
import { comparedPairs } from './compared-results.ts'
import { checkRegressions, expectSeedsForGate, regressionsOf, regressionText } from './regression-check.ts'
import { leastOf, metricsOf } from './regression-options.ts'

/** The options of `ratelab compare`. */
export interface CompareCommandOptions extends FormatOptions, CheckFileOptions {
  readonly strategies?: readonly string[]
  readonly metrics?: readonly string[]
  readonly least: readonly string[]
  readonly all?: boolean
  readonly gate?: boolean
}

/** Runs `ratelab compare`, which prints the differences of each result from the first one. */
export async function compareCommand(paths: readonly string[], options: CompareCommandOptions): Promise<void> {
  const { strategies, metrics, all = false, gate = false } = options
  expectCheckFiles(options, true, '')
  const chosen = {
    least: leastOf(options.least),
    ...(metrics && { metrics: metricsOf(metrics) }),
    ...(strategies && { strategies }),
  }
  const pairs = await comparedPairs(paths, strategies)
  if (gate) for (const [before, after] of pairs) expectSeedsForGate(before.result.study, after.result.study)
  const regressions = regressionsOf(pairs, chosen)
  process.stdout.write(regressionText(regressions, options, all))
  const { suites, markdown, isCrossed } = checkRegressions(regressions, gate)
  await writeCheckFiles(options, suites, markdown)
  if (!isCrossed) return
  console.error('ratelab: something became worse (--gate).')
  process.exitCode = exitCodes.crossed
}
