import type { ChartConfiguration } from 'chart.js'
import type { Row } from '../../compare/comparison.ts'

/** A picture before it is drawn: data alone, so that it can be tested without a canvas. */
export interface Chart {
  /** In CSS pixels; the picture has twice as many each way. */
  readonly width: number
  readonly height: number
  readonly configuration: ChartConfiguration
}

/** What every chart of one case knows. */
export interface ChartContext {
  readonly title: string
  readonly seeds: number
  /** The rows that stand first. */
  readonly leaders: readonly Row[]
}

export const font = 'Inter'

/** Okabe and Ito's colours, which people with any colour vision tell apart; without the yellow, which white swallows. */
const palette = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#5A5A5A'] as const

/** How a curve looks beside others: by colour first, then by dashes and the mark at its end. */
export interface CurveStyle {
  readonly colour: string
  /** Lengths of dashes and gaps; empty for a solid line. */
  readonly dash: readonly number[]
  readonly mark: 'circle' | 'rect' | 'triangle' | 'crossRot'
}

const strokes: readonly Omit<CurveStyle, 'colour'>[] = [
  { dash: [], mark: 'circle' },
  { dash: [7, 4], mark: 'rect' },
  { dash: [9, 3, 2, 3], mark: 'triangle' },
  { dash: [2, 3], mark: 'crossRot' },
]

/** The style of the `i`th curve: each colour solid, then each dashed, dash-dotted and dotted, so that 28 curves differ. */
export function curveStyle(i: number): CurveStyle {
  return { colour: palette[i % palette.length]!, ...strokes[Math.floor(i / palette.length) % strokes.length]! }
}

export const ink = {
  text: '#1F2933',
  quiet: '#616E7C',
  grid: '#E4E7EB',
  best: '#0072B2',
  other: '#9AA9B8',
  limit: '#D55E00',
}

export const chartWidth = 960

/** Title, two lines below it, and the air around them. */
export function frame(title: string, subtitle: readonly [string, string]) {
  return {
    title: {
      display: true,
      align: 'start',
      text: title,
      color: ink.text,
      font: { size: 18, weight: 600 },
      padding: { top: 4, bottom: 2 },
    },
    subtitle: {
      display: true,
      align: 'start',
      text: subtitle.map((line) => shortened(line)),
      color: ink.quiet,
      font: { size: 13 },
      padding: { bottom: 14 },
    },
  } as const
}

/** Cut to what one line holds. */
function shortened(text: string): string {
  return text.length <= 125 ? text : `${text.slice(0, 124).trimEnd()}…`
}
