import type { ChartConfiguration } from 'chart.js'
import { type CaseComparison, type Row, rowsByQuota } from '../../compare/comparison.ts'
import type { Raise } from '../../compare/raw-result.ts'
import { requestLimit } from '../../compare/request-limit.ts'
import { maximum } from '../../core/extremes.ts'
import { attemptRate, binSeconds } from '../figures/attempt-rate.ts'
import { decimal, duration, whole } from '../figures/figures.ts'
import { admittedAxis, deniedAxis, type Panel, type Point, panelMarks, panelNotes } from './admitted-marks.ts'
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

type Axis = NonNullable<NonNullable<NonNullable<ChartConfiguration['options']>['scales']>[string]>

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
  const tickTexts = [...panels.flatMap(limitTicks).map((tick) => decimal(tick, 2)), whole(mostDenied)]
  const ticks = 22 + widest(tickTexts, Infinity, { size: 11 }, measure)
  const width = left + ticks
  const scales: Record<string, Axis> = {}
  panels.forEach((panel, i) => {
    // Axes are stacked from the greatest weight, at the top, to the smallest.
    const weight = 2 * (panels.length - i)
    scales[admittedAxis(i)] = {
      ...panelAxis(
        weight + 1,
        upper,
        width,
        [0, ...limitTicks(panel)].map((value) => ({ value, label: decimal(value, 2) })),
      ),
      max: panel.top,
    }
    if (lower > 0)
      scales[deniedAxis(i)] = {
        ...panelAxis(
          weight,
          lower,
          width,
          [{ value: deniedHeightOf(mostDenied), label: whole(mostDenied) }],
          ink.denied,
        ),
        max: 1.25 * deniedHeightOf(mostDenied),
        reverse: true,
      }
  })
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

type Curves = Pick<Panel, 'row' | 'admitted' | 'denied' | 'limits' | 'top'>

/** The curves of each row in the order of the rows. The rows of a quota have the same top. */
function panelsOf(rows: readonly Row[], bin: number): Curves[] {
  const panels = new Map<Row, Curves>()
  for (const own of rowsByQuota(rows)) {
    const limits = requestLimit(own[0]!)
    const admitted = own.map(({ series }) => attemptRate(series.admittedPerSecond, bin))
    const top = axisTop(admitted, limits)
    own.forEach((row, i) => {
      const denied = attemptRate(row.series.deniedPerSecond, bin)
      panels.set(row, { row, limits, top, admitted: admitted[i]!, denied })
    })
  }
  return rows.map((row) => panels.get(row)!)
}

function reachableMakespan({ optimum }: Row): number {
  return optimum.reachableMakespan.value / 1000
}

/** The length of the axis of time in seconds. Every curve ends before it, and the instants of the optima are before it as well. */
function secondsShown(rows: readonly Row[], bin: number): number {
  const ends = rows.flatMap((row) => {
    const { admittedPerSecond, deniedPerSecond } = row.series
    const bins = Math.ceil(Math.max(admittedPerSecond.length, deniedPerSecond.length) / bin)
    const reachable = Math.ceil(reachableMakespan(row))
    return [bins * bin, ...(Number.isFinite(reachable) ? [reachable] : [])]
  })
  return maximum(ends, 1)
}

/** The unit of the axis of time, and its length in seconds: at least 20 of it fit on the axis, or it is the second. */
function axisUnit(longest: number): readonly [unit: string, seconds: number] {
  if (longest > 20 * 86_400) return ['days', 86_400]
  if (longest > 20 * 3600) return ['hours', 3600]
  return longest > 20 * 60 ? ['minutes', 60] : ['seconds', 1]
}

/** The top of the vertical axis. A short peak may be cut off, so that the other curves do not become flat. */
function axisTop(rates: readonly number[][], limits: readonly Raise[]): number {
  const peak = maximum(rates.flat(), 0)
  const start = limits[0]!.perSecond
  const highest = highestOf(limits)
  if (!Number.isFinite(highest)) return Math.max(1.5, 1.1 * peak)
  return Math.max(1.5 * start, 1.3 * highest, 1.1 * Math.min(peak, 3 * highest))
}

function highestOf(limits: readonly Raise[]): number {
  return maximum(limits.map(({ perSecond }) => perSecond))
}

/** The points of a limit as a step line up to the instant `until`, in seconds. There is no point when there is no limit. */
export function limitLine(limits: readonly Raise[], until: number, unit: number): readonly Point[] {
  if (!Number.isFinite(highestOf(limits))) return []
  const steps = limits.map(({ at, perSecond }) => ({ x: at / 1000, y: perSecond })).filter(({ x }) => x < until)
  const corners = steps.flatMap((step, i) => (i === 0 ? [step] : [{ x: step.x, y: steps[i - 1]!.y }, step]))
  return [...corners, { x: until, y: steps.at(-1)!.y }].map(({ x, y }) => ({ x: x / unit, y }))
}

/** The limits that the axis of a panel names: the highest, and that at the start when it is not close to the highest or to 0. */
function limitTicks({ limits }: Panel): number[] {
  const [start, highest] = [limits[0]!.perSecond, highestOf(limits)]
  if (!Number.isFinite(highest)) return []
  const share = start / highest
  return share > 0.25 && share < 0.75 ? [start, highest] : [highest]
}

/** The least power of ten that is not below the value. 0: the value is 0. */
function powerOfTen(value: number): number {
  return value > 0 ? 10 ** Math.max(1, Math.ceil(Math.log10(value) - 1e-9)) : 0
}

/** How far below the axis a rate of denied attempts is drawn. It is 0 for 0, and grows with the logarithm. */
export function deniedHeightOf(perSecond: number): number {
  return Math.log10(1 + perSecond)
}

function panelAxis(
  weight: number,
  height: number,
  width: number,
  ticks: readonly { value: number; label: string }[],
  color: string = ink.quiet,
) {
  return {
    type: 'linear' as const,
    stack: 'panels',
    stackWeight: height,
    position: 'left' as const,
    weight,
    min: 0,
    offset: false,
    grid: { display: false },
    border: { color: ink.grid },
    ticks: { color, font: { size: 11 } },
    afterBuildTicks(scale) {
      scale.ticks = ticks.map((tick) => ({ ...tick }))
    },
    afterTickToLabelConversion(scale) {
      scale.ticks = ticks.map((tick) => ({ ...tick }))
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
