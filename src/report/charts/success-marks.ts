import type { Chart as Drawn, Plugin } from 'chart.js'
import type { Row } from '../../compare/comparison.ts'
import { percent } from '../figures/figures.ts'
import { font, ink } from './chart.ts'

/** The greatest share of the calls that can be answered on the row's quota. */
export function answerableShare({ optimum }: Row, calls: number): number {
  return calls > 0 ? optimum.bound.value / calls : 1
}

/** Draws whiskers for the interval, a diamond for the efficiency, and the value to the right of the bar and the whiskers. */
export function successMarks(rows: readonly Row[], calls: number, leaders: readonly Row[]): Plugin {
  return {
    id: 'success-marks',
    afterDatasetsDraw(chart: Drawn) {
      const { ctx, scales } = chart
      const at = (share: number) => scales.x!.getPixelForValue(100 * Math.min(1, Math.max(0, share)))
      rows.forEach((row, i) => {
        const y = scales.y!.getPixelForValue(i)
        const { success, efficiency } = row.metrics
        ctx.save()
        ctx.lineWidth = 1.5
        ctx.strokeStyle = ink.text
        if (Number.isFinite(success.low) && success.high - success.low > 0.001) {
          ctx.beginPath()
          ctx.moveTo(at(success.low), y)
          ctx.lineTo(at(success.high), y)
          for (const end of [success.low, success.high]) {
            ctx.moveTo(at(end), y - 4)
            ctx.lineTo(at(end), y + 4)
          }
          ctx.stroke()
        }
        if (answerableShare(row, calls) < 1) tick(ctx, at(answerableShare(row, calls)), y)
        ctx.font = `${leaders.includes(row) ? 600 : 400} 14px ${font}`
        const text = `${percent(success.value)}${leaders.includes(row) ? '  best' : ''}`
        const end = Math.max(at(success.value), at(success.high || 0))
        const mark = at(efficiency.value)
        // The text moves to the right of the diamond only when the diamond would cover it.
        const covered = mark + 8 > end && mark - 8 < end + 16 + ctx.measureText(text).width
        diamond(ctx, mark, y)
        write(ctx, text, (covered ? Math.max(end, mark + 6) : end) + 8, y)
        ctx.restore()
      })
    },
  }
}

/** Writes a text with a white outline, because lines may pass behind it. */
function write(ctx: Drawn['ctx'], text: string, x: number, y: number): void {
  ctx.textBaseline = 'middle'
  ctx.lineJoin = 'round'
  ctx.lineWidth = 4
  ctx.strokeStyle = '#FFFFFF'
  ctx.strokeText(text, x, y)
  ctx.fillStyle = ink.text
  ctx.fillText(text, x, y)
}

function tick(ctx: Drawn['ctx'], x: number, y: number): void {
  ctx.save()
  ctx.strokeStyle = ink.limit
  ctx.lineWidth = 2
  ctx.setLineDash([4, 3])
  ctx.beginPath()
  ctx.moveTo(x, y - 15)
  ctx.lineTo(x, y + 15)
  ctx.stroke()
  ctx.restore()
}

function diamond(ctx: Drawn['ctx'], x: number, y: number): void {
  ctx.beginPath()
  ctx.moveTo(x - 6, y)
  ctx.lineTo(x, y - 6)
  ctx.lineTo(x + 6, y)
  ctx.lineTo(x, y + 6)
  ctx.closePath()
  ctx.fillStyle = '#FFFFFF'
  ctx.fill()
  ctx.stroke()
}
