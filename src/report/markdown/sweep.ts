import type { Sweep } from '../../compare/sweeps.ts'
import { loadText } from '../../scenario/sweep-point.ts'
import { sweepChartFile } from '../charts/files.ts'
import { decimal, whole } from '../figures/figures.ts'
import { sweepTitle } from '../sentences/sweep.ts'
import { markdownTable } from './table.ts'
import { code } from './user-text.ts'

/** The section of a sweep: its curves as a table, and as a chart if there are charts. */
export function sweepSection(sweep: Sweep, hasCharts: boolean): string {
  const { points, curves } = sweep
  const heading = ['strategy', ...points.map(({ load }) => loadText(load))]
  const rows = [
    ['offered calls', ...points.map(({ calls }) => whole(calls))],
    ...curves.map(({ id, goodput }) => [code(id), ...goodput.map(({ value }) => decimal(value))]),
  ]
  const chart = hasCharts ? [`![${sweepTitle(sweep)}](${sweepChartFile(sweep)})`] : []
  return [`## ${sweepTitle(sweep)}`, ...chart, markdownTable(heading, rows)].join('\n\n')
}
