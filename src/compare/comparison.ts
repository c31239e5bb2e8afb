import type { Millis } from '../core/clock.ts'
import { type Rule, rules } from '../core/limit.ts'
import { type Outcome, outcomes } from '../harness/trace.ts'
import type { Switches } from '../scenario/switches.ts'
import type { Series } from './series.ts'
import { type Estimate, estimate, mean, pairedTest, quantile, sorted } from './statistics.ts'
import type { Metrics, Summary } from './summary.ts'

/** One strategy on one case and seed. */
export interface Cell {
  readonly summary: Summary
  readonly optimum: OptimumSummary
  /** Of the first seed only. */
  readonly series?: Series
}

export interface OptimumSummary {
  readonly answered: number
  readonly makespan: number
  readonly waitP50: number
  readonly waitP95: number
}

/** Who takes part, as a report introduces them. */
export interface Contestant {
  /** Its name in the catalogue, which `--strategies` takes. */
  readonly id: string
  /** Computed from the strategy's options. */
  readonly label: string
  /** One line: what it does, and whose idea it is. */
  readonly about: string
  /** What it draws on, such as `1 account` or `pool of 5 accounts`: its optimum is that of this quota. */
  readonly quotaText: string
  /** Which of the article's five solutions it is, as printed there. */
  readonly solution?: number
  /** A caution about a provider's terms, where it needs one. */
  readonly terms?: string
}

export interface Row extends Contestant {
  readonly metrics: Readonly<Record<keyof Metrics, Estimate>>
  /** Mean calls by outcome, and mean 429s by rule. */
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly denials: Readonly<Record<Rule, number>>
  readonly optimum: Readonly<Record<keyof OptimumSummary, Estimate>>
  /** 1 is best. Rows whose efficiency the seeds cannot tell from that of a rank's head share its rank; of these, who answers more stands first. */
  readonly rank: number
  /**
   * Adjusted p-value of the test against the head of the rank that this row might have shared: small where it opens a rank of
   * its own. NaN for the most efficient row, and with one seed.
   */
  readonly pAgainstHead: number
  readonly efficiencyBySeed: readonly number[]
  readonly series: Series
}

export interface CaseComparison {
  readonly name: string
  readonly title: string
  /** Mean offered calls. */
  readonly calls: number
  readonly patience: number
  readonly horizon: number
  /** The tightest request limit of one account at the start, as calls a second: the line that charts draw. */
  readonly limitPerSecond: number
  /** What it is raised to during the run, in the order of time. */
  readonly raises: readonly Raise[]
  /** In the order of the ranking. */
  readonly rows: readonly Row[]
  /** The case that this one is to be compared with. */
  readonly baseline?: CaseComparison
}

/** From an instant on, a limit of so many calls a second. */
export interface Raise {
  readonly at: Millis
  readonly perSecond: number
}

/** What one scenario's runs say: the whole input of every renderer. */
export interface Comparison {
  readonly scenario: {
    readonly name: string
    /** How the command line named it: its name, or the path of its file. */
    readonly given: string
    readonly title: string
    readonly question: string
    readonly model: string
  }
  readonly profile: { readonly name: string; readonly title: string; readonly currency: string }
  readonly switches: Switches
  /** What the command line changed of the scenario, as given. */
  readonly changed: readonly string[]
  readonly seeds: readonly number[]
  readonly cases: readonly CaseComparison[]
}

/** How sure a difference must be before a ranking relies on it. */
export const significance = 0.05

/**
 * Ranks rows by efficiency. The most efficient row heads rank 1; a row opens a new rank only when a paired t-test over the
 * seeds, with Bonferroni's correction, tells it from the head of the last.
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

/** The optimum's figures that a report shows. */
export function summarizeOptimum(best: { answered: number; makespan: number; waits: Float64Array }): OptimumSummary {
  const waits = sorted(best.waits)
  return {
    answered: best.answered,
    makespan: best.makespan,
    waitP50: quantile(waits, 0.5),
    waitP95: quantile(waits, 0.95),
  }
}

/** One row of each quota: strategies on the same quota have one optimum. */
export function optimaOf(rows: readonly Row[]): Row[] {
  const byQuota = new Map<string, Row>()
  for (const row of rows) {
    const { answered, makespan } = row.optimum
    const key = `${row.quotaText} ${answered.value} ${makespan.value}`
    if (!byQuota.has(key)) byQuota.set(key, row)
  }
  return [...byQuota.values()]
}

/** The quota that most rows draw on; the earlier row's where two are as common. */
export function usualQuota(rows: readonly Row[]): string | undefined {
  const on = (quota: string) => rows.filter((row) => row.quotaText === quota).length
  return rows
    .map(({ quotaText: quota }) => quota)
    .reduce<string | undefined>((a, b) => (a === undefined || on(b) > on(a) ? b : a), undefined)
}
