import type { CaseComparison } from '../../compare/comparison.ts'

/** The pictures of each case. */
export const chartKinds = ['success', 'admitted', 'wait'] as const

type ChartKind = (typeof chartKinds)[number]

/** Where a picture lies, from the report's folder. */
export function chartFile(chosen: CaseComparison, kind: ChartKind): string {
  return `charts/${chosen.name}-${kind}.png`
}

export const chartTitles: Readonly<Record<ChartKind, string>> = {
  success: 'Calls answered, by strategy',
  admitted: 'Admitted requests a second, over time',
  wait: 'Wait for admission, by share of the calls',
}
