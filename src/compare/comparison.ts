import { type Rule, rules } from '../core/limit.ts'
import { type Outcome, outcomes } from '../harness/trace.ts'
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
import { type Estimate, estimate, mean, pairedTest, quantile, sorted } from './statistics.ts'

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

/** What the runs of one case say. */
export interface CaseComparison extends Omit<CaseFacts, 'contestants' | 'baseline'> {
  /** Mean offered calls. */
  readonly calls: number
  /** In the order of the ranking. */
  readonly rows: readonly Row[]
  /** The case that this one is to be compared with. */
  readonly baseline?: CaseComparison
}

/** What one scenario's runs say: the whole input of every renderer. */
export interface Comparison extends Omit<StudyFacts, 'cases'> {
  readonly cases: readonly CaseComparison[]
}

/** Compares what came of a study. */
export function comparisonOf({ study, cells }: RawResult): Comparison {
  const cases = study.cases.map(({ contestants, baseline: _, ...facts }) => {
    const own = cells.filter((cell) => cell.case === facts.name)
    return {
      ...facts,
      calls: mean(own.map(({ summary }) => summary.calls)),
      rows: compareRows(contestants, (id) => own.filter(({ strategy }) => strategy === id)),
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
    optimum: byName(optimumNames, (name) => estimate(cells.map(({ optimum }) => optimum[name]))),
    efficiencyBySeed: summaries.map(({ metrics }) => metrics.efficiency),
    series: cells[0]!.series!,
  }
}

function byName<K extends string, V>(names: readonly K[], value: (name: K) => V): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, V>
}

export const optimumNames: readonly (keyof OptimumSummary)[] = ['answered', 'makespan', 'waitP50', 'waitP95']

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
