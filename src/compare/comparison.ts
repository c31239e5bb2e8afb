import type { Millis } from '../core/clock.ts'
import { type Rule, rules } from '../core/limit.ts'
import { type Outcome, outcomes } from '../harness/trace.ts'
import type { Switches } from '../scenario/switches.ts'
import type { Series } from './series.ts'
import { type Estimate, estimate, mean, pairedTest, quantile, sorted } from './statistics.ts'
import type { Metrics, Summary } from './summary.ts'

/** The result of one strategy on one case and seed. */
export interface Cell {
  readonly summary: Summary
  /** The optimum of the quota that the strategy uses. */
  readonly optimum: OptimumSummary
  /** The curves of the run. Only the cell of the first seed has them. */
  readonly series?: Series
}

/** The figures of the optimum that a report shows. Times are in milliseconds; waits are over all offered calls. */
export interface OptimumSummary {
  readonly answered: number
  readonly makespan: number
  readonly waitP50: number
  readonly waitP95: number
}

/** A strategy that takes part, as a report introduces it. */
export interface Contestant {
  /** The strategy's name in the catalogue, which `--strategies` takes. */
  readonly id: string
  /** The strategy's own name, which is computed from its options. */
  readonly label: string
  /** One line that says what the strategy does and where it comes from. */
  readonly about: string
  /** The quota that the strategy uses, such as `1 account` or `pool of 5 accounts`. Its optimum is that of this quota. */
  readonly quotaText: string
  /** The number of the article's solution that the strategy is, from 1 to 5. Default: it is none of them. */
  readonly solution?: number
  /** A warning about the provider's terms of use. Default: none is needed. */
  readonly terms?: string
}

/** The results of one strategy on one case, over all seeds. */
export interface Row extends Contestant {
  readonly metrics: Readonly<Record<keyof Metrics, Estimate>>
  /** The mean number of calls by outcome. */
  readonly outcomes: Readonly<Record<Outcome, number>>
  /** The mean number of denied attempts by rule. */
  readonly denials: Readonly<Record<Rule, number>>
  readonly optimum: Readonly<Record<keyof OptimumSummary, Estimate>>
  /** The rank by efficiency, from 1, the best. Rows whose difference from the head of their rank is not significant share its rank. */
  readonly rank: number
  /**
   * The p-value of the test of this row against the head of the rank before it, after Bonferroni's correction. It is below
   * `significance` when the row opens a new rank. NaN for the most efficient row, and when there is one seed.
   */
  readonly pAgainstHead: number
  /** The efficiency on each seed, in the order of the seeds. */
  readonly efficiencyBySeed: readonly number[]
  /** The curves of the run on the first seed. */
  readonly series: Series
}

/** The results of all strategies on one case. */
export interface CaseComparison {
  readonly name: string
  readonly title: string
  /** The mean number of offered calls. */
  readonly calls: number
  /** How long callers wait, in milliseconds. */
  readonly patience: number
  /** The instant at which the runs end, in milliseconds. */
  readonly horizon: number
  /** The tightest request limit of one account at the start, in calls a second. Charts draw it as a line. */
  readonly limitPerSecond: number
  /** The raises of that limit during the run, in the order of time. */
  readonly raises: readonly Raise[]
  /**
   * The rows in the order of their rank. Of rows that share a rank, the one that answers more calls comes first. With one seed
   * no difference is significant, and the rows have the order of their efficiency.
   */
  readonly rows: readonly Row[]
  /** The case that this one is compared with. Default: there is no comparison. */
  readonly baseline?: CaseComparison
}

/** A new limit, in calls a second, and the instant from which it is in force. */
export interface Raise {
  readonly at: Millis
  readonly perSecond: number
}

