import { type CanvasRenderingContext2D, createCanvas } from '@napi-rs/canvas'
import type { Plugin } from 'chart.js'
import type { Chart } from '../../../../src/report/charts/chart.ts'
import type { Drawing } from '../../../../src/report/charts/drawing.ts'

/** A text as it was drawn: where its box is on the picture, in pixels, and how. */
export interface DrawnText {
  readonly text: string
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly colour: string
  readonly font: string
  /** Whether it was pressed into a width that is too small for it. */
  readonly isSqueezed: boolean
  readonly picture: { readonly width: number; readonly height: number }
}

/** What is read of a canvas when it draws a text. */
interface Canvas extends Pick<CanvasRenderingContext2D, 'measureText' | 'textAlign' | 'fillStyle' | 'font'> {
  readonly canvas: { readonly width: number; readonly height: number }
  getTransform(): { readonly a: number; b: number; c: number; d: number; e: number; f: number }
  fillText(text: string, x: number, y: number, maxWidth?: number): void
}

/** Draws a chart and returns every text on it, as it is drawn. */
export async function drawnTexts({ configuration, ...size }: Chart, draw: Drawing['draw']): Promise<DrawnText[]> {
  const texts: DrawnText[] = []
  const recorder: Plugin = {
    id: 'recorder',
    beforeInit(chart) {
      const ctx = chart.ctx as unknown as Canvas
      const [fill, measure] = [ctx.fillText.bind(ctx), ctx.measureText.bind(ctx)]
      ctx.fillText = (text, x, y, maxWidth) => {
        texts.push(boxOf(ctx, measure, text, x, y, maxWidth))
        fill(text, x, y, maxWidth)
      }
    },
  }
  await draw({ ...size, configuration: { ...configuration, plugins: [recorder, ...(configuration.plugins ?? [])] } })
  return texts
}

function boxOf(
  ctx: Canvas,
  measure: Canvas['measureText'],
  text: string,
  x: number,
  y: number,
  maxWidth?: number,
): DrawnText {
  const { width, actualBoundingBoxAscent: ascent, actualBoundingBoxDescent: descent } = measure(text)
  const start = ctx.textAlign === 'right' ? x - width : ctx.textAlign === 'center' ? x - width / 2 : x
  const { a, b, c, d, e, f } = ctx.getTransform()
  const corners = [
    [start, y - ascent],
    [start + width, y - ascent],
    [start, y + descent],
    [start + width, y + descent],
  ].map(([u = 0, v = 0]) => [a * u + c * v + e, b * u + d * v + f] as const)
  const [xs, ys] = [corners.map(([u]) => u), corners.map(([, v]) => v)]
  return {
    text,
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
    colour: String(ctx.fillStyle),
    font: ctx.font,
    isSqueezed: maxWidth !== undefined && maxWidth < width - 1,
    picture: ctx.canvas,
  }
}

/** Whether two texts cover each other. */
export function overlap(a: DrawnText, b: DrawnText): boolean {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  return across > 1 && down > 1
}

/** Whether a character looks like U+10FFFF, which no font has. */
export function isMissing(character: string, font: string): boolean {
  const look = (text: string) => {
    const ctx = createCanvas(60, 60).getContext('2d')
    ctx.font = font
    ctx.fillText(text, 10, 40)
    return Buffer.from(ctx.getImageData(0, 0, 60, 60).data.buffer).toString('base64')
  }
  return look(character) === look('\u{10ffff}')
}
