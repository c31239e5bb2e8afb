import { InputError } from '../../src/checks/input-error.ts'
import type { StudyFacts } from '../../src/compare/raw-result.ts'
import { hasWorse, type Regression, type RegressionOptions, regressionOf } from '../../src/compare/regression.ts'
import { leastSeeds } from '../../src/compare/statistics.ts'
import { jsonRegressions } from '../../src/report/regression/json-regression.ts'
import { markdownRegression } from '../../src/report/regression/markdown-regression.ts'
import { regressionSuites } from '../../src/report/regression/regression-suites.ts'
import { terminalRegression } from '../../src/report/regression/terminal-regression.ts'
import { outputWidth } from '../process/output-width.ts'
import { chosenFormat, type FormatOptions } from '../report/report.ts'
import type { CheckResult } from '../report/threshold-check.ts'
import type { ComparedPair } from './compared-results.ts'

/** Compares each pair. Throws an `InputError` when a pair has nothing in common. */
export function regressionsOf(pairs: readonly ComparedPair[], options: RegressionOptions): Regression[] {
  return pairs.map(([before, after]) => {
    const regression = regressionOf(before, after, options)
    if (regression.rows.length > 0 || regression.failed.length > 0) return regression
    const nothing = `Expected ${before.label} and ${after.label} to have a case and a strategy in common, got none.`
    throw new InputError([nothing, ...regression.remarks].join(' '))
  })
}

/** Throws an `InputError` when a result has one seed. Without a test no metric could become worse, and a gate would always pass. */
export function expectSeedsForGate(first: StudyFacts, second: StudyFacts): void {
  const fewest = Math.min(first.seeds.length, second.seeds.length)
  if (fewest >= leastSeeds) return
  throw new InputError(
    `Expected at least ${leastSeeds} seeds in both results for \`--gate\`, got ${fewest}: fewer cannot tell a difference from chance, so that ` +
      'nothing would ever become worse. Run the scenario with more, such as `--seeds 20`',
  )
}

/** Writes the differences as text in the chosen format. */
export function regressionText(regressions: readonly Regression[], options: FormatOptions, all: boolean): string {
  const format = chosenFormat(options)
  if (format === 'json') return jsonRegressions(regressions)
  if (format === 'md') return regressions.map(markdownRegression).join('\n')
  const width = outputWidth(process.stdout)
  return regressions.map((each) => terminalRegression(each, { width, all })).join('\n')
}

/** What the comparison found, for the files of a CI system and for the exit code. Without `--gate` nothing is crossed. */
export function checkRegressions(regressions: readonly Regression[], isGate: boolean): CheckResult {
  return {
    suites: regressions.flatMap(regressionSuites),
    markdown: regressions.map(markdownRegression).join('\n'),
    isCrossed: isGate && regressions.some(hasWorse),
  }
}

/** Says what a gate found: the strategies that failed, or that something became worse. `than` follows the latter. */
export function crossedText(regressions: readonly Regression[], than = ''): string {
  const failed = new Set(regressions.flatMap((each) => each.failed.map(({ id }) => id)))
  const isWorse = regressions.some(({ rows }) => rows.some(({ conclusion }) => conclusion === 'worse'))
  const parts = [
    ...(failed.size > 0 ? [`${[...failed].join(', ')} failed`] : []),
    ...(isWorse ? [`something became worse${than}`] : []),
  ]
  return parts.join(', and ')
}
