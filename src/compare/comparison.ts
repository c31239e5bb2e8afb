import { type Rule, rules } from '../core/limit.ts'
import { type Outcome, outcomes } from '../harness/trace.ts'
import type { Optimum } from '../optimum/optimum.ts'
import { pairedDifference } from './difference.ts'
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
import { type Estimate, estimate, leastSeeds, mean, quantile, sorted } from './statistics.ts'

/** The results of one strategy on one case, over all seeds. */
export interface Row extends Contestant {
  readonly metrics: Readonly<Record<keyof Metrics, Estimate>>
  /** The mean number of calls by outcome. */
  readonly outcomes: Readonly<Record<Outcome, number>>
  /** The mean number of denied attempts by the rule that the reply came from. */
  readonly denials: Readonly<Record<Rule, number>>
  /** The mean number of denied attempts that each rule would have denied. An attempt counts at every such rule. */
  readonly deniedBy: Readonly<Record<Rule, number>>
  readonly optimum: Readonly<Record<keyof OptimumSummary, Estimate>>
  /**
   * The rank by efficiency, the share of the reachable, from 1, the best. Rows that do not differ from the head of their rank share it. NaN
   * with too few seeds for ranks.
   */
  readonly rank: number
  /**
   * The p-value of the test of this row against the head of the rank before it, after Bonferroni's correction. NaN for the most efficient
   * row, and with too few seeds for ranks.
   */
  readonly pAgainstHead: number
  /** The efficiency on each seed, in the order of the seeds. */
  readonly efficiencyBySeed: readonly number[]
  /** The curves of the run on the first seed. */
  readonly series: Series
}

/** The results of all strategies on one case. */
export interface CaseComparison extends Omit<CaseFacts, 'contestants' | 'baseline'> {
  /** The mean number of offered calls. */
  readonly calls: number
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
      rows: compareRows(contestants, (id) => cellsOfCase.filter(({ strategy }) => strategy === id)),
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

/** A difference counts as significant when its p-value is below this. */
export const significance = 0.05

/** The least difference in efficiency that opens a new rank, half a percentage point: a smaller one does not matter, even if it is certain. */
export const leastRankDifference = 0.005

/** Whether so many seeds rank strategies. With fewer there is no interval of 95 %, and so no difference that can be told from chance. */
export function isRanked(seeds: number): boolean {
  return seeds >= leastSeeds
}

/**
 * Ranks rows by efficiency. The most efficient row is the head of rank 1. A row becomes the head of a new rank when it differs from the head
 * of the rank before it: the interval of the median difference over the seeds leaves out 0, the paired t-test with Bonferroni's correction
 * finds the difference significant, and it is at least `leastRankDifference`.
 */
export function compareRows(contestants: readonly Contestant[], cellsOf: (id: string) => readonly Cell[]): Row[] {
  const unranked = contestants
    .map((contestant) => unrankedRow(contestant, cellsOf(contestant.id)))
    .sort((a, b) => b.metrics.efficiency.value - a.metrics.efficiency.value)
  const [first] = unranked
  if (!first || !isRanked(first.efficiencyBySeed.length))
    return unranked.map((row) => ({ ...row, rank: Number.NaN, pAgainstHead: Number.NaN }))
  let head = first
  let rank = 1
  return unranked
    .map((row, i) => {
      const { value, low, p } = pairedDifference(row.efficiencyBySeed, head.efficiencyBySeed)
      const corrected = Math.min(1, (unranked.length - 1) * p)
      if (corrected < significance && low > 0 && value >= leastRankDifference) {
        head = row
        rank = i + 1
      }
      return { ...row, rank, pAgainstHead: i === 0 ? Number.NaN : corrected }
    })
    .sort((a, b) => a.rank - b.rank || b.metrics.success.value - a.metrics.success.value)
}

function unrankedRow(contestant: Contestant, cells: readonly Cell[]): Omit<Row, 'rank' | 'pAgainstHead'> {
  const summaries = cells.map(({ summary }) => summary)
  const names = Object.keys(summaries[0]!.metrics) as (keyof Metrics)[]
  return {
    ...contestant,
    metrics: byName(names, (name) => estimate(summaries.map(({ metrics }) => metrics[name]))),
    outcomes: byName(outcomes, (outcome) => mean(summaries.map((s) => s.outcomes[outcome]))),
    denials: byName(rules, (rule) => mean(summaries.map((s) => s.denials[rule]))),
    deniedBy: byName(rules, (rule) => mean(summaries.map((s) => s.deniedBy[rule]))),
    optimum: byName(optimumNames, (name) => estimate(cells.map(({ optimum }) => optimum[name]))),
    efficiencyBySeed: summaries.map(({ metrics }) => metrics.efficiency),
    series: cells[0]!.series!,
  }
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

/** The ramp: the share of the bound that is not reachable, because the burst guard slows the start, or the calls do not fill the windows. */
export function rampOf({ reachableShare }: Row['optimum']): number {
  return 1 - reachableShare.value
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
