import type { ChartConfiguration } from 'chart.js'
import type { Row } from '../../compare/comparison.ts'
import type { Measure } from './font.ts'
import { ink } from './palette.ts'
import { fitted, wrapped } from './text.ts'

/** A chart before it is drawn. It is plain data, so that it can be tested without a canvas. */
export interface Chart {
  /** In CSS pixels. The picture has 1.5 times as many pixels each way (`drawing.ts`). */
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
  /** The rows of rank 1. They are drawn in bold and have the word `best`. */
  readonly leaders: readonly Row[]
  /** The width of texts on the canvas that will draw the chart. */
  readonly measure: Measure
}

export const chartWidth = 960

/** The most that a name takes of a chart's width, in CSS pixels. A longer name is shortened in its middle. */
export const nameWidth = 290

/** The style of the text at an axis. */
export const axisText = { color: ink.quiet, font: { size: 13 } } as const

/** The options of Chart.js for a grid, which is only to guide the eye. */
export const fineGrid = { grid: { color: ink.grid, lineWidth: 0.75 }, border: { dash: [1, 4] } }

/** The most lines that one text below a title takes. */
const mostLines = 6

/** The room at the left edge of a chart in CSS pixels. */
export const leftEdge = 12

/**
 * The title and the lines below it as options of Chart.js, and the height that they take in CSS pixels. Lines that are too long are wrapped.
 * `right` is the room that the chart keeps at its right, where Chart.js writes nothing.
 */
export function headings(title: string, lines: readonly string[], right: number, measure: Measure) {
  const width = chartWidth - leftEdge - right
  const titleStyle = { size: 18, weight: 600 } as const
  const subtitle = lines.flatMap((line) => wrapped(line, width, mostLines, { size: 13 }, measure))
  return {
    height: 44 + 16 * subtitle.length,
    plugins: {
      title: {
        display: true,
        align: 'start',
        text: fitted(title, width, titleStyle, measure),
        color: ink.text,
        font: titleStyle,
        padding: { top: 4, bottom: 2 },
      },
      subtitle: {
        display: true,
        align: 'start',
        text: subtitle,
        color: ink.quiet,
        font: { size: 13 },
        padding: { bottom: 14 },
      },
    },
  } as const
}
