import type { Millis } from '../core/clock.ts'
import { type Rule, rules } from '../core/limit.ts'
import { type Outcome, outcomes } from '../harness/trace.ts'
import type { Optimum } from '../optimum/optimum.ts'
import { type Rank, type RankMetric, rankMetricOf, rankRows } from './ranking.ts'
import type {
  CaseFacts,
  Cell,
  Contestant,
  Metrics,
  OptimumSummary,
  RawResult,
  Series,
  StudyFacts,
} from './raw-result.ts'
import { expectWithinLimits } from './self-check.ts'
import { shareOf } from './share.ts'
import { type Estimate, estimate, mean, quantile, sorted } from './statistics.ts'
import { type TenantRow, tenantRows } from './tenant-figures.ts'

/**
 * The shares of the offered calls that no client exceeds, and that are reachable. They are taken seed by seed, because seeds may offer
 * different numbers of calls.
 */
export type OptimumShare = 'boundSuccess' | 'reachableSuccess'

/** The results of one strategy on one case, over all seeds. */
export interface Row extends Contestant, Rank {
  readonly metrics: { readonly [K in keyof Metrics]: Estimate }
  /** The mean number of calls by outcome. */
  readonly outcomes: Readonly<Record<Outcome, number>>
  /** The mean number of denied attempts by the rule that the reply came from. */
  readonly denials: Readonly<Record<Rule, number>>
  /** The mean number of denied attempts that each rule would have denied. An attempt counts at every such rule. */
  readonly deniedBy: Readonly<Record<Rule, number>>
  readonly optimum: Readonly<Record<keyof OptimumSummary | OptimumShare, Estimate>>
  /** The figures by which rows may be ranked, on each seed in the order of the seeds. */
  readonly valuesBySeed: Readonly<Record<RankMetric, readonly number[]>>
  /** The figures of each tenant. Absent in a case without tenants. */
  readonly tenants?: readonly TenantRow[]
  /** The curves of the run on the first seed. */
  readonly series: Series
}

/** The results of all strategies on one case. */
export interface CaseComparison extends Omit<CaseFacts, 'contestants' | 'baseline'> {
  /** The mean number of offered calls. */
  readonly calls: number
  /** The metric by which rows are ranked. */
  readonly rankedBy: RankMetric
  /** The median over the seeds of the time over which rates are taken, in milliseconds. */
  readonly span: Millis
  /**
   * The rows in the order of their rank. Of rows that share a rank, the one that answers more calls comes first. With too few seeds for
   * ranks, the rows have the order of their efficiency.
   */
  readonly rows: readonly Row[]
  /** The case that this one is compared with. Default: there is no comparison. */
  readonly baseline?: CaseComparison
}

/** The results of one scenario. Renderers need nothing else. */
export interface Comparison extends Omit<StudyFacts, 'cases'> {
  readonly cases: readonly CaseComparison[]
}

/** Compares the strategies of a study in each case. Throws when a figure exceeds a limit that the result states. */
export function comparisonOf(result: RawResult): Comparison {
  expectWithinLimits(result)
  const { study, cells } = result
  const cases = study.cases.map(({ contestants, baseline: _, ...facts }) => {
    const cellsOfCase = cells.filter((cell) => cell.case === facts.name)
    return {
      ...facts,
      calls: mean(cellsOfCase.map(({ summary }) => summary.calls)),
      ...ranked(contestants, (id) => cellsOfCase.filter(({ strategy }) => strategy === id)),
      span: estimate(cellsOfCase.map(({ summary }) => summary.span)).value,
    }
  })
  return { ...study, cases: cases.map((each, i) => withBaseline(each, study.cases[i]!.baseline, cases)) }
}

function withBaseline(
  compared: CaseComparison,
  name: string | undefined,
  cases: readonly CaseComparison[],
): CaseComparison {
  const baseline = cases.find((each) => each.name === name)
  return baseline ? { ...compared, baseline } : compared
}

function ranked(contestants: readonly Contestant[], cellsOf: (id: string) => readonly Cell[]) {
  const rows = contestants.map((contestant) => unrankedRow(contestant, cellsOf(contestant.id)))
  const rankedBy = rankMetricOf(rows)
  return { rankedBy, rows: rankRows(rows, rankedBy) }
}

