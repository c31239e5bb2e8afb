import type { ChartConfiguration } from 'chart.js'
import { type CaseComparison, type Row, rowsByQuota } from '../../compare/comparison.ts'
import { maximum } from '../../core/extremes.ts'
import { percent } from '../figures/figures.ts'
import { listed } from '../sentences/phrases.ts'
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
import { chartTitles } from './files.ts'
import type { Measure } from './font.ts'
import { curveStyle, paper, reachableStyle } from './palette.ts'
import { fitted, widest } from './text.ts'
import {
  type Curve,
  endLabels,
  headingAxis,
  labelHeight,
  labelStyle,
  sampleRoom,
  type WaitPanel,
  waitAxis,
} from './wait-labels.ts'
import { label, type WaitScale, waitScale } from './wait-scale.ts'

/** The least share of answered calls for which a curve is drawn. Below it the strategy is named under the chart instead. */
const leastDrawnShare = 0.05

/** The height of a panel in CSS pixels: the least, and the least of the only one. */
const [leastHeight, onlyHeight] = [260, 440]

/** The room for the heading of a panel in CSS pixels. */
const headingHeight = 34

/** No tick of an axis that is not logarithmic has a wider label, except the last one. */
const widestTick = '99.5 min'

type Dataset = ChartConfiguration['data']['datasets'][number]

/**
 * The wait by share of the calls. Each quota has a panel with a curve for each strategy that uses it, and the curve of what is reachable on it.
 * A curve ends at the share of answered calls. All panels have the same scale.
 */
export function waitChart({ rows }: CaseComparison, { title, seeds, leaders, measure }: ChartContext): Chart {
  const drawn = rows.filter(isDrawn)
  const groups = rowsByQuota(drawn)
  const width = widest(
    [...drawn.map((row) => `${row.id}${figureOf(row, leaders)}`), reachableLabel],
    nameWidth,
    labelStyle(true),
    measure,
  )
  const panels = groups.map((own): WaitPanel => {
    const curves = [...own.map((row, i) => curveOf(row, i, leaders, width, measure)), ...reachableCurve(own[0]!)]
    const least = Math.max(groups.length === 1 ? onlyHeight : leastHeight, labelHeight * (curves.length + 1))
    return { heading: own[0]!.quotaText, curves, height: least }
  })
  const scale = waitScale(panels.flatMap(({ curves }) => curves))
  const top = maximum(
    panels.flatMap(({ curves }) => curves.flatMap(({ points }) => points.map(({ y }) => scale.at(y)))),
    0,
  )
  const right = sampleRoom + width
  const median = seeds > 1 ? `; share answered: median of ${seeds} seeds` : ''
  const how = `first seed; a curve ends where calls go unanswered; dotted: the reachable on the same quota${median}`
  const head = headings(chartTitles.wait, [title, how, notDrawn(rows)], right, measure)
  const tickTexts = scale.ticks?.map((tick) => tick.label) ?? [widestTick, label(top)]
  const axisWidth = 40 + widest(tickTexts, Infinity, { size: 13 }, measure)
  const heights = panels.reduce((total, { height }) => total + height + headingHeight, 0)
  const scales = Object.fromEntries(
    panels.flatMap(({ height }, i) => [
      [waitAxis(i), panelAxis(2 * (panels.length - i), height, axisWidth, scale, top)],
      [headingAxis(i), emptyAxis(2 * (panels.length - i) + 1, axisWidth)],
    ]),
  )
  return {
    width: chartWidth,
    height: head.height + 74 + Math.max(100, heights),
    configuration: {
      type: 'scatter',
      data: { datasets: panels.flatMap(({ curves }, i) => curves.map((curve) => dataset(curve, waitAxis(i), scale))) },
      options: {
        layout: { padding: { left: leftEdge, right, top: 8, bottom: 10 } },
        scales: {
          x: {
            type: 'linear',
            min: 0,
            max: 100,
            ...fineGrid,
            ticks: { ...axisText, stepSize: 10, callback: (value) => `${value} %` },
            title: { display: true, text: 'share of the offered calls, shortest wait first', ...axisText },
          },
          ...scales,
        },
        plugins: { ...head.plugins, legend: { display: false } },
      },
      plugins: [endLabels(panels, scale.at)],
    },
  }
}

