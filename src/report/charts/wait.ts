import type { ChartConfiguration } from 'chart.js'
import { type CaseComparison, optimaOf, type Row, usualQuota } from '../../compare/comparison.ts'
import { maximum, minimum } from '../../core/extremes.ts'
import { percent, shortDuration } from '../figures/figures.ts'
import { listed } from '../sentences/phrases.ts'
import { type Chart, type ChartContext, chartWidth, curveStyle, headings, ink } from './chart.ts'
import { chartTitles } from './files.ts'
import { type Curve, endLabels, labelWidth } from './wait-labels.ts'

/** The least share of answered calls for which a curve is drawn. Below it the strategy is named under the chart instead. */
const leastDrawnShare = 0.05

/** When the longest wait is more than this number of times the waits in the middle of a curve, the axis is logarithmic. */
const logarithmicRatio = 100

type Dataset = ChartConfiguration['data']['datasets'][number]

/** The wait by share of the calls, a curve for each strategy. A curve ends at the share of answered calls. */
export function waitChart({ rows }: CaseComparison, { title, leaders }: ChartContext): Chart {
  const curves = curvesOf(rows, leaders)
  const logarithmic = needsLogarithm(curves)
  const leastWait = logarithmic ? 0.01 : 0
  const quota = usualQuota(rows)
  const optimum = quota === undefined ? '' : `; diamonds: p50, p95 of the reachable on ${quota}`
  return {
    width: chartWidth,
    height: 600,
    configuration: {
      type: 'scatter',
      data: {
        datasets: [...curves.map((curve) => dataset(curve, leastWait)), ...optimumMarks(rows, quota, leastWait)],
      },
      options: {
        layout: { padding: { left: 12, right: labelWidth(curves), top: 8, bottom: 10 } },
        scales: {
          x: {
            type: 'linear',
            min: 0,
            max: 100,
            grid: { color: ink.grid },
            ticks: { color: ink.quiet, font: { size: 13 }, stepSize: 10, callback: (value) => `${value} %` },
            title: {
              display: true,
              text: ['share of the offered calls, shortest wait first', ...notDrawn(rows, curves)],
              color: ink.quiet,
              font: { size: 13 },
            },
          },
          y: {
            type: logarithmic ? 'logarithmic' : 'linear',
            min: leastWait,
            grid: { color: ink.grid },
            ticks: { color: ink.quiet, font: { size: 13 }, callback: (value) => tick(Number(value), logarithmic) },
            title: {
              display: true,
              text: `wait for admission${logarithmic ? ' (logarithmic)' : ''}`,
              color: ink.quiet,
              font: { size: 13 },
            },
          },
        },
        plugins: {
          ...headings(chartTitles.wait, [title, `first seed; a curve ends where calls go unanswered${optimum}`]),
          legend: { display: false },
        },
      },
      plugins: [endLabels(curves, leastWait)],
    },
  }
}

function curvesOf(rows: readonly Row[], leaders: readonly Row[]): Curve[] {
  return rows
    .filter(({ metrics }) => metrics.success.value >= leastDrawnShare)
    .map((row, i) => ({
      label: `${row.id}  ${percent(row.metrics.success.value)}`,
      leads: leaders.includes(row),
      id: row.id,
      style: curveStyle(i),
      points: row.series.waitQuantiles.flatMap((wait, x) => (Number.isFinite(wait) ? [{ x, y: wait / 1000 }] : [])),
    }))
    .filter(({ points }) => points.length > 0)
}

function dataset({ style, points, leads }: Curve, leastWait: number): Dataset {
  return {
    data: points.map(({ x, y }) => ({ x, y: Math.max(leastWait, y) })),
    showLine: true,
    clip: false,
    borderColor: style.colour,
    backgroundColor: style.colour,
    borderWidth: leads ? 3 : 1.75,
    borderDash: [...style.dash],
    pointStyle: style.mark,
    pointRadius: points.map((_, i) => (i === points.length - 1 ? 4 : 0)),
  }
}

/** The percentiles of the waits of the reachable schedule as points, on the quota that most strategies use. */
function optimumMarks(rows: readonly Row[], quota: string | undefined, leastWait: number): Dataset[] {
  const row = optimaOf(rows).find((best) => best.quotaText === quota)
  if (!row) return []
  const { waitP50, waitP95 } = row.optimum
  const points = [
    { x: 50, y: waitP50.value / 1000 },
    { x: 95, y: waitP95.value / 1000 },
  ].filter(({ y }) => Number.isFinite(y))
  return [
    {
      data: points.map(({ x, y }) => ({ x, y: Math.max(leastWait, y) })),
      clip: false,
      pointStyle: 'rectRot',
      pointRadius: 7,
      pointBorderWidth: 2,
      borderColor: ink.text,
      backgroundColor: '#FFFFFF',
      order: -1,
    },
  ]
}

/** Whether the axis must be logarithmic. Curves that end below 50 % of the calls do not count when there are others. */
function needsLogarithm(curves: readonly Curve[]): boolean {
  const long = curves.filter(({ points }) => points.at(-1)!.x >= 50)
  const judged = long.length > 0 ? long : curves
  const longest = maximum(
    judged.map(({ points }) => points.at(-1)!.y),
    0,
  )
  const middles = judged.map(({ points }) => points[points.length >> 1]!.y)
  return longest > logarithmicRatio * Math.max(0.01, minimum(middles, longest))
}

/** The label of a tick. On a logarithmic axis only the powers of ten have one. */
function tick(seconds: number, logarithmic: boolean): string {
  if (logarithmic && !/^10*$/.test(String(Math.round(seconds * 100)))) return ''
  return shortDuration(1000 * seconds).replace(/\.0+ /, ' ')
}

function notDrawn(rows: readonly Row[], curves: readonly Curve[]): string[] {
  const left = rows.map(({ id }) => id).filter((id) => !curves.some((curve) => curve.id === id))
  if (left.length === 0) return []
  const note = `not drawn, hardly any call answered: ${listed(left)}`
  return ['', ...(note.match(/.{1,105}(?: |$)/g) ?? [])]
}
