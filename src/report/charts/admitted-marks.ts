import type { Chart as Drawn, Plugin } from 'chart.js'
import type { Row } from '../../compare/comparison.ts'
import type { Raise } from '../../compare/raw-result.ts'
import { maximum } from '../../core/extremes.ts'
import { decimal, duration, whole } from '../figures/figures.ts'
import { fontOf } from './font.ts'
import { ink, paper } from './palette.ts'

/** The name of the vertical axis of a panel's admitted attempts. */
export function admittedAxis(panel: number): string {
  return `y${panel}`
}

/** The name of the vertical axis of a panel's denied attempts. */
export function deniedAxis(panel: number): string {
  return `denied${panel}`
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** What the panel of a strategy shows. Instants are in units of the axis of time. */
export interface Panel {
  readonly row: Row
  /** Whether the strategy has rank 1. */
  readonly leads: boolean
  /** The names of the strategy and of its quota, as they are drawn. */
  readonly name: string
  readonly quota: string
  /** Attempts a second in each bin. */
  readonly admitted: readonly number[]
  readonly denied: readonly number[]
  /** The limit on requests of the strategy's quota, at the start and at each change. */
  readonly limits: readonly Raise[]
  /** The line of this limit. There is no point without a limit. */
  readonly limit: readonly Point[]
  /** When all that is reachable on the quota is answered. */
  readonly reachable: number
  /** The top of the axis of admitted attempts. */
  readonly top: number
}

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