/** The row of one strategy, from its cells, before it is ranked. */
export function unrankedRow(contestant: Contestant, cells: readonly Cell[]): Omit<Row, keyof Rank> {
  const summaries = cells.map(({ summary }) => summary)
  const names = Object.keys(summaries[0]!.metrics) as (keyof Metrics)[]
  return {
    ...contestant,
    metrics: byName(names, (name) => estimate(summaries.map(({ metrics }) => metrics[name]!))),
    outcomes: byName(outcomes, (outcome) => mean(summaries.map((s) => s.outcomes[outcome]))),
    denials: byName(rules, (rule) => mean(summaries.map((s) => s.denials[rule]))),
    deniedBy: byName(rules, (rule) => mean(summaries.map((s) => s.deniedBy[rule]))),
    optimum: {
      ...byName(optimumNames, (name) => estimate(cells.map(({ optimum }) => optimum[name]))),
      boundSuccess: answeredShare(cells, 'bound'),
      reachableSuccess: answeredShare(cells, 'reachable'),
    },
    valuesBySeed: byName(['efficiency', 'excessWait'], (name) => summaries.map(({ metrics }) => metrics[name])),
    ...(summaries[0]!.tenants && { tenants: tenantRows(summaries.map(({ tenants = [] }) => tenants)) }),
    series: cells[0]!.series!,
  }
}

function answeredShare(cells: readonly Cell[], name: 'bound' | 'reachable'): Estimate {
  return estimate(cells.map(({ optimum, summary: { calls } }) => (calls > 0 ? optimum[name] / calls : 0)))
}

function byName<K extends string, V>(names: readonly K[], value: (name: K) => V): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, V>
}

/** Returns the mean number of denied attempts. */
export function deniedAttempts({ denials }: Row): number {
  return rules.reduce((total, rule) => total + denials[rule], 0)
}

/** Returns the share of the denied attempts that a rule would have denied, alone or with others. NaN when none was denied. */
export function deniedShareOf(row: Row, rule: Rule): number {
  const denied = deniedAttempts(row)
  if (denied === 0) return Number.NaN
  const share = row.deniedBy[rule] / denied
  // Both are sums of means, which rounding may set apart.
  return share > 1 - 1e-9 ? 1 : share
}

/** The names of the figures of an optimum. */
export const optimumNames = [
  'bound',
  'boundMakespan',
  'boundTokens',
  'reachable',
  'reachableMakespan',
  'reachableTokens',
  'reachableShare',
  'waitP50',
  'waitP95',
] as const satisfies readonly (keyof OptimumSummary)[]

/** Returns the figures of an optimum that a report shows. */
export function summarizeOptimum({ bound, reachable, meanService }: Optimum): OptimumSummary {
  const waits = sorted(reachable.waits)
  return {
    bound: bound.answered,
    boundMakespan: bound.makespan,
    boundTokens: bound.tokens,
    reachable: reachable.answered,
    reachableMakespan: reachable.makespan,
    reachableTokens: reachable.tokens,
    reachableShare: shareOf(reachable, bound, meanService),
    waitP50: quantile(waits, 0.5),
    waitP95: quantile(waits, 0.95),
  }
}

/**
 * The ramp: the share of the bound that is not reachable, because the burst guard slows the start, or the calls do not fill the windows. NaN
 * when the limits let no call through.
 */
export function rampOf({ bound, reachableShare }: Row['optimum']): number {
  return bound.value > 0 ? 1 - reachableShare.value : Number.NaN
}

/** Returns the rows of each quota, in their order. Strategies that use the same quota have the same optimum. */
export function rowsByQuota(rows: readonly Row[]): Row[][] {
  const groups = Map.groupBy(rows, ({ quotaText, optimum: { reachable, reachableMakespan } }) =>
    JSON.stringify([quotaText, reachable.value, reachableMakespan.value]),
  )
  return [...groups.values()]
}

/** Returns one row for each quota. */
export function optimaOf(rows: readonly Row[]): Row[] {
  return rowsByQuota(rows).map(([first]) => first!)
}

/** Returns the quota that the greatest number of rows uses. Of two quotas with the same number of rows, returns that of the earlier row. */
export function usualQuota(rows: readonly Row[]): string | undefined {
  const rowCount = (quota: string) => rows.filter((row) => row.quotaText === quota).length
  return rows
    .map(({ quotaText }) => quotaText)
    .reduce<string | undefined>((a, b) => (a === undefined || rowCount(b) > rowCount(a) ? b : a), undefined)
}
