import { InputError } from '../../src/checks/input-error.ts'
import { replaceFile } from '../files/named-file.ts'
import { exitCodes } from '../process/exit.ts'
import { print, tell } from '../process/output.ts'
import { type CheckFileOptions, expectCheckFiles, writeCheckFiles, written } from '../report/check-files.ts'
import { withPackages } from '../report/drawn.ts'
import type { FormatOptions } from '../report/report.ts'
import { comparedPairs } from './compared-results.ts'
import { checkRegressions, crossedText, expectSeedsForGate, regressionsOf, regressionText } from './regression-check.ts'
import { leastOf, metricsOf } from './regression-options.ts'

/** The options of `ratelab compare`. */
export interface CompareCommandOptions extends FormatOptions, CheckFileOptions {
  readonly strategies?: readonly string[]
  readonly metrics?: readonly string[]
  readonly least: readonly string[]
  readonly all?: boolean
  readonly gate?: boolean
  /** A PNG file for the chart. */
  readonly chart?: string
}

/** Runs `ratelab compare`, which prints the differences of each result from the first one. */
export async function compareCommand(paths: readonly string[], options: CompareCommandOptions): Promise<void> {
  const { strategies, metrics, all = false, gate = false, chart } = options
  if (chart === '') throw new InputError('Expected `--chart` to name a file, got ""')
  if (strategies?.length === 0) throw new InputError('Expected `--strategies` to name at least one strategy, got none')
  expectCheckFiles(options, true, '')
  const chosen = {
    least: leastOf(options.least),
    ...(metrics && { metrics: metricsOf(metrics) }),
    ...(strategies && { strategies }),
  }
  const pairs = await comparedPairs(paths, strategies)
  if (gate) for (const [before, after] of pairs) expectSeedsForGate(before.result.study, after.result.study)
  if (chart !== undefined && pairs.length > 1)
    throw new InputError(
      `Expected \`--chart\` with two results, because it shows one comparison, got ${pairs.length} comparisons`,
    )
  const regressions = regressionsOf(pairs, chosen)
  print(regressionText(regressions, options, all))
  const { suites, markdown, isCrossed } = checkRegressions(regressions, gate)
  await writeCheckFiles(options, suites, markdown)
  // A chart that cannot be drawn or written must not keep back the other files.
  if (chart !== undefined) {
    const { regressionPicture } = await import('../../src/report/charts/png.ts')
    const picture = await withPackages('Everything else is written.', () => regressionPicture(regressions[0]!))
    await written('--chart', chart, () => replaceFile(chart, picture))
  }
  if (!isCrossed) return
  tell(`ratelab: ${crossedText(regressions)} (--gate).`)
  process.exitCode = exitCodes.crossed
}
