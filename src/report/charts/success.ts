import type { LegendItem } from 'chart.js'
import type { CaseComparison } from '../../compare/comparison.ts'
import { isRanked } from '../../compare/ranking.ts'
import { type Chart, type ChartContext, chartWidth, headings, ink } from './chart.ts'
import { chartTitles } from './files.ts'
import { answerableShare, successMarks } from './success-marks.ts'

/** A bar for each row, in the order of the ranking: the share of answered calls, with the optimum and the efficiency as marks. */
export function successChart({ rows, calls }: CaseComparison, { title, seeds, leaders }: ChartContext): Chart {
  const how = isRanked(seeds)
    ? `number: rank by efficiency; whiskers: 95 % interval over ${seeds} seeds`
    : `${seeds} seed${seeds === 1 ? '' : 's'}: no ranks and no intervals`
  return {
    width: chartWidth,
    height: 148 + 32 * Math.max(1, rows.length),
    configuration: {
      type: 'bar',
      data: {
        labels: rows.map(({ id, rank }) => (isRanked(seeds) ? `${id}  ${rank}` : id)),
        datasets: [
          {
            data: rows.map(({ metrics }) => 100 * metrics.success.value),
            backgroundColor: rows.map((row) => (leaders.includes(row) ? ink.best : ink.other)),
            borderRadius: 2,
            barPercentage: 0.72,
            categoryPercentage: 1,
          },
        ],
      },
      options: {
        indexAxis: 'y',
        layout: { padding: { left: 12, right: 150, top: 8, bottom: 10 } },
        scales: {
          x: {
            min: 0,
            max: 100,
            border: { display: false },
            grid: { color: ink.grid },
            ticks: { color: ink.quiet, font: { size: 13 }, stepSize: 20, callback: (value) => `${value} %` },
            title: { display: true, text: 'share of the offered calls', color: ink.quiet, font: { size: 13 } },
          },
          y: {
            grid: { display: false },
            border: { color: ink.quiet },
            ticks: {
              autoSkip: false,
              color: ink.text,
              font: ({ index }) => ({ size: 14, weight: leaders.includes(rows[index]!) ? 600 : 400 }),
            },
          },
        },
        plugins: {
          ...headings(chartTitles.success, [title, how]),
          legend: {
            align: 'start',
            labels: {
              usePointStyle: true,
              boxHeight: 8,
              font: { size: 13 },
              generateLabels: () =>
                legend(
                  leaders.length > 0,
                  rows.some((row) => answerableShare(row, calls) < 1),
                ),
            },
          },
        },
      },
      plugins: [successMarks(rows, calls, leaders)],
    },
  }
}

function legend(best: boolean, bounded: boolean): LegendItem[] {
  const item = (text: string, pointStyle: 'rect' | 'rectRot' | 'line', fillStyle: string, strokeStyle: string) => ({
    text,
    pointStyle,
    fillStyle,
    strokeStyle,
    lineWidth: pointStyle === 'rect' ? 0 : 2,
    fontColor: ink.text,
  })
  return [
    ...(best ? [item('answered: closest to the optimum', 'rect', ink.best, ink.best)] : []),
    item('answered', 'rect', ink.other, ink.other),
    item('efficiency: share of the reachable', 'rectRot', '#FFFFFF', ink.text),
    ...(bounded ? [item('most that its quota can answer', 'line', ink.limit, ink.limit)] : []),
  ]
}
