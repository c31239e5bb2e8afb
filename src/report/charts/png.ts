import { createRequire } from 'node:module'
import type { Plugin } from 'chart.js'
import type { Comparison } from '../../compare/comparison.ts'
import type { Regression } from '../../compare/regression.ts'
import { leadersOf } from '../sentences/answer.ts'
import { admittedChart } from './admitted.ts'
import { type Chart, font } from './chart.ts'
import { chartFile, chartKinds } from './files.ts'
import { regressionChart } from './regression.ts'
import { successChart } from './success.ts'
import { waitChart } from './wait.ts'

const builders = { success: successChart, admitted: admittedChart, wait: waitChart }

/** Draws every chart of a comparison as a PNG. Keys are the paths from the report's folder. */
export async function charts({ cases, seeds }: Comparison): Promise<Record<string, Uint8Array>> {
  const draw = await loadDrawing()
  const pictures = cases.flatMap((chosen) => {
    const context = { title: chosen.title, seeds: seeds.length, leaders: leadersOf(chosen.rows, seeds.length) }
    return chartKinds.map(
      async (kind) => [chartFile(chosen, kind), await draw(builders[kind](chosen, context))] as const,
    )
  })
  return Object.fromEntries(await Promise.all(pictures))
}

/** Draws the differences of two results as a PNG. */
export async function regressionPicture(regression: Regression): Promise<Uint8Array> {
  const draw = await loadDrawing()
  return draw(regressionChart(regression))
}

/** Loads the drawing library only when it is needed, because it takes longer than everything else at a command's start. */
async function loadDrawing(): Promise<(chart: Chart) => Promise<Uint8Array>> {
  const { GlobalFonts } = await import('canvas')
  const { ChartJSNodeCanvas } = await import('chartjs-node-canvas')
  const { resolve } = createRequire(import.meta.url)
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
