import { readFileSync } from 'node:fs'
import { defineConfig } from 'rolldown'

const file = 'dist/src/report/charts/drawing.js'
const licence = readFileSync('node_modules/chartjs-node-canvas/LICENSE', 'utf8').trim()

// The build puts chartjs-node-canvas into the one file that uses it. As a dependency of the package it would bring node-canvas, which
// has to be compiled: only the root project of an installation may replace it by another canvas.
export default defineConfig({
  input: file,
  platform: 'node',
  external: ['@napi-rs/canvas', 'chart.js/auto', /charts\/(files|font|glyphs|palette)\.js$/],
  resolve: { alias: { 'chartjs-node-canvas': 'chartjs-node-canvas/dist/chartJSNodeCanvas.js' } },
  plugins: [
    {
      name: 'draws-on-napi-canvas',
      transform: {
        filter: { id: /chartJSNodeCanvasBase\.js$/ },
        handler(code) {
          const loading = "(0, freshRequire_1.freshRequire)('canvas')"
          if (!code.includes(loading)) throw new Error(`Expected chartjs-node-canvas to contain ${loading}`)
          return code.replace(loading, "require('@napi-rs/canvas')")
        },
      },
    },
  ],
  output: {
    file,
    codeSplitting: false,
    postBanner: `/*!\nThis file contains chartjs-node-canvas, which has this licence:\n\n${licence}\n*/`,
  },
})
