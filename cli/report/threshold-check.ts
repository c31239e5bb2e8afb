import { inputErrorOf } from '../../src/checks/input-error.ts'
import type { Comparison } from '../../src/compare/comparison.ts'
import type { StudyFacts } from '../../src/compare/raw-result.ts'
import { judgeThresholds, readThreshold, type Threshold, thresholdProblems } from '../../src/compare/thresholds.ts'
import type { TestSuite } from '../../src/report/junit.ts'
import { thresholdLines, thresholdMarkdown, thresholdSuites } from '../../src/report/threshold-report.ts'
import { tell } from '../process/output.ts'

/** What a check found, for the files of a CI system and for the exit code. */
export interface CheckResult {
  readonly suites: readonly TestSuite[]
  /** Empty when nothing was checked. */
  readonly markdown: string
  readonly isCrossed: boolean
}

/**
 * Reads the thresholds of the command line and adds those of the scenario. Throws an `InputError` that lists every problem. A threshold
 * of the scenario for a strategy that `--strategies` leaves out is dropped, and standard error says so.
 */
export function thresholdsFor(
  typed: readonly string[],
  { cases: own, failed = [] }: StudyFacts,
  ofScenario: readonly string[] = [],
): Threshold[] {
  // The facts of a result name a strategy that failed only once, and in no case.
  const cases = own.map(({ name, contestants }) => ({ name, contestants: [...contestants, ...failed] }))
  const read = typed.map((text) => readThreshold('--threshold', text))
  const problems = read.flatMap((each) =>
    'problem' in each ? [each.problem] : thresholdProblems('--threshold', each.threshold, cases),
  )
  if (problems.length > 0) throw inputErrorOf(problems)
  const kept = ofScenario.flatMap((text) => {
    const each = readThreshold('thresholds', text)
    if ('problem' in each) return []
    if (thresholdProblems('thresholds', each.threshold, cases).length === 0) return [each.threshold]
    tell(`The scenario’s threshold ${text} is not judged, because its strategy does not take part.`)
    return []
  })
  return [...read.flatMap((each) => ('threshold' in each ? [each.threshold] : [])), ...kept]
}

/** Judges the thresholds and prints the judgements on standard error, because standard output has the report. */
export function checkThresholds(thresholds: readonly Threshold[], comparison: Comparison): CheckResult {
  if (thresholds.length === 0) return { suites: [], markdown: '', isCrossed: false }
  const { currency } = comparison.profile
  const judgements = judgeThresholds(thresholds, comparison)
  for (const line of thresholdLines(judgements, currency)) tell(line)
  return {
    suites: thresholdSuites(comparison.scenario.name, judgements, currency),
    markdown: thresholdMarkdown(judgements, currency),
    isCrossed: judgements.some(({ isKept }) => !isKept),
  }
}
