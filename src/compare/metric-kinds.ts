import type { Metrics } from './raw-result.ts'

/** What can be done with a metric's figures: how they are written, which of two is better, and what users call it. */
export interface MetricKind {
  /** Decides how a figure is written and read: a share of 1, milliseconds, a rate a minute, a ratio, a count, or money. */
  readonly kind: 'share' | 'time' | 'rate' | 'ratio' | 'number' | 'money'
  /**
   * Whether a higher or a lower figure is better. It is `neither` when the figure says something only beside another one: a strategy
   * that gives up early has a short makespan and a low cost.
   */
  readonly better: 'higher' | 'lower' | 'neither'
  /** Short names that thresholds and `--metrics` also take. Default: none. */
  readonly aliases?: readonly string[]
}

/** The metrics in the order in which a report explains them. */
export const metricKinds: { readonly [K in keyof Metrics]-?: MetricKind } = {
  success: { kind: 'share', better: 'higher' },
  efficiency: { kind: 'share', better: 'higher' },
  ofBound: { kind: 'share', better: 'higher', aliases: ['bound'] },
  withinSlo: { kind: 'share', better: 'higher', aliases: ['slo'] },
  goodput: { kind: 'rate', better: 'higher' },
  throughput: { kind: 'rate', better: 'higher' },
  tokenThroughput: { kind: 'rate', better: 'higher', aliases: ['tokens'] },
  waitP50: { kind: 'time', better: 'lower', aliases: ['p50'] },
  waitP95: { kind: 'time', better: 'lower', aliases: ['p95'] },
  excessWait: { kind: 'time', better: 'lower', aliases: ['excess'] },
  waitShare: { kind: 'share', better: 'higher' },
  waitShareP95: { kind: 'share', better: 'higher' },
  latencyP50: { kind: 'time', better: 'lower' },
  latencyP95: { kind: 'time', better: 'lower' },
  latencyP99: { kind: 'time', better: 'lower', aliases: ['p99'] },
  makespan: { kind: 'time', better: 'neither' },
  amplification: { kind: 'ratio', better: 'lower', aliases: ['attempts'] },
  deniedShare: { kind: 'share', better: 'lower', aliases: ['429s'] },
  longestDenialStreak: { kind: 'number', better: 'lower', aliases: ['streak'] },
  peakInFlight: { kind: 'number', better: 'neither' },
  cost: { kind: 'money', better: 'neither' },
  wastedCost: { kind: 'money', better: 'lower', aliases: ['wasted'] },
  costPerThousandAnswers: { kind: 'money', better: 'lower' },
  elsewhere: { kind: 'share', better: 'lower' },
  jain: { kind: 'share', better: 'higher' },
  convergence: { kind: 'time', better: 'lower' },
}

/** The metrics that only a case with several processes has. */
export const sharingMetrics: readonly (keyof Metrics)[] = ['jain', 'convergence']

/** Every metric, also those that only a case with several processes has. */
export const metricNames = Object.keys(metricKinds) as (keyof Metrics)[]

const byAnyName = new Map<string, keyof Metrics>(
  metricNames.flatMap((name) => [name, ...(metricKinds[name].aliases ?? [])].map((each) => [each, name] as const)),
)

/** Every name and alias of a metric, which messages list. */
export const metricWords: readonly string[] = [...byAnyName.keys()]

/** Returns the metric with this name or alias, or undefined when there is none. */
export function metricNamed(word: string): keyof Metrics | undefined {
  return byAnyName.get(word)
}
