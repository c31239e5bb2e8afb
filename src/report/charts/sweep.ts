import type { Chart as Drawn, Plugin } from 'chart.js'
import type { Sweep, SweepCurve } from '../../compare/sweeps.ts'
import { decimal } from '../figures/figures.ts'
import { sweepTitle } from '../sentences/sweep.ts'
import { axisText, type Chart, chartWidth, fineGrid, headings, leftEdge, nameWidth } from './chart.ts'
import { fontOf, type Measure, type TextStyle } from './font.ts'
import { curveStyle } from './palette.ts'
import { fitted, widest } from './text.ts'

const labelStyle: TextStyle = { size: 13 }

/** The least distance of two names at the right edge, in CSS pixels. */
const labelHeight = 18

/** The goodput of each strategy over the offered load, with the name of each curve and its last figure at its end. */
export function sweepChart(sweep: Sweep, seeds: number, measure: Measure): Chart {
  const { points, curves } = sweep
  const labels = curves.map((curve) => labelOf(curve, measure))
  const right = 40 + widest(labels, nameWidth, labelStyle, measure)
  const how = seeds > 1 ? `median of ${seeds} seeds` : 'one seed'
  const head = headings(sweepTitle(sweep), [how], right, measure)
  const height = Math.max(360, labelHeight * (curves.length + 2))
  return {
    width: chartWidth,
    height: head.height + 60 + height,
    configuration: {
      type: 'scatter',
      data: {
        datasets: curves.map(({ goodput }, i) => {
          const { colour, dash, mark } = curveStyle(i)
          return {
            data: points.map(({ load }, k) => ({ x: 100 * load, y: goodput[k]!.value })),
            showLine: true,
            clip: false,
            borderColor: colour,
            backgroundColor: colour,
            borderWidth: 1.75,
            borderDash: [...dash],
            pointStyle: mark,
            pointRadius: 4,
          }
        }),
      },
      options: {
        layout: { padding: { left: leftEdge, right, top: 8, bottom: 10 } },
        scales: {
          x: {
            type: 'linear',
            min: 0,
            ...fineGrid,
            ticks: { ...axisText, callback: (value) => `${value} %` },
            title: { display: true, text: 'offered load, as a share of that of the case', ...axisText },
          },
          y: {
            type: 'linear',
            min: 0,
            ...fineGrid,
            ticks: axisText,
            title: { display: true, text: 'goodput, calls a minute', ...axisText },
          },
        },
        plugins: { ...head.plugins, legend: { display: false } },
      },
      plugins: [curveNames(curves, labels)],
    },
  }
}

function labelOf({ id, goodput }: SweepCurve, measure: Measure): string {
  const figure = `  ${decimal(goodput.at(-1)!.value)}`
  return `${fitted(id, nameWidth - measure(figure, labelStyle), labelStyle, measure)}${figure}`
}

/** Writes the name of each curve beside its end. Curves stand in the order of their ends, so names only move down. */
function curveNames(curves: readonly SweepCurve[], labels: readonly string[]): Plugin {
  return {
    id: 'curve-names',
    afterDatasetsDraw({ ctx, scales, chartArea }: Drawn) {
      ctx.save()
      ctx.font = fontOf(labelStyle)
      ctx.textBaseline = 'middle'
      const highest = chartArea.bottom - labelHeight * (curves.length - 1)
      let last = chartArea.top - labelHeight
      curves.forEach(({ goodput }, i) => {
        const own = scales.y!.getPixelForValue(goodput.at(-1)!.value)
        last = Math.max(last + labelHeight, Math.min(own, highest + labelHeight * i))
        ctx.fillStyle = curveStyle(i).colour
        ctx.fillText(labels[i]!, chartArea.right + 16, last)
      })
      ctx.restore()
    },
  }
}
