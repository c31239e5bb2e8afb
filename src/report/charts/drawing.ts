import { createRequire } from 'node:module'
import type { Plugin } from 'chart.js'
import type { Chart } from './chart.ts'
import { drawingPackages } from './files.ts'
import { fontFamily, fontName, fontOf, fontScripts, type Measure } from './font.ts'
import { glyphSize, withGlyphs } from './glyphs.ts'
import { paper } from './palette.ts'

const { resolve } = createRequire(import.meta.url)

/** What draws charts. */
export interface Drawing {
  /** Draws a chart as a PNG. */
  readonly draw: (chart: Chart) => Promise<Uint8Array>
  readonly measure: Measure
}

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
export async function loadDrawing(): Promise<Drawing> {
  const { createCanvas, GlobalFonts } = await import('@napi-rs/canvas')
  const { ChartJSNodeCanvas } = await import('chartjs-node-canvas')
  // The font comes as a package, so that a picture does not depend on the fonts of the machine, except for scripts that the package lacks.
  for (const weight of [400, 600])
    for (const script of fontScripts)
      GlobalFonts.registerFromPath(
        resolve(`@fontsource/inter/files/inter-${script}-${weight}-normal.woff2`),
        fontName(script),
      )
  const shown = withGlyphs(() => createCanvas(glyphSize, glyphSize).getContext('2d'))
  const ruler = createCanvas(1, 1).getContext('2d')
  return {
    measure(text, style) {
      ruler.font = fontOf(style)
      return ruler.measureText(shown(text)).width
    },
    draw({ width, height, configuration }) {
      const canvas = new ChartJSNodeCanvas({
        width,
        height,
        backgroundColour: paper,
        chartCallback: ({ defaults }) => {
          defaults.font.family = fontFamily
          defaults.devicePixelRatio = 1.5
        },
      })
      const plugins = [...(configuration.plugins ?? []), encodesOnThread, showsText(shown)]
      return canvas.renderToBuffer({ ...configuration, plugins })
    },
  }
}

/** Writes every text of a chart so that all of it can be seen. */
function showsText(shown: (text: string) => string): Plugin {
  return {
    id: 'shows-text',
    beforeInit({ ctx }) {
      const [fill, stroke, measure] = [ctx.fillText, ctx.strokeText, ctx.measureText]
      Object.assign(ctx, {
        fillText: (text: string, ...place: [number, number, number?]) => fill.call(ctx, shown(text), ...place),
        strokeText: (text: string, ...place: [number, number, number?]) => stroke.call(ctx, shown(text), ...place),
        measureText: (text: string) => measure.call(ctx, shown(text)),
      })
    },
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
