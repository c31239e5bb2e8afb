import type { CaseComparison } from '../../compare/comparison.ts'
import type { Sweep } from '../../compare/sweeps.ts'

/** The packages that draw the charts. The published package does not depend on them, because most of its users need no charts. */
export const drawingPackages = ['@napi-rs/canvas', 'chart.js', '@fontsource/inter'] as const

/** The command that installs them. */
export const installDrawing = `npm install ${drawingPackages.join(' ')}`

/** The kinds of chart that each case has. */
export const chartKinds = ['efficiency', 'admitted', 'wait'] as const

type ChartKind = (typeof chartKinds)[number]

/** The folder of the charts in the report's folder. */
export const chartFolder = 'charts'

/** The path of a chart from the report's folder. */
export function chartFile(chosen: CaseComparison, kind: ChartKind): string {
  return `${chartFolder}/${chosen.name}-${kind}.png`
}

/** The path of the chart of a sweep from the report's folder. */
export function sweepChartFile({ of }: Sweep): string {
  return `${chartFolder}/${of}-sweep.png`
}

/** Whether a file in the folder of the charts has the name of a chart. */
export function isChart(name: string): boolean {
  return [...chartKinds, 'sweep'].some((kind) => name.endsWith(`-${kind}.png`))
}

export const chartTitles: Readonly<Record<ChartKind, string>> = {
  efficiency: 'Efficiency: how much of the reachable each strategy reaches',
  admitted: 'Admitted and denied attempts a second, over time',
  wait: 'Wait for admission, by share of the calls',
}

/** The path of the chart of a sensitivity from the report's folder. */
export const sensitivityChartFile = 'sensitivity.png'
