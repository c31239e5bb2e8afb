import type { Chart as Drawn, Plugin } from 'chart.js'
import type { Row } from '../../compare/comparison.ts'
import { percent } from '../figures/figures.ts'
import { leftEdge } from './chart.ts'
import { fontOf, type Measure } from './font.ts'
import { ink, paper } from './palette.ts'
import { fitted, widest } from './text.ts'

/** The heading of a quota, above so many rows, and the bound as `boundPlace` gives it. */
export interface Heading {
  readonly heading: string
  readonly bound: number
  readonly rows: number
}

/** A line of the chart: a heading, or a row with its name and its rank as they are drawn. */
export type EfficiencyLine = Heading | { readonly row: Row; readonly name: string; readonly rank: string }

/** The room between a name and a rank in CSS pixels. */
export const rankGap = 9

/** Where the bound lies, in % of the reachable. `Infinity`: nothing is reachable. */
export function boundPlace({ optimum: { reachableShare } }: Row): number {
  return 100 / reachableShare.value
}

/** The figures to the right of each row, in two columns, and the width of both in CSS pixels. */
export interface ValueTexts {
  readonly efficiency: ReadonlyMap<Row, string>
  readonly efficiencyWidth: number
  readonly answered: ReadonlyMap<Row, string>
  readonly width: number
}

/** The height of a row, and of the heading of a quota, in CSS pixels. */
export const lineHeight = 28

const [efficiencyHead, answeredHead] = ['efficiency', 'answered']
const gap = 18

export function valueTexts(rows: readonly Row[], leaders: readonly Row[], measure: Measure): ValueTexts {
  const efficiency = new Map(
    rows.map((row) => [row, `${percent(row.metrics.efficiency.value)}${leaders.includes(row) ? ' best' : ''}`]),
  )
  const answered = new Map(rows.map((row) => [row, percent(row.metrics.success.value)]))
  const widthOf = (texts: Iterable<string>, head: string) =>
    widest([...texts, head], Infinity, { size: 14, weight: 600 }, measure)
  const efficiencyWidth = widthOf(efficiency.values(), efficiencyHead!)
  return {
    efficiency,
    efficiencyWidth,
    answered,
    width: efficiencyWidth + gap + widthOf(answered.values(), answeredHead!),
  }
}

/** What is drawn around the dots. `end` is the end of the axis in %. */
export interface Marks {
  readonly lines: readonly EfficiencyLine[]
  readonly leaders: readonly Row[]
  readonly values: ValueTexts
  /** The width of the ranks, which stand to the right of the names, in CSS pixels. */
  readonly rankWidth: number
  readonly end: number
  readonly measure: Measure
}

/** Draws names, headings, figures, the intervals, and for each quota the lines of the reachable and of the bound. */
export function efficiencyMarks({ lines, leaders, values, rankWidth, end, measure }: Marks): Plugin {
  return {
    id: 'efficiency-marks',
    beforeDatasetsDraw({ ctx, chartArea, scales }: Drawn) {
      const [x, y] = [scales.x!, scales.y!]
      const at = (share: number) => x.getPixelForValue(Math.min(end, Math.max(0, 100 * share)))
      ctx.save()
      lines.forEach((line, i) => {
        if ('row' in line) {
          const { low, high } = line.row.metrics.efficiency
          whisker(ctx, at(low), at(high), y.getPixelForValue(i))
          return
        }
        const [top, bottom] = [y.getPixelForValue(i + 0.5), y.getPixelForValue(i + line.rows + 0.5)]
        ctx.fillStyle = paper
        ctx.fillRect(0, y.getPixelForValue(i - 0.5), chartArea.right, lineHeight)
        vertical(ctx, at(1), top, bottom, ink.better, [])
        if (line.bound <= end) vertical(ctx, at(line.bound / 100), top, bottom, ink.limit, [4, 3])
      })
      ctx.restore()
    },
    afterDatasetsDraw({ ctx, chartArea, scales }: Drawn) {
      const columns = [chartArea.right + 14, chartArea.right + 14 + values.efficiencyWidth + gap] as const
      ctx.save()
      ctx.textBaseline = 'middle'
      lines.forEach((line, i) => {
        const middle = scales.y!.getPixelForValue(i)
        const write = (text: string, left: number, weight: 400 | 600, colour: string) => {
          ctx.font = fontOf({ size: 'row' in line ? 14 : 13, weight })
          ctx.fillStyle = colour
          ctx.fillText(text, left, middle)
        }
        ctx.textAlign = 'left'
        if ('row' in line) {
          const weight = leaders.includes(line.row) ? 600 : 400
          write(values.efficiency.get(line.row)!, columns[0], weight, ink.text)
          write(values.answered.get(line.row)!, columns[1], 400, ink.quiet)
          ctx.textAlign = 'right'
          write(line.rank, chartArea.left - 14, weight, ink.text)
          write(line.name, chartArea.left - 14 - rankWidth - rankGap, weight, ink.text)
          return
        }
        const room = (i === 0 ? chartArea.right : columns[1]) - leftEdge
        write(fitted(line.heading, room, { size: 13, weight: 600 }, measure), leftEdge, 600, ink.quiet)
        if (i > 0) return
        write(efficiencyHead!, columns[0], 400, ink.quiet)
        write(answeredHead!, columns[1], 400, ink.quiet)
      })
      ctx.restore()
    },
  }
}

/** Draws an interval. With too few seeds it does not exist, and nothing is drawn. */
function whisker(ctx: Drawn['ctx'], low: number, high: number, y: number): void {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return
  ctx.strokeStyle = ink.text
  ctx.lineWidth = 1.5
  ctx.setLineDash([])
  ctx.beginPath()
  ctx.moveTo(low, y)
  ctx.lineTo(high, y)
  for (const end of [low, high]) {
    ctx.moveTo(end, y - 6)
    ctx.lineTo(end, y + 6)
  }
  ctx.stroke()
}

function vertical(ctx: Drawn['ctx'], x: number, top: number, bottom: number, colour: string, dash: number[]): void {
  ctx.strokeStyle = colour
  ctx.lineWidth = 1.75
  ctx.setLineDash(dash)
  ctx.beginPath()
  ctx.moveTo(x, top)
  ctx.lineTo(x, bottom)
  ctx.stroke()
}
