import { type CaseComparison, type Comparison, optimaOf, type Row } from '../../compare/comparison.ts'
import { leadersOf } from '../../compare/leaders.ts'
import type { Metrics } from '../../compare/raw-result.ts'
import type { Estimate } from '../../compare/statistics.ts'
import { rules } from '../../core/limit.ts'
import { outcomes } from '../../harness/trace.ts'
import { chartFile, chartKinds, chartTitles } from '../charts/files.ts'
import { count, duration, notApplicable, percent, shortDuration, whole } from '../figures/figures.ts'
import { durationMargin, pValue, withInterval } from '../figures/intervals.ts'
import { metricEstimate, metricTable } from '../figures/metrics.ts'
import { limitWords } from '../sentences/phrases.ts'
import { markdownTable, oneLine } from './table.ts'

const results: readonly (keyof Metrics)[] = [
  'success',
  'withinSlo',
  'goodput',
  'waitP50',
  'waitP95',
  'amplification',
  'efficiency',
]
const latencies: readonly (keyof Metrics)[] = ['latencyP50', 'latencyP95', 'latencyP99', 'makespan', 'peakInFlight']
const money: readonly (keyof Metrics)[] = ['cost', 'wastedCost', 'costPerThousandAnswers', 'tokenGoodput', 'elsewhere']

/** Renders one case: the ranking first, then the charts if the report has them, then all other figures. */
export function caseSection(chosen: CaseComparison, comparison: Comparison, hasCharts: boolean): string {
  const { rows, calls, patience } = chosen
  const { currency } = comparison.profile
  const waiting = Number.isFinite(patience)
    ? `each with a patience of ${duration(patience)}`
    : 'whose callers wait for ever'
  const limit = `An account’s tightest limit bears ${limitWords(chosen, ' calls a second')}`
  const table = (title: string, heading: readonly string[], cells: (row: Row) => string[]) =>
    `### ${title}\n\n${markdownTable(
      ['strategy', ...heading],
      rows.map((row) => [code(row.id), ...cells(row)]),
    )}`
  const metrics = (title: string, names: readonly (keyof Metrics)[]) =>
    table(title, names.map(headingOf), ({ metrics }) =>
      names.map((name) => metricEstimate(name, metrics[name], currency)),
    )
  return [
    `## ${oneLine(chosen.title)}`,
    `${whole(calls)} calls, ${waiting}. ${limit}.`,
    rankingTable(chosen, comparison),
    optimumTable(chosen),
    ...(hasCharts ? chartKinds : []).map(
      (kind) => `![${chartTitles[kind]}: ${oneLine(chosen.title)}](${chartFile(chosen, kind)})`,
    ),
    table('How the calls ended', outcomes, (row) => outcomes.map((outcome) => count(row.outcomes[outcome]))),
    table('429s by rule', [...rules, headingOf('deniedShare'), headingOf('longestDenialStreak')], (row) => [
      ...rules.map((rule) => count(row.denials[rule])),
      metricEstimate('deniedShare', row.metrics.deniedShare, currency),
      metricEstimate('longestDenialStreak', row.metrics.longestDenialStreak, currency),
    ]),
    metrics('Latency', latencies),
    metrics('Cost, tokens and other models', money),
  ].join('\n\n')
}

function rankingTable({ rows }: CaseComparison, { seeds, profile }: Comparison): string {
  const leaders = leadersOf(rows, seeds.length)
  const cells = rows.map((row) => {
    const shared = rows.filter(({ rank }) => rank === row.rank).length > 1
    const rank = seeds.length < 2 ? notApplicable : `${row.rank}${shared ? '=' : ''}`
    return [
      rank,
      leaders.includes(row) ? `★ **${code(row.id)}**` : code(row.id),
      ...results.map((name) => metricEstimate(name, row.metrics[name], profile.currency)),
      pValue(row.pAgainstHead),
    ]
  })
  return markdownTable(['#', 'strategy', ...results.map(headingOf), 'p'], cells, [1])
}

function optimumTable({ rows, calls }: CaseComparison): string {
  const time = (estimate: Estimate) => withInterval(estimate, shortDuration, durationMargin)
  const cells = optimaOf(rows).map(({ quotaText: quota, optimum: { answered, makespan, waitP50, waitP95 } }) => [
    quota,
    percent(calls > 0 ? answered.value / calls : 0),
    time(waitP50),
    time(waitP95),
    time(makespan),
  ])
  return markdownTable(['optimum on', 'success', 'wait p50', 'wait p95', 'makespan'], cells)
}

function headingOf(name: keyof Metrics): string {
  return metricTable[name].heading
}

function code(id: string): string {
  return `\`${id}\``
}
