import type { Chart as Drawn, Plugin } from 'chart.js'
import type { Row } from '../../compare/comparison.ts'
import { decimal, duration } from '../figures/figures.ts'
import { font, ink } from './chart.ts'

/** The name of a row's own vertical axis. */
export function axis(row: number): string {
  return `y${row}`
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** The limit across each panel, the strategy's name left of it, and what the curve cannot show right of it. */
export function panelMarks(rows: readonly Row[], limit: readonly Point[], leaders: readonly Row[]): Plugin {
  return {
    id: 'panel-marks',
    beforeDatasetsDraw({ ctx, scales }: Drawn) {
      ctx.save()
      ctx.strokeStyle = ink.limit
      ctx.lineWidth = 1.2
      ctx.setLineDash([5, 4])
      rows.forEach((_, i) => {
        ctx.beginPath()
        for (const { x, y } of limit) ctx.lineTo(scales.x!.getPixelForValue(x), scales[axis(i)]!.getPixelForValue(y))
        ctx.stroke()
      })
      ctx.restore()
    },
    afterDatasetsDraw({ ctx, chartArea, scales }: Drawn) {
      ctx.save()
      ctx.textBaseline = 'middle'
      rows.forEach((row, i) => {
        const { top, bottom, right } = scales[axis(i)]!
        const middle = (top + bottom) / 2
        ctx.fillStyle = ink.text
        ctx.textAlign = 'right'
        ctx.font = `${leaders.includes(row) ? 600 : 400} 14px ${font}`
        ctx.fillText(row.id, right - 34, middle)
        ctx.textAlign = 'left'
        ctx.fillStyle = ink.quiet
        ctx.font = `400 12px ${font}`
        remarks(row).forEach((text, line) => {
          ctx.fillText(text, chartArea.right + 10, middle + (line - 0.5) * 15)
        })
      })
      ctx.restore()
    },
  }
}

function remarks({ series: { admittedPerSecond } }: Row): string[] {
  if (admittedPerSecond.length === 0) return ['nothing admitted']
  return [
    `peak ${decimal(
      admittedPerSecond.reduce((a, b) => Math.max(a, b)),
      2,
    )}/s`,
    `last by ${duration(1000 * admittedPerSecond.length)}`,
  ]
}
