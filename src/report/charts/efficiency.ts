import type { LegendItem } from 'chart.js'
import { type CaseComparison, type Row, rowsByQuota } from '../../compare/comparison.ts'
import { isRanked } from '../../compare/ranking.ts'
import { maximum } from '../../core/extremes.ts'
import { percent } from '../figures/figures.ts'
import {
  axisText,
  type Chart,
  type ChartContext,
  chartWidth,
  fineGrid,
  headings,
  leftEdge,
  nameWidth,
} from './chart.ts'
import {
  boundPlace,
  type EfficiencyLine,
  efficiencyMarks,
  type Heading,
  lineHeight,
  rankGap,
  valueTexts,
} from './efficiency-marks.ts'
import { chartTitles } from './files.ts'
import type { TextStyle } from './font.ts'
import { ink, paper } from './palette.ts'
import { fitted, widest } from './text.ts'

/** The greatest share on the axis, unless a bound or an efficiency is beyond it. */
const whole = 100

/** The distance of two ticks in %, which is also what the axis ends at a multiple of. */
const axisStep = 20

/** A bound beyond this share in % is only written, because its line would leave no room for the strategies. */
const farthestBound = 150

/** An efficiency beyond this share in % is drawn at the edge, and its figure is written. */
const farthestEfficiency = 200

const leaderStyle: TextStyle = { size: 14, weight: 600 }

/**
 * A dot for the efficiency of each row, with its interval, and a ring for its answered calls. Rows stand below the heading of their quota, the
 * most efficient one first, with lines at what is reachable and at the bound of this quota.
 */
export function efficiencyChart(
  { rows, rankedBy }: CaseComparison,
  { title, seeds, leaders, measure }: ChartContext,
): Chart {
  const how = isRanked(seeds)
    ? `medians of ${seeds} seeds; number: rank by ${rankedBy === 'efficiency' ? 'efficiency' : 'excess wait'}`
    : `${seeds === 1 ? '1 seed' : `medians of ${seeds} seeds`}: no ranks and no intervals`
  const rankOf = ({ rank }: Row) => (isRanked(seeds) ? String(rank) : '')
  const rankWidth = widest(rows.map(rankOf), Infinity, leaderStyle, measure)
  const room = nameWidth - rankWidth
  const nameRoom = widest(
    rows.map(({ id }) => id),
    room,
    leaderStyle,
    measure,
  )
  const lines = linesOf(rows).map(
    (line): EfficiencyLine =>
      'row' in line
        ? { row: line.row, name: fitted(line.row.id, nameRoom, leaderStyle, measure), rank: rankOf(line.row) }
        : line,
  )
  const left = nameRoom + rankGap + rankWidth
  const end = axisEnd(rows)
  const values = valueTexts(rows, leaders, measure)
  const right = 24 + values.width
  const head = headings(chartTitles.efficiency, [title, how], right, measure)
  const points = (of: readonly EfficiencyLine[], share: (row: Row) => number) =>
    of.flatMap((line) => {
      const y = lines.indexOf(line)
      const x = 'row' in line ? 100 * share(line.row) : Number.NaN
      return Number.isFinite(x) ? [{ x: Math.min(end, Math.max(0, x)), y }] : []
    })
  const isLeader = (line: EfficiencyLine) => 'row' in line && leaders.includes(line.row)
  const efficiency = ({ metrics }: Row) => metrics.efficiency.value
  return {
    width: chartWidth,
    height: head.height + 108 + lineHeight * Math.max(1, lines.length),
    configuration: {
      type: 'scatter',
      data: {
        datasets: [
          {
            data: points(lines.filter(isLeader), efficiency),
            clip: false,
            pointStyle: 'rectRot',
            pointRadius: 8,
            backgroundColor: ink.best,
            borderColor: ink.best,
          },
          {
            data: points(
              lines.filter((line) => !isLeader(line)),
              efficiency,
            ),
            clip: false,
            pointStyle: 'circle',
            pointRadius: 4.5,
            backgroundColor: ink.text,
            borderColor: ink.text,
          },
          {
            data: points(lines, ({ metrics }) => metrics.success.value),
            clip: false,
            pointStyle: 'circle',
            pointRadius: 8,
            borderWidth: 1.5,
            backgroundColor: 'transparent',
            borderColor: ink.other,
            order: 1,
          },
        ],
      },
      options: {
        layout: { padding: { left: leftEdge, right, top: 6, bottom: 8 } },
        scales: {
          x: {
            type: 'linear',
            min: 0,
            max: end,
            ...fineGrid,
            ticks: { ...axisText, stepSize: axisStep, callback: (value) => `${value} %` },
            title: { display: true, text: 'share of the reachable; ring: share of the offered calls', ...axisText },
          },
          y: {
            type: 'linear',
            reverse: true,
            min: -0.5,
            max: Math.max(1, lines.length) - 0.5,
            grid: { display: false },
            border: { display: false },
            ticks: { display: false },
            // This leaves room for the names, which are drawn beside the axis.
            afterFit(scale) {
              scale.width = left + 16
            },
          },
        },
        plugins: {
          ...head.plugins,
          legend: {
            align: 'start',
            labels: {
              usePointStyle: true,
              boxHeight: 8,
              font: { size: 13 },
              generateLabels: () => legend(rows, leaders, isRanked(seeds), end),
            },
          },
        },
      },
      plugins: [efficiencyMarks({ lines, leaders, values, rankWidth, end, measure })],
    },
  }
}

/** The lines of the chart: the heading of each quota, and its rows. The quota of the first row comes first. */
function linesOf(rows: readonly Row[]): (Heading | { readonly row: Row })[] {
  return rowsByQuota(rows).flatMap((own) => {
    const [first] = own
    const share = first!.optimum.reachableShare.value
    const heading = `${first!.quotaText}: the reachable is ${percent(share)} of the bound`
    const ordered = own.toSorted((a, b) => a.rank - b.rank || b.metrics.efficiency.value - a.metrics.efficiency.value)
    return [{ heading, bound: boundPlace(first!), rows: own.length }, ...ordered.map((row) => ({ row }))]
  })
}

function axisEnd(rows: readonly Row[]): number {
  const bounds = rows.map(boundPlace).filter((bound) => bound <= farthestBound)
  const reached = rows
    .flatMap(({ metrics: { efficiency } }) => [100 * efficiency.value, 100 * efficiency.high])
    .filter(Number.isFinite)
  return axisStep * Math.ceil(Math.min(farthestEfficiency, maximum([...bounds, ...reached], whole)) / axisStep - 1e-9)
}

function legend(rows: readonly Row[], leaders: readonly Row[], ranked: boolean, end: number): LegendItem[] {
  const item = (text: string, pointStyle: 'circle' | 'rectRot' | 'line', fill: string, stroke: string) => ({
    text,
    pointStyle,
    fillStyle: fill,
    strokeStyle: stroke,
    lineWidth: 2,
    fontColor: ink.text,
  })
  const bounded = rows.some((row) => boundPlace(row) <= end)
  return [
    ...(leaders.length > 0 ? [item('efficiency of the best', 'rectRot', ink.best, ink.best)] : []),
    item('efficiency', 'circle', ink.text, ink.text),
    item('answered', 'circle', paper, ink.other),
    ...(ranked ? [item('95 % interval', 'line', ink.text, ink.text)] : []),
    item('the reachable', 'line', ink.better, ink.better),
    ...(bounded ? [{ ...item('the bound', 'line', ink.limit, ink.limit), lineDash: [4, 3] }] : []),
  ]
}
