import type { Chart as Drawn, Plugin } from 'chart.js'
import type { Row } from '../../compare/comparison.ts'
import { maximum } from '../../core/extremes.ts'
import { decimal, duration } from '../figures/figures.ts'
import { font, ink } from './chart.ts'

/** The name of a row's own vertical axis. */
export function axisName(row: number): string {
  return `y${row}`
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** Draws the limit across each panel, the strategy's name to its left, and two notes to its right. */
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
        for (const { x, y } of limit)
          ctx.lineTo(scales.x!.getPixelForValue(x), scales[axisName(i)]!.getPixelForValue(y))
        ctx.stroke()
      })
      ctx.restore()
    },
    afterDatasetsDraw({ ctx, chartArea, scales }: Drawn) {
      ctx.save()
      ctx.textBaseline = 'middle'
      rows.forEach((row, i) => {
        const { top, bottom, right } = scales[axisName(i)]!
        const middle = (top + bottom) / 2
        ctx.fillStyle = ink.text
        ctx.textAlign = 'right'
        ctx.font = `${leaders.includes(row) ? 600 : 400} 14px ${font}`
        ctx.fillText(row.id, right - 34, middle)
        ctx.textAlign = 'left'
        ctx.fillStyle = ink.quiet
        ctx.font = `400 12px ${font}`
        curveNotes(row).forEach((text, line) => {
          ctx.fillText(text, chartArea.right + 10, middle + (line - 0.5) * 15)
        })
      })
      ctx.restore()
    },
  }
}

function curveNotes({ series: { admittedPerSecond } }: Row): string[] {
  if (admittedPerSecond.length === 0) return ['nothing admitted']
  return [`peak ${decimal(maximum(admittedPerSecond), 2)}/s`, `last by ${duration(1000 * admittedPerSecond.length)}`]
}
