import type { Judgement } from '../compare/thresholds.ts'
import { metricEstimate } from './figures/metrics.ts'
import type { TestSuite } from './junit.ts'
import { markdownTable } from './markdown/table.ts'
import { code, plain } from './markdown/user-text.ts'

/** One line for each judgement, and a last one with the numbers of those that are kept and crossed. */
export function thresholdLines(judgements: readonly Judgement[], currency: string): string[] {
  const lines = judgements.map((each) => {
    const { threshold, strategy, isKept } = each
    return `${isKept ? '✓' : '✗'} ${threshold.text}: ${strategy} in ${each.case}: ${figure(each, currency)}`
  })
  return [...lines, `Thresholds: ${summary(judgements)}.`]
}

/** A table of the judgements in Markdown, those that are crossed first. */
export function thresholdMarkdown(judgements: readonly Judgement[], currency: string): string {
  const crossedFirst = [...judgements].sort((a, b) => Number(a.isKept) - Number(b.isKept))
  const rows = crossedFirst.map((each) => [
    code(each.threshold.text),
    plain(each.case),
    plain(each.strategy),
    figure(each, currency),
    each.isKept ? '✓ kept' : '✗ crossed',
  ])
  const table = markdownTable(['threshold', 'case', 'strategy', 'median', 'result'], rows, [1, 2, 4])
  return `### ratelab: thresholds\n\n${summary(judgements)}.\n\n${table}\n`
}

/** The judgements as tests, a suite for each case. */
export function thresholdSuites(scenario: string, judgements: readonly Judgement[], currency: string): TestSuite[] {
  const cases = [...Map.groupBy(judgements, (each) => each.case)]
  return cases.map(([name, own]) => ({
    name: `${scenario}.${name}`,
    tests: own.map((each) => ({
      name: `${each.strategy}: ${each.threshold.text}`,
      output: figure(each, currency),
      ...(!each.isKept && {
        failure: `Expected ${each.threshold.text}, ${each.fault === undefined ? `got ${figure(each, currency)}` : `but the strategy failed: ${each.fault}`}`,
      }),
    })),
  }))
}

function summary(judgements: readonly Judgement[]): string {
  const kept = judgements.filter(({ isKept }) => isKept).length
  const close = judgements.filter(({ isClose }) => isClose).length
  const unsure = close > 0 ? `; ${close} within the interval, so other seeds may decide otherwise` : ''
  return `${kept} kept, ${judgements.length - kept} crossed${unsure}`
}

function figure({ threshold, estimate, isClose, fault }: Judgement, currency: string): string {
  if (fault !== undefined) return 'no figure, because the strategy failed'
  const shown = metricEstimate(threshold.metric, estimate, currency)
  return isClose ? `${shown}, within the interval` : shown
}
