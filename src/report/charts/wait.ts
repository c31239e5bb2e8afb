import type { ChartConfiguration } from 'chart.js'
import { type CaseComparison, optimaOf, type Row, usualQuota } from '../../compare/comparison.ts'
import { percent, shortDuration } from '../figures/figures.ts'
import { listed } from '../sentences/phrases.ts'
import { type Chart, type ChartContext, chartWidth, curveStyle, frame, ink } from './chart.ts'
import { chartTitles } from './files.ts'
import { type Curve, endLabels, labelWidth } from './wait-labels.ts'

/** Below this share of answers a curve would be a dot in a corner: the strategy is named under the chart instead. */
const shortestDrawnWait = 0.05

/** From this ratio of waits on, a linear axis would show the longest alone. */
const wideLabel = 100

type Dataset = ChartConfiguration['data']['datasets'][number]

/** How long which share of the calls waits. A curve ends where calls stop being answered. */
export function waitChart({ rows }: CaseComparison, { title, leaders }: ChartContext): Chart {
  const curves = curvesOf(rows, leaders)
  const logarithmic = isWide(curves)
  const least = logarithmic ? 0.01 : 0
  const quota = usualQuota(rows)
  const optimum = quota === undefined ? '' : `; diamonds: p50, p95 of the optimum on ${quota}`
  return {
    width: chartWidth,
    height: 600,
    configuration: {
      type: 'scatter',
      data: { datasets: [...curves.map((curve) => dataset(curve, least)), ...optimumMarks(rows, quota, least)] },
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
            min: least,
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
          ...frame(chartTitles.wait, [title, `first seed; a curve ends where calls go unanswered${optimum}`]),
          legend: { display: false },
        },
      },
      plugins: [endLabels(curves, least)],
    },
  }
}

function curvesOf(rows: readonly Row[], leaders: readonly Row[]): Curve[] {
  return rows
    .filter(({ metrics }) => metrics.success.value >= shortestDrawnWait)
    .map((row, i) => ({
      label: `${row.id}  ${percent(row.metrics.success.value)}`,
      leads: leaders.includes(row),
      id: row.id,
      style: curveStyle(i),
      points: row.series.waitQuantiles.flatMap((wait, x) => (Number.isFinite(wait) ? [{ x, y: wait / 1000 }] : [])),
    }))
    .filter(({ points }) => points.length > 0)
}

function dataset({ style, points, leads }: Curve, least: number): Dataset {
  return {
    data: points.map(({ x, y }) => ({ x, y: Math.max(least, y) })),
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

/** Where the optimum's percentiles lie, on the quota that most strategies draw on. */
function optimumMarks(rows: readonly Row[], quota: string | undefined, least: number): Dataset[] {
  const row = optimaOf(rows).find((best) => best.quotaText === quota)
  if (!row) return []
  const { waitP50, waitP95 } = row.optimum
  const points = [
    { x: 50, y: waitP50.value / 1000 },
    { x: 95, y: waitP95.value / 1000 },
  ].filter(({ y }) => Number.isFinite(y))
  return [
    {
      data: points.map(({ x, y }) => ({ x, y: Math.max(least, y) })),
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

/** Judged by the curves that go at least half way, where there are any: a few quick answers shall not squeeze all the rest. */
function isWide(curves: readonly Curve[]): boolean {
  const long = curves.filter(({ points }) => points.at(-1)!.x >= 50)
  const judged = long.length > 0 ? long : curves
  const longest = Math.max(0, ...judged.map(({ points }) => points.at(-1)!.y))
  const middles = judged.map(({ points }) => points[points.length >> 1]!.y)
  return longest > wideLabel * Math.max(0.01, Math.min(longest, ...middles))
}

/** On a logarithmic axis the powers of ten alone. */
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
