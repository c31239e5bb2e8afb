import { type MetricKind, metricKinds } from '../../compare/metric-kinds.ts'
import type { Metrics } from '../../compare/raw-result.ts'
import { settledShare, sharingWindow } from '../../compare/sharing.ts'
import type { Estimate } from '../../compare/statistics.ts'
import { slo } from '../../compare/summary.ts'
import { count, decimal, duration, money, notApplicable, percent, shortDuration } from './figures.ts'
import { withInterval } from './intervals.ts'

/** The names and the explanation of one metric, for every renderer. */
export interface MetricRow {
  readonly heading: string
  /** The name in report.json, with the unit if there is one. */
  readonly json: string
  readonly meaning: string
}

/** How every renderer names and explains each metric. */
export const metricTable: { readonly [K in keyof Metrics]-?: MetricRow } = {
  success: { heading: 'success', json: 'success', meaning: 'answered calls ÷ offered calls' },
  efficiency: {
    heading: 'efficiency',
    json: 'efficiency',
    meaning:
      'share of what is reachable on the quota which the strategy draws on: answered ÷ reachable × min(1, reachable time to serve ÷ own). ' +
      'The time to serve is the last answered call’s admission plus the mean service time; a call that the strategy answers without an attempt does not count. ' +
      'More than 100 %: the strategy found a better order of the calls than any that was tried',
  },
  ofBound: {
    heading: 'of the bound',
    json: 'share_of_bound',
    meaning: 'the same share of the bound, which no client exceeds',
  },
  withinSlo: {
    heading: `within ${duration(slo)}`,
    json: 'within_slo',
    meaning: `answered within ${duration(slo)} of the intended arrival ÷ offered calls`,
  },
  goodput: {
    heading: `in ${duration(slo)}/min`,
    json: 'goodput_per_minute',
    meaning: `goodput: calls answered within ${duration(slo)} of the intended arrival, a minute, over the span that the case states`,
  },
  throughput: {
    heading: 'answers/min',
    json: 'throughput_per_minute',
    meaning: 'answered calls a minute, over the same span for all strategies: later answers do not count',
  },
  tokenThroughput: {
    heading: 'tokens/min',
    json: 'token_throughput_per_minute',
    meaning: 'tokens of these calls a minute, over the same span',
  },
  waitP50: {
    heading: 'wait p50',
    json: 'wait_p50_ms',
    meaning: 'half of all offered calls wait at most so long, from the intended arrival to the admission that answers',
  },
  waitP95: {
    heading: 'wait p95',
    json: 'wait_p95_ms',
    meaning: '95 % of all offered calls wait at most so long',
  },
  excessWait: {
    heading: 'excess wait',
    json: 'excess_wait_ms',
    meaning:
      'by how much the mean wait exceeds the reachable mean wait. A caller without an answer counts with the whole patience',
  },
  waitShare: {
    heading: 'wait share',
    json: 'wait_share',
    meaning: 'reachable mean wait ÷ own mean wait; – where nobody would have to wait',
  },
  waitShareP95: {
    heading: 'wait share p95',
    json: 'wait_share_p95',
    meaning: 'reachable wait p95 ÷ own wait p95; 0 when more than 5 % are not answered',
  },
  latencyP50: {
    heading: 'latency p50',
    json: 'latency_p50_ms',
    meaning: 'as wait p50, to the answer: the service time included',
  },
  latencyP95: {
    heading: 'latency p95',
    json: 'latency_p95_ms',
    meaning: 'as wait p95, to the answer',
  },
  latencyP99: {
    heading: 'latency p99',
    json: 'latency_p99_ms',
    meaning: '99 % of all offered calls are answered within so long',
  },
  makespan: {
    heading: 'makespan',
    json: 'makespan_ms',
    meaning: 'from the start to the end of the last call, whatever its outcome',
  },
  amplification: {
    heading: 'attempts/call',
    json: 'attempts_per_call',
    meaning: 'amplification: attempts ÷ calls',
  },
  deniedShare: { heading: '429s/attempt', json: 'denied_share', meaning: '429s ÷ attempts' },
  longestDenialStreak: {
    heading: 'longest streak',
    json: 'longest_denial_streak',
    meaning: 'the longest run of consecutive 429s',
  },
  peakInFlight: {
    heading: 'peak in flight',
    json: 'peak_in_flight',
    meaning: 'the most answered calls in service at once',
  },
  cost: { heading: 'cost', json: 'cost', meaning: 'what the provider bills' },
  wastedCost: {
    heading: 'wasted cost',
    json: 'wasted_cost',
    meaning: 'paid for, but answering nobody: the caller had gone, or had another answer',
  },
  costPerThousandAnswers: {
    heading: 'per 1,000 answers',
    json: 'cost_per_thousand_answers',
    meaning: 'cost ÷ answered calls × 1,000',
  },
  elsewhere: {
    heading: 'elsewhere',
    json: 'elsewhere',
    meaning: 'answers by another model than the one asked for ÷ answers',
  },
  jain: {
    heading: 'Jain',
    json: 'jain',
    meaning:
      `how evenly processes, or tenants, share while all have calls: (Σx)² ÷ (n·Σx²), where x is what one is admitted in ${duration(sharingWindow)} ` +
      'as a share of its max–min fair part; 1 when all get the same, 1/n when one gets everything',
  },
  convergence: {
    heading: 'convergence',
    json: 'convergence_ms',
    meaning:
      `from the start of the slowest newcomer to the first ${duration(sharingWindow)} in which it is admitted ${percent(settledShare)} of its fair part; ` +
      '– where all processes start together',
  },
}

/** Writes a metric with its interval. */
export function metricEstimate(name: keyof Metrics, estimate: Estimate | undefined, currency: string): string {
  const { kind } = metricKinds[name]
  return estimate ? withInterval(estimate, formats[kind](currency)) : notApplicable
}

const formats: Readonly<Record<MetricKind['kind'], (currency: string) => (value: number) => string>> = {
  share: () => percent,
  time: () => shortDuration,
  number: () => count,
  rate: () => decimal,
  ratio: () => decimal,
  money: (currency) => (value) => money(value, currency),
}
