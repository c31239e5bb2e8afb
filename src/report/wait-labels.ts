import type { Chart as Drawn, Plugin } from 'chart.js'
import { font, ink } from './chart.ts'

export interface Curve {
  readonly id: string
  readonly label: string
  /** Whether it stands first in the ranking. */
  readonly leads: boolean
  readonly colour: string
  readonly dash: number[]
  /** (share of the calls in %, wait in seconds), up to where calls stop being answered. At least one. */
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

const lineHeight = 18

/** What the labels take right of the chart. */
export function labelWidth(curves: readonly Curve[]): number {
  return 44 + 7.6 * Math.max(8, ...curves.map(({ label }) => label.length))
}

/** A name beside the end of each curve, spread so that none covers another, with a thin line back to where it belongs. */
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
      ctx.setLineDash([2, 3])
      ends.forEach(({ curve, x, y }, i) => {
        ctx.strokeStyle = curve.colour
        ctx.beginPath()
        ctx.moveTo(x + 5, y)
        ctx.lineTo(chartArea.right + 6, y)
        ctx.lineTo(chartArea.right + 22, places[i]!)
        ctx.stroke()
        ctx.fillStyle = ink.text
        ctx.font = `${curve.leads ? 600 : 400} 13px ${font}`
        ctx.fillText(curve.label, chartArea.right + 27, places[i]!)
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
