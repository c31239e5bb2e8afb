import type { Chart as Drawn, Plugin } from 'chart.js'
import { maximum } from '../../core/extremes.ts'
import { type CurveStyle, font, ink } from './chart.ts'

/** The waits of one strategy as a curve. */
export interface Curve {
  readonly id: string
  readonly label: string
  /** Whether the strategy has rank 1. */
  readonly leads: boolean
  readonly style: CurveStyle
  /** At least one point: `x` is a share of the calls in %, `y` the wait in seconds. The curve ends at the share of answered calls. */
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

/** The distance between two labels in CSS pixels. */
const lineHeight = 18
/** The length of the line before a label, in CSS pixels. It has the style of the curve. */
const sampleWidth = 28

/** The width that the labels need to the right of the chart, in CSS pixels. */
export function labelWidth(curves: readonly Curve[]): number {
  return (
    44 +
    sampleWidth +
    7.6 *
      maximum(
        curves.map(({ label }) => label.length),
        8,
      )
  )
}

/**
 * Draws a label and a piece of line for each curve, to the right of its end. Labels are moved apart so that none covers another, and
 * a dotted line joins each to the end of its curve.
 */
export function endLabels(curves: readonly Curve[], leastWait: number): Plugin {
  return {
    id: 'end-labels',
    afterDatasetsDraw({ ctx, chartArea, scales }: Drawn) {
      const ends = curves.map((curve) => {
        const { x, y } = curve.points.at(-1)!
        return { curve, x: scales.x!.getPixelForValue(x), y: scales.y!.getPixelForValue(Math.max(leastWait, y)) }
      })
      ends.sort((a, b) => a.y - b.y)
      const places = spreadLabels(
        ends.map(({ y }) => y),
        chartArea.top,
        chartArea.bottom,
      )
      ctx.save()
      ctx.textBaseline = 'middle'
      ends.forEach(({ curve, x, y }, i) => {
        const place = places[i]!
        const right = chartArea.right + 22
        ctx.strokeStyle = curve.style.colour
        ctx.lineWidth = 1
        ctx.setLineDash([1, 3])
        ctx.beginPath()
        ctx.moveTo(x + 5, y)
        ctx.lineTo(chartArea.right + 6, y)
        ctx.lineTo(right, place)
        ctx.stroke()
        ctx.lineWidth = curve.leads ? 3 : 1.75
        ctx.setLineDash([...curve.style.dash])
        ctx.beginPath()
        ctx.moveTo(right, place)
        ctx.lineTo(right + sampleWidth, place)
        ctx.stroke()
        ctx.fillStyle = ink.text
        ctx.font = `${curve.leads ? 600 : 400} 13px ${font}`
        ctx.fillText(curve.label, right + sampleWidth + 6, place)
      })
      ctx.restore()
    },
  }
}

/** Moves ascending places so that each is at least a line below the one before it, and within the bounds when there is room. */
export function spreadLabels(places: readonly number[], top: number, bottom: number): number[] {
  const moved: number[] = []
  for (const place of places) moved.push(Math.max(place, (moved.at(-1) ?? top - lineHeight) + lineHeight))
  for (let i = moved.length - 1, lowest = bottom; i >= 0 && moved[i]! > lowest; i--, lowest -= lineHeight)
    moved[i] = lowest
  return moved
}
