import type { ChartConfiguration } from 'chart.js'
import type { CaseComparison, Row } from '../harness/comparison.ts'
import { admittedRate, binFor } from './admitted.ts'
import { axis, panelMarks } from './admitted-marks.ts'
import { type Chart, type ChartContext, chartWidth, frame, ink } from './chart.ts'
import { chartTitles } from './chart-files.ts'
import { decimal } from './figures.ts'

const panel = 46

type Axis = NonNullable<NonNullable<NonNullable<ChartConfiguration['options']>['scales']>[string]>

/** One panel a strategy, one above the other over the same time and with the same height of a request, against the limit. */
export function admittedChart(chosen: CaseComparison, { title, leaders }: ChartContext): Chart {
  const { rows, limitPerSecond } = chosen
  const bin = binFor(rows)
  const rates = rows.map(({ series }) => admittedRate(series, bin))
  const longest = bin * Math.max(1, ...rates.map(({ length }) => length))
  const [unit, seconds] = longest > 1200 ? ['minutes', 60] : ['seconds', 1]
  const top = ceiling(rates, limitPerSecond)
  const scales = Object.fromEntries(
    rows.map((_, i) => [axis(i), panelAxis(rows.length - i, top, limitPerSecond, nameWidth(rows))]),
  )
  const limit = Number.isFinite(limitPerSecond)
    ? `; dashed: the limit of one account at the start, ${decimal(limitPerSecond, 2)}/s`
    : ''
  const how = `first seed${bin > 1 ? `, means of ${bin} s` : ''}${limit}`
  return {
    width: chartWidth,
    height: 156 + panel * Math.max(1, rows.length),
    configuration: {
      type: 'line',
      data: { datasets: rows.map((row, i) => dataset(row, i, rates[i]!, bin / seconds, leaders)) },
      options: {
        parsing: false,
        layout: { padding: { left: 12, right: 150, top: 4, bottom: 8 } },
        scales: {
          x: {
            type: 'linear',
            min: 0,
            max: longest / seconds,
            grid: { color: ink.grid },
            ticks: { color: ink.quiet, font: { size: 13 }, maxTicksLimit: 10, includeBounds: false },
            title: { display: true, text: `${unit} since the start`, color: ink.quiet, font: { size: 13 } },
          },
          ...scales,
        },
        plugins: {
          ...frame(chartTitles.admitted, [title, how]),
          legend: { display: false },
        },
      },
      plugins: [panelMarks(rows, limitPerSecond, leaders)],
    },
  }
}

/** High enough for most, and low enough that a short peak of a pool of accounts does not flatten all others. */
function ceiling(rates: readonly number[][], limit: number): number {
  const highest = Math.max(0, ...rates.flat())
  const most = Number.isFinite(limit) ? Math.min(highest, 3 * limit) : highest
  return Math.max(1.5 * (Number.isFinite(limit) ? limit : 1), 1.1 * most)
}

function panelAxis(weight: number, top: number, limit: number, width: number) {
  return {
    type: 'linear' as const,
    stack: 'panels',
    position: 'left' as const,
    weight,
    min: 0,
    max: top,
    offset: false,
    grid: { display: false },
    border: { color: ink.grid },
    ticks: { color: ink.quiet, font: { size: 11 }, callback: (value) => decimal(Number(value), 2) },
    afterBuildTicks(scale) {
      scale.ticks = [{ value: 0 }, ...(Number.isFinite(limit) ? [{ value: limit }] : [])]
    },
    // Room for the strategy's name beside the figures.
    afterFit(scale) {
      scale.width = width
    },
  } satisfies Axis
}

function dataset(
  row: Row,
  i: number,
  rates: readonly number[],
  bin: number,
  leaders: readonly Row[],
): ChartConfiguration['data']['datasets'][number] {
  const colour = leaders.includes(row) ? ink.best : ink.quiet
  return {
    type: 'line',
    data: [...rates, 0].map((y, k) => ({ x: k * bin, y })),
    yAxisID: axis(i),
    stepped: 'before',
    borderColor: colour,
    borderWidth: 1.5,
    backgroundColor: `${colour}33`,
    fill: 'origin',
    pointRadius: 0,
  }
}

function nameWidth(rows: readonly Row[]): number {
  return 40 + 7.8 * Math.max(4, ...rows.map(({ id }) => id.length))
}
