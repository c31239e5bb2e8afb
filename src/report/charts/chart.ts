import type { ChartConfiguration } from 'chart.js'
import type { Row } from '../../compare/comparison.ts'

/** A chart before it is drawn. It is plain data, so that it can be tested without a canvas. */
export interface Chart {
  /** In CSS pixels. The picture has 1.5 times as many pixels each way (`png.ts`). */
  readonly width: number
  /** In CSS pixels. */
  readonly height: number
  readonly configuration: ChartConfiguration
}

/** What every chart of one case needs. */
export interface ChartContext {
  readonly title: string
  /** The number of seeds. */
  readonly seeds: number
  /** The rows of rank 1, which are drawn in bold. */
  readonly leaders: readonly Row[]
}

export const font = 'Inter'

/** Okabe and Ito's colours, which people with any colour vision can tell apart. Their yellow is left out, because it is hard to see on white. */
const palette = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#5A5A5A'] as const

/** The style of a curve. Curves differ in colour first, then in dashes and in the mark at their end. */
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

/** The style of the `i`th curve. Each colour comes with a solid line first, then with the other three kinds of line, so 28 curves differ. */
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

/** The options of Chart.js for the title and the two lines below it. */
export function headings(title: string, subtitle: readonly [string, string]) {
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

/** Cuts a text so that it fits on one line. */
function shortened(text: string): string {
  return text.length <= 125 ? text : `${text.slice(0, 124).trimEnd()}…`
}
