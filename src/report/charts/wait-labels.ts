import type { Chart as Drawn, Plugin } from 'chart.js'
import { type CurveStyle, font, ink } from './chart.ts'

export interface Curve {
  readonly id: string
  readonly label: string
  /** Whether it stands first in the ranking. */
  readonly leads: boolean
  readonly style: CurveStyle
  /** (share of the calls in %, wait in seconds), up to where calls stop being answered. At least one. */
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

const lineHeight = 18
/** Length of the piece of line before a label. */
const sampleWidth = 28

/** What the labels take right of the chart. */
export function labelWidth(curves: readonly Curve[]): number {
  return 44 + sampleWidth + 7.6 * Math.max(8, ...curves.map(({ label }) => label.length))
}

/** A name and a piece of its line beside the end of each curve, spread so that none covers another, with thin dots back to where it belongs. */
export function endLabels(curves: readonly Curve[], least: number): Plugin {
  return {
    id: 'end-labels',
    afterDatasetsDraw({ ctx, chartArea, scales }: Drawn) {
      const ends = curves.map((curve) => {
        const { x, y } = curve.points.at(-1)!
        return { curve, x: scales.x!.getPixelForValue(x), y: scales.y!.getPixelForValue(Math.max(least, y)) }
      })
      ends.sort((a, b) => a.y - b.y)
      const places = spread(
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

/** Moves ascending places a line apart, within bounds where there is room. */
export function spread(places: readonly number[], top: number, bottom: number): number[] {
  const moved: number[] = []
  for (const place of places) moved.push(Math.max(place, (moved.at(-1) ?? top - lineHeight) + lineHeight))
  for (let i = moved.length - 1, most = bottom; i >= 0 && moved[i]! > most; i--, most -= lineHeight) moved[i] = most
  return moved
}