const reachableLabel = 'the reachable'

function isDrawn({ metrics, series }: Row): boolean {
  return metrics.success.value >= leastDrawnShare && series.waitQuantiles.some(Number.isFinite)
}

function figureOf(row: Row, leaders: readonly Row[]): string {
  return `  ${percent(row.metrics.success.value)}${leaders.includes(row) ? ' best' : ''}`
}

function curveOf(row: Row, i: number, leaders: readonly Row[], width: number, measure: Measure): Curve {
  const style = labelStyle(leaders.includes(row))
  const figure = figureOf(row, leaders)
  return {
    label: fitted(row.id, width - measure(figure, style), style, measure),
    figure,
    leads: leaders.includes(row),
    style: curveStyle(i),
    points: pointsOf(row.series.waitQuantiles),
  }
}

/** The curve of what is reachable on the quota of a row. There is none when nothing is. */
function reachableCurve({ series }: Row): Curve[] {
  const points = pointsOf(series.reachableWaitQuantiles)
  return points.length === 0 ? [] : [{ label: reachableLabel, figure: '', leads: false, style: reachableStyle, points }]
}

function pointsOf(quantiles: readonly number[]): Curve['points'] {
  return quantiles.flatMap((wait, x) => (Number.isFinite(wait) ? [{ x, y: wait / 1000 }] : []))
}

function dataset({ style, points, leads }: Curve, axis: string, scale: WaitScale): Dataset {
  const isReachable = style === reachableStyle
  return {
    data: points.map(({ x, y }) => ({ x, y: scale.at(y) })),
    yAxisID: axis,
    showLine: true,
    clip: false,
    borderColor: style.colour,
    backgroundColor: isReachable ? paper : style.colour,
    borderWidth: leads ? 3 : 1.75,
    borderDash: [...style.dash],
    pointStyle: style.mark,
    pointBorderWidth: isReachable || style.mark === 'crossRot' || style.mark === 'star' ? 2 : 0,
    pointRadius: points.map((_, i) => (i === points.length - 1 ? (isReachable ? 6 : 4) : 0)),
  }
}

function panelAxis(weight: number, height: number, width: number, { ticks, note }: WaitScale, top: number) {
  return {
    type: 'linear',
    stack: 'panels',
    stackWeight: height,
    weight,
    position: 'left',
    offset: false,
    min: 0,
    max: top > 0 ? 1.02 * top : 1,
    ...fineGrid,
    ticks: { ...axisText, includeBounds: false, callback: (value: string | number) => label(Number(value)) },
    afterFit(scale: { width: number }) {
      scale.width = width
    },
    title: { display: true, text: `wait for admission${note}`, ...axisText, padding: 8 },
    ...(ticks && {
      afterBuildTicks(scale: { ticks: { value: number; label?: string }[] }) {
        scale.ticks = ticks.map((tick) => ({ ...tick }))
      },
      afterTickToLabelConversion(scale: { ticks: { value: number; label?: string }[] }) {
        scale.ticks = ticks.map((tick) => ({ ...tick }))
      },
    }),
  }
}

function emptyAxis(weight: number, width: number) {
  return {
    type: 'linear',
    stack: 'panels',
    stackWeight: headingHeight,
    weight,
    position: 'left',
    offset: false,
    grid: { display: false },
    border: { display: false },
    ticks: { display: false },
    afterFit(scale: { width: number }) {
      scale.width = width
    },
  }
}

/** Names the strategies that have no curve. The text is empty when all have one. */
function notDrawn(rows: readonly Row[]): string {
  const left = rows.filter((row) => !isDrawn(row)).map(({ id }) => id)
  return left.length === 0 ? '' : `not drawn, hardly any call answered: ${listed(left)}`
}
