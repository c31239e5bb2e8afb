import type { Sensitivity } from '../../compare/sensitivity/sensitivity.ts'
import { flipsIn, mostFlipping, seedsText, settingText } from '../sentences/rests-on.ts'
import { axisText, type Chart, chartWidth, fineGrid, headings, leftEdge } from './chart.ts'
import type { Measure, TextStyle } from './font.ts'
import { ink } from './palette.ts'
import { fitted, widest } from './text.ts'

/** More bars would not fit on a screen. Those of the alternatives that flip least are left out. */
const mostBars = 40

/** The widest label of a bar in CSS pixels. */
const widestLabel = 360

const labelStyle: TextStyle = { size: 12 }

/** The room to the right of the bars in CSS pixels. */
const right = 30

/** One bar: the changes of one alternative in one case. */
interface Bar {
  readonly label: string
  readonly flips: number
  readonly weakens: number
}

/** A bar for each alternative and each case whose conclusions it changes: how many flip, and how many weaken. */
export function sensitivityChart(sensitivity: Sensitivity, measure: Measure): Chart {
  const { study, alternatives, conclusions } = sensitivity
  const all = barsOf(sensitivity)
  const bars = all.slice(0, mostBars)
  const still = alternatives.filter(({ changes }) => changes.length === 0).length
  const notes = [
    `${still} of ${alternatives.length} values change nothing`,
    ...(all.length > bars.length ? [`${all.length - bars.length} more bars of values that flip less`] : []),
  ]
  const head = headings(
    'Conclusions that another value of a switch changes',
    [`${study.scenario.title}: ${conclusions.length} conclusions, ${seedsText(study.seeds)}`, notes.join('; ')],
    right,
    measure,
  )
  const labels = bars.map(({ label }) => label)
  const labelWidth = widest(labels, widestLabel, labelStyle, measure)
  return {
    width: chartWidth,
    height: head.height + 98 + 26 * Math.max(1, bars.length),
    configuration: {
      type: 'bar',
      data: {
        labels: labels.map((label) => fitted(label, labelWidth, labelStyle, measure)),
        datasets: [
          dataset(
            'flip: the opposite is told',
            ink.limit,
            bars.map(({ flips }) => flips),
          ),
          dataset(
            'weaken',
            ink.other,
            bars.map(({ weakens }) => weakens),
          ),
        ],
      },
      options: {
        indexAxis: 'y',
        layout: { padding: { left: leftEdge, right, top: 8, bottom: 10 } },
        scales: {
          x: {
            stacked: true,
            min: 0,
            ...fineGrid,
            ticks: { ...axisText, precision: 0 },
            title: { display: true, text: 'conclusions', ...axisText },
          },
          y: {
            stacked: true,
            grid: { display: false },
            border: { color: ink.quiet },
            ticks: { autoSkip: false, color: ink.text, font: labelStyle },
          },
        },
        plugins: {
          ...head.plugins,
          legend: {
            align: 'start',
            labels: { usePointStyle: true, pointStyle: 'rect', boxHeight: 8, font: { size: 13 } },
          },
        },
      },
    },
  }
}

/** The bars of an alternative stand together. Alternatives that flip most come first. */
function barsOf({ study, alternatives }: Sensitivity): Bar[] {
  return mostFlipping(alternatives).flatMap((each) =>
    study.cases.flatMap(({ name }) => {
      const changes = each.changes.filter((change) => change.case === name)
      const flips = flipsIn({ changes })
      const label = study.cases.length > 1 ? `${settingText(each)} · ${name}` : settingText(each)
      return changes.length === 0 ? [] : [{ label, flips, weakens: changes.length - flips }]
    }),
  )
}

function dataset(label: string, colour: string, data: number[]) {
  return { label, data, backgroundColor: colour, barPercentage: 0.72, categoryPercentage: 1 }
}
