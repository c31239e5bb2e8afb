import type { ChartConfiguration } from 'chart.js'
import type { CaseComparison, Row } from '../../compare/comparison.ts'
import { admittedRate, binFor } from '../figures/admitted-rate.ts'
import { decimal } from '../figures/figures.ts'
import { limitWords } from '../sentences/phrases.ts'
import { axis, type Point, panelMarks } from './admitted-marks.ts'
import { type Chart, type ChartContext, chartWidth, frame, ink } from './chart.ts'
import { chartTitles } from './files.ts'

/** Height of a panel, and of one with a second limit to label. */
const [panel, tallPanel] = [46, 64]

type Axis = NonNullable<NonNullable<NonNullable<ChartConfiguration['options']>['scales']>[string]>

/** One panel a strategy, one above the other over the same time and with the same height of a request, against the limit. */
export function admittedChart(chosen: CaseComparison, { title, leaders }: ChartContext): Chart {
  const { rows, limitPerSecond, raises } = chosen
  const bin = binFor(rows)
  const rates = rows.map(({ series }) => admittedRate(series, bin))
  const longest = bin * Math.max(1, ...rates.map(({ length }) => length))
  const [unit, seconds] = longest > 1200 ? ['minutes', 60] : ['seconds', 1]
  const highest = raises.reduce((most, { perSecond }) => Math.max(most, perSecond), limitPerSecond)
  const top = ceiling(rates, limitPerSecond, highest)
  const scales = Object.fromEntries(
    rows.map((_, i) => [axis(i), panelAxis(rows.length - i, top, labelled(limitPerSecond, highest), nameWidth(rows))]),
  )
  const limit = Number.isFinite(limitPerSecond) ? `; dashed: the limit of one account, ${limitWords(chosen, '/s')}` : ''
  const how = `first seed${bin > 1 ? `, means of ${bin} s` : ''}${limit}`
  return {
    width: chartWidth,
    height: 156 + (raises.length > 0 ? tallPanel : panel) * Math.max(1, rows.length),
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
      plugins: [panelMarks(rows, limitLine(chosen, longest, seconds), leaders)],
    },
  }
}

/** High enough for most, and low enough that a short peak of a pool of accounts does not flatten all others. */
function ceiling(rates: readonly number[][], limit: number, highest: number): number {
  const peak = Math.max(0, ...rates.flat())
  if (!Number.isFinite(limit)) return Math.max(1.5, 1.1 * peak)
  return Math.max(1.5 * limit, 1.3 * highest, 1.1 * Math.min(peak, 3 * highest))
}

/** The limit as a step line over the time that is drawn; without a point where there is none. */
export function limitLine({ limitPerSecond, raises }: CaseComparison, until: number, unit: number): readonly Point[] {
  if (!Number.isFinite(limitPerSecond)) return []
  const steps = raises.map(({ at, perSecond }) => ({ x: at / 1000, y: perSecond })).filter(({ x }) => x < until)
  let y = limitPerSecond
  const corners = steps.flatMap((step) => {
    const before = { x: step.x, y }
    y = step.y
    return [before, step]
  })
  return [{ x: 0, y: limitPerSecond }, ...corners, { x: until, y }].map(({ x, y }) => ({ x: x / unit, y }))
}

/** The figures beside a panel: the highest limit, and the one at the start where there is room for it between that and 0. */
function labelled(limit: number, highest: number): number[] {
  const share = limit / highest
  return share > 0.25 && share < 0.75 ? [limit, highest] : [highest]
}

function panelAxis(weight: number, top: number, limits: readonly number[], width: number) {
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
      scale.ticks = [0, ...limits.filter(Number.isFinite)].map((value) => ({ value }))
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
