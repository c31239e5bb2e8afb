import type { ChartConfiguration } from 'chart.js'
import type { CaseComparison, Row } from '../../compare/comparison.ts'
import { maximum } from '../../core/extremes.ts'
import { admittedRate, binSeconds } from '../figures/admitted-rate.ts'
import { decimal, duration } from '../figures/figures.ts'
import { limitWords } from '../sentences/phrases.ts'
import { axisName, type Point, panelMarks } from './admitted-marks.ts'
import { type Chart, type ChartContext, chartWidth, headings, ink } from './chart.ts'
import { chartTitles } from './files.ts'

/** The height of a strategy's panel in CSS pixels. */
const panelHeight = 46

/** The height of a panel when limits are raised, so that two of them can be labelled. */
const tallPanelHeight = 64

type Axis = NonNullable<NonNullable<NonNullable<ChartConfiguration['options']>['scales']>[string]>

/** The admitted attempts a second over time. Each strategy has a panel; all panels have the same scales and show the limit. */
export function admittedChart(chosen: CaseComparison, { title, leaders }: ChartContext): Chart {
  const { rows, limitPerSecond, raises } = chosen
  const bin = binSeconds(rows)
  const rates = rows.map(({ series }) => admittedRate(series, bin))
  const longest =
    bin *
    maximum(
      rates.map(({ length }) => length),
      1,
    )
  const [unit, seconds] = axisUnit(longest)
  const highest = raises.reduce((most, { perSecond }) => Math.max(most, perSecond), limitPerSecond)
  const top = axisTop(rates, limitPerSecond, highest)
  const scales = Object.fromEntries(
    rows.map((_, i) => [
      axisName(i),
      panelAxis(rows.length - i, top, limitTicks(limitPerSecond, highest), nameWidth(rows)),
    ]),
  )
  const limit = Number.isFinite(limitPerSecond) ? `; dashed: the limit of one account, ${limitWords(chosen, '/s')}` : ''
  const how = `first seed${bin > 1 ? `, means of ${duration(1000 * bin)}` : ''}${limit}`
  return {
    width: chartWidth,
    height: 156 + (raises.length > 0 ? tallPanelHeight : panelHeight) * Math.max(1, rows.length),
    configuration: {
      type: 'line',
      data: { datasets: rows.map((row, i) => dataset(i, pointsOf(rates[i]!, bin / seconds), leaders.includes(row))) },
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
          ...headings(chartTitles.admitted, [title, how]),
          legend: { display: false },
        },
      },
      plugins: [panelMarks(rows, limitLine(chosen, longest, seconds), leaders)],
    },
  }
}

/** The unit of the axis of time, and its length in seconds: at least 20 of it fit on the axis, or it is the second. */
function axisUnit(longest: number): readonly [unit: string, seconds: number] {
  if (longest > 20 * 86_400) return ['days', 86_400]
  if (longest > 20 * 3600) return ['hours', 3600]
  return longest > 20 * 60 ? ['minutes', 60] : ['seconds', 1]
}

/** The top of the vertical axis. A short peak of a pool of accounts may be cut off, so that the other curves do not become flat. */
function axisTop(rates: readonly number[][], limit: number, highest: number): number {
  const peak = maximum(rates.flat(), 0)
  if (!Number.isFinite(limit)) return Math.max(1.5, 1.1 * peak)
  return Math.max(1.5 * limit, 1.3 * highest, 1.1 * Math.min(peak, 3 * highest))
}

/** The points of the limit as a step line up to the instant `until`. There is no point when there is no limit. */
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

/** The limits that the axis of a panel names: the highest, and that at the start when it is not close to the highest or to 0. */
function limitTicks(limit: number, highest: number): number[] {
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
    // This leaves room for the strategy's name.
    afterFit(scale) {
      scale.width = width
    },
  } satisfies Axis
}

/** The points of a stepped curve whose values are `bin` units of the axis apart. It ends at 0. */
function pointsOf(rates: readonly number[], bin: number): Point[] {
  return [...rates, 0].map((y, k) => ({ x: k * bin, y }))
}

function dataset(panel: number, data: Point[], isLeader: boolean): ChartConfiguration['data']['datasets'][number] {
  const colour = isLeader ? ink.best : ink.quiet
  return {
    type: 'line',
    data,
    yAxisID: axisName(panel),
    stepped: 'before',
    borderColor: colour,
    borderWidth: 1.5,
    backgroundColor: `${colour}33`,
    fill: 'origin',
    pointRadius: 0,
  }
}

function nameWidth(rows: readonly Row[]): number {
  return (
    40 +
    7.8 *
      maximum(
        rows.map(({ id }) => id.length),
        4,
      )
  )
}
