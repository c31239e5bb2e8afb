import type { Chart as Drawn, Plugin } from 'chart.js'
import { maximum } from '../../core/extremes.ts'
import { decimal, duration, whole } from '../figures/figures.ts'
import { admittedAxis } from './admitted-axes.ts'
import type { Panel } from './admitted-panels.ts'
import { fontOf } from './font.ts'
import { ink, paper } from './palette.ts'

/**
 * Draws the limit and the end of the reachable in each panel, the names to its left, and notes to its right. `ticks` is the room for the labels
 * of the vertical axes in CSS pixels.
 */
export function panelMarks(panels: readonly Panel[], ticks: number): Plugin {
  return {
    id: 'panel-marks',
    beforeDatasetsDraw({ ctx, scales }: Drawn) {
      ctx.save()
      ctx.lineWidth = 1.5
      panels.forEach(({ limit }, i) => {
        ctx.strokeStyle = ink.limit
        ctx.setLineDash([5, 4])
        ctx.beginPath()
        for (const { x, y } of limit)
          ctx.lineTo(scales.x!.getPixelForValue(x), scales[admittedAxis(i)]!.getPixelForValue(y))
        ctx.stroke()
      })
      ctx.restore()
    },
    afterDatasetsDraw({ ctx, chartArea, scales }: Drawn) {
      ctx.save()
      ctx.textBaseline = 'middle'
      panels.forEach((panel, i) => {
        const axis = scales[admittedAxis(i)]!
        const middle = (axis.top + axis.bottom) / 2
        if (Number.isFinite(panel.reachable)) end(ctx, scales.x!.getPixelForValue(panel.reachable), axis.bottom)
        ctx.textAlign = 'right'
        ctx.fillStyle = ink.text
        ctx.font = fontOf({ size: 14, weight: panel.leads ? 600 : 400 })
        ctx.fillText(panel.name, axis.right - ticks, middle - 8)
        ctx.fillStyle = ink.quiet
        ctx.font = fontOf({ size: 12 })
        ctx.fillText(panel.quota, axis.right - ticks, middle + 9)
        ctx.textAlign = 'left'
        panelNotes(panel).forEach(({ text, colour }, line) => {
          ctx.fillStyle = colour
          ctx.fillText(text, chartArea.right + 12, middle + (line - 0.5) * 16)
        })
      })
      ctx.restore()
    },
  }
}

/** Draws a diamond on the line of 0. */
function end(ctx: Drawn['ctx'], x: number, y: number): void {
  ctx.strokeStyle = ink.text
  ctx.fillStyle = paper
  ctx.lineWidth = 1.75
  ctx.beginPath()
  for (const [dx, dy] of [
    [-6, 0],
    [0, -6],
    [6, 0],
    [0, 6],
  ] as const)
    ctx.lineTo(x + dx, y + dy)
  ctx.closePath()
  ctx.fill()
  ctx.stroke()
}

interface Note {
  readonly text: string
  readonly colour: string
}

/** The notes to the right of a panel. */
export function panelNotes({ row: { series }, leads }: Pick<Panel, 'row' | 'leads'>): Note[] {
  const { admittedPerSecond: admitted, deniedPerSecond: denied } = series
  const best = leads ? 'best; ' : ''
  const quiet = (text: string) => ({ text, colour: ink.quiet })
  return [
    ...(admitted.length === 0
      ? [quiet(`${best}nothing admitted`)]
      : [
          quiet(`${best}peak ${decimal(maximum(admitted), 2)}/s`),
          quiet(`last by ${duration(1000 * admitted.length)}`),
        ]),
    ...(denied.length === 0 ? [] : [{ text: `denied up to ${whole(maximum(denied))}/s`, colour: ink.denied }]),
  ]
}
