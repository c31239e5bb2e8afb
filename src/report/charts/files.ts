import type { CaseComparison } from '../../compare/comparison.ts'

/** The kinds of chart that each case has. */
export const chartKinds = ['success', 'admitted', 'wait'] as const

type ChartKind = (typeof chartKinds)[number]

/** The path of a chart from the report's folder. */
export function chartFile(chosen: CaseComparison, kind: ChartKind): string {
  return `charts/${chosen.name}-${kind}.png`
}

export const chartTitles: Readonly<Record<ChartKind, string>> = {
  success: 'Calls answered, by strategy',
  admitted: 'Admitted requests a second, over time',
  wait: 'Wait for admission, by share of the calls',
}
