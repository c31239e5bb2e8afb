import type { Sensitivity } from '../../compare/sensitivity/sensitivity.ts'
import { flipsIn, mostFlipping, seedsText, settingText } from '../sentences/rests-on.ts'
import { type Chart, chartWidth, headings, ink } from './chart.ts'

/** More bars would not fit on a screen. Those of the alternatives that flip least are left out. */
const mostBars = 40

/** One bar: the changes of one alternative in one case. */
interface Bar {
  readonly label: string
  readonly flips: number
  readonly weakens: number
}

/** A bar for each alternative and each case whose conclusions it changes: how many flip, and how many weaken. */
export function sensitivityChart(sensitivity: Sensitivity): Chart {
  const { study, alternatives, conclusions } = sensitivity
  const all = barsOf(sensitivity)
  const bars = all.slice(0, mostBars)
  const still = alternatives.filter(({ changes }) => changes.length === 0).length
  const notes = [
    `${still} of ${alternatives.length} values change nothing`,
    ...(all.length > bars.length ? [`${all.length - bars.length} more bars of values that flip less`] : []),
  ]
  return {
    width: chartWidth,
    height: 168 + 26 * Math.max(1, bars.length),
    configuration: {
      type: 'bar',
      data: {
        labels: bars.map(({ label }) => label),
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
        layout: { padding: { left: 12, right: 30, top: 8, bottom: 10 } },
        scales: {
          x: {
            stacked: true,
            min: 0,
            border: { display: false },
            grid: { color: ink.grid },
            ticks: { color: ink.quiet, font: { size: 13 }, precision: 0 },
            title: { display: true, text: 'conclusions', color: ink.quiet, font: { size: 13 } },
          },
          y: {
            stacked: true,
            grid: { display: false },
            border: { color: ink.quiet },
            ticks: { autoSkip: false, color: ink.text },
          },
        },
        plugins: {
          ...headings('Conclusions that another value of a switch changes', [
            `${study.scenario.title}: ${conclusions.length} conclusions, ${seedsText(study.seeds)}`,
            notes.join('; '),
          ]),
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
