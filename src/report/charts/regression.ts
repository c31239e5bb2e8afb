import type { Chart as Drawn, Plugin, ScriptableScaleContext } from 'chart.js'
import type { Conclusion, Regression, RegressionRow } from '../../compare/regression.ts'
import { maximum } from '../../core/extremes.ts'
import { rowText } from '../figures/row-text.ts'
import { axisText, type Chart, chartWidth, fineGrid, headings, leftEdge, nameWidth } from './chart.ts'
import { fontOf, type Measure, type TextStyle } from './font.ts'
import { ink } from './palette.ts'
import { fitted, widest } from './text.ts'

/** More rows would not fit on a screen. Those that changed least are left out. */
const mostRows = 40

const colours: Readonly<Record<Conclusion, string>> = {
  better: ink.better,
  worse: ink.limit,
  different: ink.best,
  'too small': ink.other,
  'not distinguishable': ink.other,
}

const labelStyle: TextStyle = { size: 12 }
const textStyle: TextStyle = { size: 13 }

/** A row as it is drawn: its difference and its interval in percent of the first figure. */
interface Mark {
  readonly row: RegressionRow
  readonly value: number
  readonly low: number
  readonly high: number
}

/** A line for each row that can be told from chance: its difference with its 95 % interval, in percent of the first figure. */
export function regressionChart(regression: Regression, measure: Measure): Chart {
  const { before, after, currency, rows } = regression
  const told = rows.filter(({ conclusion }) => conclusion !== 'not distinguishable')
  const marks = marksOf(told)
  const cases = new Set(rows.map((row) => row.case))
  // The axis ends at ±100 %. A difference beyond it is drawn at the end, the chart says so, and its text has the figure.
  const greatest = maximum(
    marks.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]),
    1,
  )
  const end = Math.min(100, 5 * Math.ceil((1.05 * greatest) / 5))
  const labelOf = ({ row }: Mark) => {
    const { strategy, metric } = rowText(row, currency)
    return `${cases.size > 1 ? `${row.case} · ` : ''}${strategy} · ${metric}`
  }
  const left = told.length - marks.length
  const notes = [
    ...(marks.some(({ value }) => Math.abs(value) > end) ? ['a dot at the edge: more than 100 %'] : []),
    ...(left > 0 ? [`${left} more that changed less, or have no percentage`] : []),
  ]
  const how = 'difference in percent of the first figure; lines: 95 % interval'
  const texts = marks.map((mark) => textOf(mark, currency))
  const right = 24 + widest(texts, 300, textStyle, measure)
  const head = headings(`${after} against ${before}`, [how, notes.join('; ')], right, measure)
  const labelWidth = widest(marks.map(labelOf), nameWidth, labelStyle, measure)
  return {
    width: chartWidth,
    height: head.height + 66 + 26 * Math.max(1, marks.length),
    configuration: {
      type: 'bar',
      data: {
        labels: marks.map((mark) => fitted(labelOf(mark), labelWidth, labelStyle, measure)),
        datasets: [
          {
            data: marks.map(({ low, high }) => [clipped(low, end), clipped(high, end)] as [number, number]),
            backgroundColor: marks.map(({ row }) => colours[row.conclusion]),
            barThickness: 3,
            minBarLength: 3,
          },
        ],
      },
      options: {
        indexAxis: 'y',
        layout: { padding: { left: leftEdge, right, top: 8, bottom: 10 } },
        scales: {
          x: {
            min: -end,
            max: end,
            ...fineGrid,
            grid: {
              color: (context: ScriptableScaleContext) => (context.tick.value === 0 ? ink.text : ink.grid),
              lineWidth: (context: ScriptableScaleContext) =>
                context.tick.value === 0 ? 1.5 : fineGrid.grid.lineWidth,
            },
            ticks: { ...axisText, callback: (value) => `${Math.round(Number(value))} %`.replace('-', '−') },
          },
          y: {
            grid: { display: false },
            border: { color: ink.quiet },
            ticks: { autoSkip: false, color: ink.text, font: labelStyle },
          },
        },
        plugins: {
          ...head.plugins,
          legend: { display: false },
        },
      },
      plugins: [regressionMarks(marks, texts, end)],
    },
  }
}

/** The rows that have a difference in percent, those that changed most, in the order of the comparison. */
function marksOf(rows: readonly RegressionRow[]): Mark[] {
  const marks = rows
    .map((row): Mark => {
      const share = (each: number) => (100 * each) / Math.abs(row.before.value)
      const { value, low, high } = row.difference
      return { row, value: share(value), low: share(low), high: share(high) }
    })
    .filter(({ value, low, high }) => [value, low, high].every(Number.isFinite))
  const kept = new Set([...marks].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, mostRows))
  return marks.filter((mark) => kept.has(mark))
}

function clipped(value: number, end: number): number {
  return Math.max(-end, Math.min(end, value))
}

function textOf({ row }: Mark, currency: string): string {
  return `${rowText(row, currency).difference}  ${row.conclusion}`
}

/** Draws a dot at each difference, and its figure and conclusion at the right. */
function regressionMarks(marks: readonly Mark[], texts: readonly string[], end: number): Plugin {
  return {
    id: 'regression-marks',
    afterDatasetsDraw({ ctx, scales, chartArea }: Drawn) {
      ctx.save()
      ctx.font = fontOf(textStyle)
      ctx.textBaseline = 'middle'
      marks.forEach(({ row, value }, i) => {
        const y = scales.y!.getPixelForValue(i)
        ctx.fillStyle = colours[row.conclusion]
        ctx.beginPath()
        ctx.arc(scales.x!.getPixelForValue(clipped(value, end)), y, 5, 0, 2 * Math.PI)
        ctx.fill()
        ctx.fillText(texts[i]!, chartArea.right + 10, y)
      })
      ctx.restore()
    },
  }
}
