import { createRequire } from 'node:module'
import type { Plugin } from 'chart.js'
import { type Chart, font } from './chart.ts'
import { drawingPackages } from './files.ts'

const { resolve } = createRequire(import.meta.url)

/** Draws a chart as a PNG. */
export type Draw = (chart: Chart) => Promise<Uint8Array>

/** Whether all packages that draw the charts are installed. */
export function canDraw(): boolean {
  try {
    for (const name of drawingPackages) resolve(name)
    return true
  } catch {
    return false
  }
}

/** Loads the drawing packages. They are loaded only when they are needed, because that takes longer than everything else at a command's start. */
export async function loadDrawing(): Promise<Draw> {
  const { GlobalFonts } = await import('@napi-rs/canvas')
  const { ChartJSNodeCanvas } = await import('chartjs-node-canvas')
  // The font comes as a package, so that a picture does not depend on the fonts of the machine.
  for (const weight of [400, 600])
    GlobalFonts.registerFromPath(resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`), font)
  return ({ width, height, configuration }) => {
    const canvas = new ChartJSNodeCanvas({
      width,
      height,
      backgroundColour: '#FFFFFF',
      chartCallback: ({ defaults }) => {
        defaults.font.family = font
        defaults.devicePixelRatio = 1.5
      },
    })
    return canvas.renderToBuffer({ ...configuration, plugins: [...(configuration.plugins ?? []), encodesOnThread] })
  }
}

/**
 * chartjs-node-canvas encodes through node-canvas's `toBuffer(callback)`, which @napi-rs/canvas lacks. This plugin adds it. It
 * encodes on another thread, because encoding takes longer than drawing, and the next chart can be drawn at the same time.
 */
const encodesOnThread: Plugin = {
  id: 'encodes-aside',
  beforeInit({ canvas }) {
    Object.assign(canvas, {
      toBuffer(done: (error: unknown, bytes?: Uint8Array) => void) {
        const { encode } = canvas as unknown as { encode(format: 'png'): Promise<Uint8Array> }
        encode.call(canvas, 'png').then((bytes) => done(null, bytes), done)
      },
    })
  },
}
