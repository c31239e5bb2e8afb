import { centralRows } from '../../compare/central-rows.ts'
import {
  type CaseComparison,
  type Comparison,
  deniedAttempts,
  deniedShareOf,
  optimaOf,
  type Row,
  rampOf,
} from '../../compare/comparison.ts'
import { leadersOf } from '../../compare/leaders.ts'
import { sharingMetrics } from '../../compare/metric-kinds.ts'
import { isRanked } from '../../compare/ranking.ts'
import type { Metrics } from '../../compare/raw-result.ts'
import type { Estimate } from '../../compare/statistics.ts'
import { type Rule, rules } from '../../core/limit.ts'
import { outcomes } from '../../harness/trace.ts'
import { chartFile, chartKinds, chartTitles } from '../charts/files.ts'
import { count, decimal, duration, notApplicable, percent, shortDuration, whole } from '../figures/figures.ts'
import { pValue, withInterval } from '../figures/intervals.ts'
import { metricEstimate, metricTable } from '../figures/metrics.ts'
import { limitWords, poolWords } from '../sentences/phrases.ts'
import { markdownTable } from './table.ts'
import { code, plain } from './user-text.ts'

const results: readonly (keyof Metrics)[] = [
  'success',
  'withinSlo',
  'goodput',
  'throughput',
  'waitP50',
  'waitP95',
  'excessWait',
  'amplification',
  'efficiency',
  'ofBound',
]
const latencies: readonly (keyof Metrics)[] = [
  'waitShare',
  'waitShareP95',
  'latencyP50',
  'latencyP95',
  'latencyP99',
  'makespan',
  'peakInFlight',
]
const money: readonly (keyof Metrics)[] = [
  'cost',
  'wastedCost',
  'costPerThousandAnswers',
  'tokenThroughput',
  'elsewhere',
]

const tenantMetrics: readonly (keyof Metrics)[] = ['success', 'waitP50', 'waitP95', 'amplification']

/** Renders one case: the ranking first, then the charts if the report has them, then all other figures. */
export function caseSection(chosen: CaseComparison, comparison: Comparison, hasCharts: boolean): string {
  const { rows, calls, patience, limitPerSecond, rankedBy, span } = chosen
  const { currency } = comparison.profile
  const waiting = Number.isFinite(patience)
    ? `each with a patience of ${duration(patience)}`
    : 'whose callers wait for ever'
  const limit = Number.isFinite(limitPerSecond)
    ? `An account’s tightest limit on requests bears ${limitWords(chosen, ' calls a second')}`
    : 'There is no limit on requests'
  const ranking =
    rankedBy === 'efficiency'
      ? 'Ranks go by efficiency'
      : 'The quota can answer all calls without a wait, so ranks go by the excess wait'
  const table = (title: string, heading: readonly string[], cells: (row: Row) => string[]) =>
    `### ${title}\n\n${markdownTable(
      ['strategy', ...heading],
      rows.map((row) => [code(row.id), ...cells(row)]),
    )}`
  const metrics = (title: string, names: readonly (keyof Metrics)[]) =>
    table(title, names.map(headingOf), ({ metrics }) =>
      names.map((name) => metricEstimate(name, metrics[name], currency)),
    )
  const denying = rules.filter((rule) => rows.some((row) => row.deniedBy[rule] > 0))
  return [
    `## ${plain(chosen.title)}`,
    `${whole(calls)} calls, ${waiting}. ${limit}. ${ranking}. Rates are over the first ${duration(span)}.`,
    rankingTable(chosen, centralRows(rows), comparison),
    ...(centralRows(rows).length < rows.length ? [centralText(rows)] : []),
    optimumTable(chosen),
    ...(hasCharts ? chartKinds : []).map(
      (kind) => `![${chartTitles[kind]}: ${plain(chosen.title)}](${chartFile(chosen, kind)})`,
    ),
    table('How the calls ended', outcomes, (row) => outcomes.map((outcome) => count(row.outcomes[outcome]))),
    table('429s by rule', ['429s', ...denying, headingOf('deniedShare'), headingOf('longestDenialStreak')], (row) => [
      count(deniedAttempts(row)),
      ...denying.map((rule) => ruleShare(row, rule)),
      metricEstimate('deniedShare', row.metrics.deniedShare, currency),
      metricEstimate('longestDenialStreak', row.metrics.longestDenialStreak, currency),
    ]),
    'The share of a strategy’s 429s that each rule would have given. A 429 may have several rules, so the shares of a row may exceed 100 % together.',
    metrics('Waits and latency', latencies),
    metrics('Cost, tokens and other models', money),
    ...(rows.some(({ tenants }) => tenants) ? [tenantTable(chosen)] : []),
    ...(rows.some(({ metrics }) => metrics.jain) ? [metrics('How the calls are shared', sharingMetrics)] : []),
  ].join('\n\n')
}

