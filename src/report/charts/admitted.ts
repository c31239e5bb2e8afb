import type { ChartConfiguration } from 'chart.js'
import type { CaseComparison } from '../../compare/comparison.ts'
import { maximum } from '../../core/extremes.ts'
import { binSeconds } from '../figures/attempt-rate.ts'
import { duration } from '../figures/figures.ts'
import { admittedAxis, deniedAxis, deniedHeightOf, panelAxes, powerOfTen } from './admitted-axes.ts'
import { panelMarks, panelNotes } from './admitted-marks.ts'
import { limitLine, type Panel, type Point, panelsOf, reachableMakespan, secondsShown } from './admitted-panels.ts'
import { axisText, type Chart, type ChartContext, chartWidth, fineGrid, headings, leftEdge } from './chart.ts'
import { chartTitles } from './files.ts'
import { ink } from './palette.ts'
import { fitted, widest } from './text.ts'

/** The height of a strategy's panel in CSS pixels: of its admitted attempts, and of its denied ones. */
const [admittedHeight, deniedHeight] = [52, 34]

/** What the admitted attempts take more when limits are raised, so that two of them can be labelled. */
const raisedHeight = 16

/** The most that the name of a strategy or of its quota takes of the chart's width, in CSS pixels. */
const mostNameWidth = 250

/**
 * The attempts a second over time. Each strategy has a panel: its admitted attempts, its denied ones in red beneath them, the limit of its
 * own quota, and the instant at which all that is reachable on this quota is answered. Panels of one quota have the same scale.
 */
export function admittedChart({ rows }: CaseComparison, { title, seeds, leaders, measure }: ChartContext): Chart {
  const bin = binSeconds(rows)
  const seconds = secondsShown(rows, bin)
  const [unit, unitSeconds] = axisUnit(seconds)
  const [nameStyle, quotaStyle] = [{ size: 14, weight: 600 }, { size: 12 }] as const
  const left = Math.max(
    widest(
      rows.map(({ id }) => id),
      mostNameWidth,
      nameStyle,
      measure,
    ),
    widest(
      rows.map(({ quotaText }) => quotaText),
      mostNameWidth,
      quotaStyle,
      measure,
    ),
  )
  const panels = panelsOf(rows, bin).map((panel): Panel => {
    const { id, quotaText } = panel.row
    const [name, quota] = [fitted(id, left, nameStyle, measure), fitted(quotaText, left, quotaStyle, measure)]
    const limit = limitLine(panel.limits, seconds, unitSeconds)
    return {
      ...panel,
      name,
      quota,
      limit,
      reachable: reachableMakespan(panel.row) / unitSeconds,
      leads: leaders.includes(panel.row),
    }
  })
  const notes = widest(
    panels.flatMap((panel) => panelNotes(panel).map(({ text }) => text)),
    Infinity,
    quotaStyle,
    measure,
  )
  const right = 24 + notes
  const mostDenied = powerOfTen(
    maximum(
      panels.flatMap(({ denied }) => denied),
      0,
    ),
  )
  const head = headings(chartTitles.admitted, [title, howRead(panels, bin, seeds, mostDenied)], right, measure)
  const upper = admittedHeight + (panels.some(({ limits }) => limits.length > 1) ? raisedHeight : 0)
  const lower = mostDenied > 0 ? deniedHeight : 0
  const { scales, ticks } = panelAxes(panels, { names: left, upper, lower, mostDenied, measure })
  return {
    width: chartWidth,
    height: head.height + 76 + (upper + lower) * Math.max(1, rows.length),
    configuration: {
      type: 'line',
      data: {
        datasets: panels.flatMap(({ admitted, denied, leads }, i) => [
          curve(admittedAxis(i), pointsOf(admitted, bin / unitSeconds), leads ? ink.best : ink.quiet),
          ...(lower > 0
            ? [curve(deniedAxis(i), pointsOf(denied.map(deniedHeightOf), bin / unitSeconds), ink.denied)]
            : []),
        ]),
      },
      options: {
        parsing: false,
        layout: { padding: { left: leftEdge, right, top: 4, bottom: 8 } },
        scales: {
          x: {
            type: 'linear',
            min: 0,
            max: seconds / unitSeconds,
            ...fineGrid,
            ticks: { ...axisText, maxTicksLimit: 10, includeBounds: false },
            title: { display: true, text: `${unit} since the start`, ...axisText },
          },
          ...scales,
        },
        plugins: { ...head.plugins, legend: { display: false } },
      },
      plugins: [panelMarks(panels, ticks)],
    },
  }
}

/** What the marks mean, as far as the chart has them. */
function howRead(panels: readonly Panel[], bin: number, seeds: number, mostDenied: number): string {
  const median = seeds > 1 ? `, median of ${seeds} seeds` : ''
  return [
    `first seed${bin > 1 ? `, means of ${duration(1000 * bin)}` : ''}`,
    ...(panels.some(({ limit }) => limit.length > 0)
      ? ['dashed: the limit on requests of the strategy’s own quota']
      : []),
    ...(panels.some(({ reachable }) => Number.isFinite(reachable))
      ? [`diamond: all that is reachable on this quota is answered${median}`]
      : []),
    ...(mostDenied > 0 ? ['red, downwards: denied attempts a second, on a logarithmic scale'] : []),
  ].join('; ')
}

/** The unit of the axis of time, and its length in seconds: at least 20 of it fit on the axis, or it is the second. */
function axisUnit(longest: number): readonly [unit: string, seconds: number] {
  if (longest > 20 * 86_400) return ['days', 86_400]
  if (longest > 20 * 3600) return ['hours', 3600]
  return longest > 20 * 60 ? ['minutes', 60] : ['seconds', 1]
}

/** The points of a stepped curve whose values are `bin` units of the axis apart. It ends at 0. */
function pointsOf(rates: readonly number[], bin: number): Point[] {
  return [...rates, 0].map((y, k) => ({ x: k * bin, y }))
}

function curve(axis: string, data: Point[], colour: string): ChartConfiguration['data']['datasets'][number] {
  return {
    type: 'line',
    data,
    yAxisID: axis,
    stepped: 'before',
    borderColor: colour,
    borderWidth: 1.5,
    backgroundColor: `${colour}33`,
    fill: 'origin',
    pointRadius: 0,
  }
}
