import type { Chart as Drawn, Plugin } from 'chart.js'
import { fontOf, type TextStyle } from './font.ts'
import { type CurveStyle, ink, paper } from './palette.ts'

/** The waits of one strategy, or of the reachable, as a curve. */
export interface Curve {
  /** The name at its end, and the figure after it. Both fit into the room for labels. */
  readonly label: string
  readonly figure: string
  /** Whether the strategy has rank 1. */
  readonly leads: boolean
  readonly style: CurveStyle
  /** At least one point: `x` is a share of the calls in %, `y` the wait in seconds. The curve ends at the share of answered calls. */
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

/** The curves of a quota, and the height of their panel in CSS pixels. */
export interface WaitPanel {
  readonly heading: string
  readonly curves: readonly Curve[]
  readonly height: number
}

/** The distance between two labels in CSS pixels. */
export const labelHeight = 18

/** The length of the line before a label, in CSS pixels. It has the style of the curve. */
const sampleWidth = 28

/** The room to the right of a chart that is not for the texts of the labels, in CSS pixels. */
export const sampleRoom = 44 + sampleWidth

export function labelStyle(leads: boolean): TextStyle {
  return { size: 13, weight: leads ? 600 : 400 }
}

/** The name of the vertical axis of a panel's waits. */
export function waitAxis(panel: number): string {
  return `y${panel}`
}

/** The name of the axis that keeps the room for a panel's heading. */
export function headingAxis(panel: number): string {
  return `heading${panel}`
}

/**
 * Draws the heading of each panel, and a label and a piece of line for each of its curves, to the right of its end. Labels are moved apart so
 * that none covers another, and a dotted line joins each to the end of its curve. `at` is the place of a wait on the axis.
 */
export function endLabels(panels: readonly WaitPanel[], at: (seconds: number) => number): Plugin {
  return {
    id: 'end-labels',
    beforeDatasetsDraw({ ctx, chartArea, scales }: Drawn) {
      ctx.save()
      ctx.textBaseline = 'bottom'
      panels.forEach(({ heading }, i) => {
        const { top, bottom } = scales[headingAxis(i)]!
        ctx.fillStyle = paper
        ctx.fillRect(chartArea.left - 1, top, chartArea.width + 2, bottom - top - 1)
        ctx.fillStyle = ink.quiet
        ctx.font = fontOf({ size: 13, weight: 600 })
        ctx.fillText(heading, chartArea.left, bottom - 6)
      })
      ctx.restore()
    },
    afterDatasetsDraw({ ctx, chartArea, scales }: Drawn) {
      ctx.save()
      ctx.textBaseline = 'middle'
      panels.forEach(({ curves }, i) => {
        const axis = scales[waitAxis(i)]!
        const ends = curves
          .map((curve) => {
            const { x, y } = curve.points.at(-1)!
            return { curve, x: scales.x!.getPixelForValue(x), y: axis.getPixelForValue(at(y)) }
          })
          .sort((a, b) => a.y - b.y)
        const places = spreadLabels(
          ends.map(({ y }) => y),
          axis.top,
          axis.bottom,
        )
        ends.forEach(({ curve, x, y }, k) => {
          drawLabel(ctx, curve, { x, y, right: chartArea.right, place: places[k]! })
        })
      })
      ctx.restore()
    },
  }
}

/** Where a curve ends, where the chart ends, and how far down the label is. All in CSS pixels. */
interface LabelPlace {
  readonly x: number
  readonly y: number
  readonly right: number
  readonly place: number
}

function drawLabel(ctx: Drawn['ctx'], curve: Curve, { x, y, right, place }: LabelPlace): void {
  const sample = right + 22
  ctx.strokeStyle = curve.style.colour
  ctx.lineWidth = 1
  ctx.setLineDash([1, 3])
  ctx.beginPath()
  ctx.moveTo(x + 5, y)
  ctx.lineTo(right + 6, y)
  ctx.lineTo(sample, place)
  ctx.stroke()
  ctx.lineWidth = curve.leads ? 3 : 1.75
  ctx.setLineDash([...curve.style.dash])
  ctx.beginPath()
  ctx.moveTo(sample, place)
  ctx.lineTo(sample + sampleWidth, place)
  ctx.stroke()
  ctx.fillStyle = ink.text
  ctx.font = fontOf(labelStyle(curve.leads))
  const start = sample + sampleWidth + 6
  ctx.fillText(curve.label, start, place)
  // A figure in one text with a name would stand within it where the name is written from right to left.
  ctx.fillText(curve.figure, start + ctx.measureText(curve.label).width, place)
}

/** Moves ascending places so that each is at least a line below the one before it, and within the bounds when there is room. */
export function spreadLabels(places: readonly number[], top: number, bottom: number): number[] {
  const moved: number[] = []
  for (const place of places) moved.push(Math.max(place, (moved.at(-1) ?? top - labelHeight) + labelHeight))
  for (let i = moved.length - 1, lowest = bottom; i >= 0 && moved[i]! > lowest; i--, lowest -= labelHeight)
    moved[i] = lowest
  return moved
}