/** The results of one scenario. Renderers need nothing else. */
export interface Comparison {
  readonly scenario: {
    readonly name: string
    /** The scenario as it was named on the command line: by its name, or by the path of its file. */
    readonly given: string
    readonly title: string
    readonly question: string
    readonly model: string
  }
  readonly profile: { readonly name: string; readonly title: string; readonly currency: string }
  /** The values of all switches. */
  readonly switches: Switches
  /** The options of the command line that changed the scenario, as they were typed. */
  readonly changed: readonly string[]
  readonly seeds: readonly number[]
  readonly cases: readonly CaseComparison[]
}

/** A difference counts as significant when its p-value is below this. */
export const significance = 0.05

/**
 * Ranks rows by efficiency. The most efficient row is the head of rank 1. A row becomes the head of a new rank when a paired
 * t-test over the seeds, with Bonferroni's correction, finds a significant difference from the head of the rank before it.
 */
export function compareRows(contestants: readonly Contestant[], cellsOf: (id: string) => readonly Cell[]): Row[] {
  const unranked = contestants
    .map((contestant) => unrankedRow(contestant, cellsOf(contestant.id)))
    .sort((a, b) => b.metrics.efficiency.value - a.metrics.efficiency.value)
  const tests = unranked.length - 1
  let head = unranked[0]
  let rank = 1
  const rows = unranked.map((row, i) => {
    const p = i === 0 ? Number.NaN : Math.min(1, tests * pairedTest(head!.efficiencyBySeed, row.efficiencyBySeed))
    if (p < significance) {
      head = row
      rank = i + 1
    }
    return { ...row, rank, pAgainstHead: p }
  })
  const isTested = (unranked[0]?.efficiencyBySeed.length ?? 0) > 1
  return isTested ? rows.sort((a, b) => a.rank - b.rank || b.metrics.success.value - a.metrics.success.value) : rows
}

function unrankedRow(contestant: Contestant, cells: readonly Cell[]): Omit<Row, 'rank' | 'pAgainstHead'> {
  const summaries = cells.map(({ summary }) => summary)
  const names = Object.keys(summaries[0]!.metrics) as (keyof Metrics)[]
  return {
    ...contestant,
    metrics: byName(names, (name) => estimate(summaries.map(({ metrics }) => metrics[name]))),
    outcomes: byName(outcomes, (outcome) => mean(summaries.map((s) => s.outcomes[outcome]))),
    denials: byName(rules, (rule) => mean(summaries.map((s) => s.denials[rule]))),
    optimum: byName(['answered', 'makespan', 'waitP50', 'waitP95'], (name) =>
      estimate(cells.map(({ optimum }) => optimum[name])),
    ),
    efficiencyBySeed: summaries.map(({ metrics }) => metrics.efficiency),
    series: cells[0]!.series!,
  }
}

function byName<K extends string, V>(names: readonly K[], value: (name: K) => V): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, V>
}

export function summarizeOptimum(best: { answered: number; makespan: number; waits: Float64Array }): OptimumSummary {
  const waits = sorted(best.waits)
  return {
    answered: best.answered,
    makespan: best.makespan,
    waitP50: quantile(waits, 0.5),
    waitP95: quantile(waits, 0.95),
  }
}

/** Returns one row for each quota, because strategies that use the same quota have the same optimum. */
export function optimaOf(rows: readonly Row[]): Row[] {
  const byQuota = new Map<string, Row>()
  for (const row of rows) {
    const { answered, makespan } = row.optimum
    const key = `${row.quotaText} ${answered.value} ${makespan.value}`
    if (!byQuota.has(key)) byQuota.set(key, row)
  }
  return [...byQuota.values()]
}

/** The quota that the greatest number of rows uses. When two have the same number, it is that of the earlier row. */
export function usualQuota(rows: readonly Row[]): string | undefined {
  const on = (quota: string) => rows.filter((row) => row.quotaText === quota).length
  return rows
    .map(({ quotaText: quota }) => quota)
    .reduce<string | undefined>((a, b) => (a === undefined || on(b) > on(a) ? b : a), undefined)
}