function centralText(rows: readonly Row[]): string {
  const central = centralRows(rows)
  const solutions = central.some(({ solution }) => solution !== undefined) ? ', the article’s solutions' : ''
  return `The table has the best strategy${solutions} and the best of the others. All ${rows.length} stand in the [appendix](#appendix-every-strategy).`
}

/** The ranking of every strategy in the cases whose table has not all of them. */
export function appendixSections(comparison: Comparison): readonly string[] {
  const cut = comparison.cases.filter(({ rows }) => centralRows(rows).length < rows.length)
  if (cut.length === 0) return []
  return [
    '## Appendix: every strategy',
    ...cut.flatMap((chosen) => [`### ${plain(chosen.title)}`, rankingTable(chosen, chosen.rows, comparison)]),
  ]
}

/** `shown` are rows of the case. Ranks are those among all rows. */
function rankingTable({ rows }: CaseComparison, shown: readonly Row[], { seeds, profile }: Comparison): string {
  const leaders = leadersOf(rows, seeds.length)
  const cells = shown.map((row) => {
    const shared = rows.filter(({ rank }) => rank === row.rank).length > 1
    const rank = !isRanked(seeds.length) ? notApplicable : `${row.rank}${shared ? '=' : ''}`
    return [
      rank,
      leaders.includes(row) ? `★ **${code(row.id)}**` : code(row.id),
      ...results.map((name) => metricEstimate(name, row.metrics[name], profile.currency)),
      pValue(row.pAgainstHead),
    ]
  })
  return markdownTable(['#', 'strategy', ...results.map(headingOf), 'p'], cells, [1])
}

function optimumTable({ rows }: CaseComparison): string {
  const time = (estimate: Estimate) => withInterval(estimate, shortDuration)
  const cells = optimaOf(rows).flatMap(({ quotaText: quota, limits, optimum }) => [
    [
      'bound',
      plain(quota),
      poolWords(limits),
      percent(optimum.boundSuccess.value),
      notApplicable,
      notApplicable,
      time(optimum.boundMakespan),
      '',
    ],
    [
      'reachable',
      plain(quota),
      '',
      percent(optimum.reachableSuccess.value),
      time(optimum.waitP50),
      time(optimum.waitP95),
      time(optimum.reachableMakespan),
      percent(rampOf(optimum)),
    ],
  ])
  const heading = ['optimum', 'quota', 'limits', 'success', 'wait p50', 'wait p95', 'makespan', 'ramp']
  return markdownTable(heading, cells, [1, 2])
}

function tenantTable({ rows }: CaseComparison): string {
  const cells = rows.flatMap(({ id, tenants = [] }) =>
    tenants.map(({ name, calls, success, amplification, waitP50, waitP95 }) => [
      code(id),
      plain(name),
      count(calls),
      withInterval(success, percent),
      withInterval(waitP50, shortDuration),
      withInterval(waitP95, shortDuration),
      withInterval(amplification, decimal),
    ]),
  )
  const heading = ['strategy', 'tenant', 'calls', ...tenantMetrics.map(headingOf)]
  return `### The tenants\n\n${markdownTable(heading, cells, [1])}`
}

function ruleShare(row: Row, rule: Rule): string {
  const share = deniedShareOf(row, rule)
  return Number.isNaN(share) ? notApplicable : percent(share)
}

function headingOf(name: keyof Metrics): string {
  return metricTable[name].heading
}
