import { type DifferenceEstimate, holm, pairedDifference, unpairedDifference } from './difference.ts'
import { type ComparedResult, type MatchedSeeds, matchRuns } from './matched-runs.ts'
import { metricKinds, metricNames } from './metric-kinds.ts'
import { significance } from './ranking.ts'
import type { FailedStrategy, Metrics } from './raw-result.ts'
import { type Estimate, estimate } from './statistics.ts'

/** What is compared, and from which difference on it counts. */
export interface RegressionOptions {
  /** The strategies that are compared, by their ids. Default: all that both results have. */
  readonly strategies?: readonly string[]
  /** Default: all metrics that can be compared. */
  readonly metrics?: readonly (keyof Metrics)[]
  /** Default: `defaultLeast`. */
  readonly least?: LeastDifference
}

/** The least difference that is relevant. */
export interface LeastDifference {
  /** As a share of the larger one of the two figures. */
  readonly share: number
  /** For some metrics, the difference itself in place of the share, in the unit of the metric. */
  readonly byMetric: Readonly<Partial<Record<keyof Metrics, number>>>
}

/** The least relevant difference when the user names none: 1 % of the larger figure. */
export const defaultLeast: LeastDifference = { share: 0.01, byMetric: {} }

/**
 * What a difference means. `better` and `worse` are said of the second result. `different` is a difference of a metric of which neither
 * a higher nor a lower figure is better. `too small` is a difference that is certain but less than the least relevant one.
 */
export type Conclusion = 'better' | 'worse' | 'different' | 'too small' | 'not distinguishable'

/** One metric of one strategy in one case, in both results. */
export interface RegressionRow {
  readonly case: string
  /** The id of the strategy in the first result. */
  readonly strategyBefore: string
  /** The id of the strategy in the second result. */
  readonly strategyAfter: string
  readonly metric: keyof Metrics
  readonly before: Estimate
  readonly after: Estimate
  /** `after` minus `before`, with the interval of this row alone. Its `p` is corrected for the number of rows. */
  readonly difference: DifferenceEstimate
  readonly conclusion: Conclusion
}

/** The differences of a second result from a first one. Renderers need nothing else. */
export interface Regression {
  readonly before: string
  readonly after: string
  /** The currency of money. Results with prices in two currencies have no rows of money. */
  readonly currency: string
  /** From which difference on a row is relevant. */
  readonly least: LeastDifference
  /** In the order of the cases and contestants of the first result, then of the metrics. Empty when the results have nothing in common. */
  readonly rows: readonly RegressionRow[]
  readonly seeds: MatchedSeeds
  /** Sentences that say what else differs, and what is left out because only one result has it. */
  readonly remarks: readonly string[]
  /** The strategies that failed in the second result, among those that are compared. They have no rows. */
  readonly failed: readonly FailedStrategy[]
}

/** Compares a second result with a first one: cases by name, strategies by id, seeds by number. */
export function regressionOf(
  before: ComparedResult,
  after: ComparedResult,
  { strategies, metrics: chosen = metricNames, least = defaultLeast }: RegressionOptions = {},
): Regression {
  const { runs, remarks, seeds, failed } = matchRuns(before, after, strategies)
  const { currency } = before.result.study.profile
  const isSameCurrency = currency === after.result.study.profile.currency
  const metrics = chosen.filter((metric) => isSameCurrency || metricKinds[metric].kind !== 'money')
  const measured = runs.flatMap(({ cellsBefore, cellsAfter, ...of }) =>
    metrics.flatMap((metric) => {
      const [a, b] = [cellsBefore, cellsAfter].map((cells) => cells.map(({ summary }) => summary.metrics[metric]))
      if (!isMeasured(a!) || !isMeasured(b!)) return []
      const difference = (seeds.arePaired ? pairedDifference : unpairedDifference)(a, b)
      return [{ ...of, metric, before: estimate(a), after: estimate(b), difference }]
    }),
  )
  const corrected = holm(measured.map(({ difference }) => difference.p))
  const rows = measured.map((row, i) => {
    const difference = { ...row.difference, p: corrected[i]! }
    return { ...row, difference, conclusion: conclusionOf({ ...row, difference }, least) }
  })
  return { before: before.label, after: after.label, currency, least, rows, remarks, seeds, failed }
}

/** Whether a case has a metric; only one with several processes has those of sharing. */
function isMeasured(values: readonly (number | undefined)[]): values is number[] {
  return !values.includes(undefined)
}

/** Whether something relevant became worse, or a strategy failed in the second result. */
export function hasWorse({ rows, failed }: Regression): boolean {
  return failed.length > 0 || rows.some(({ conclusion }) => conclusion === 'worse')
}

/** Two figures of one metric, and how much the second differs from the first. */
export type ComparedFigures = Pick<RegressionRow, 'metric' | 'before' | 'after' | 'difference'>

/** Returns what the difference between two figures means for the second one. */
export function conclusionOf(row: ComparedFigures, least: LeastDifference): Conclusion {
  const { value, low, high, p } = row.difference
  const { better } = metricKinds[row.metric]
  // Both are needed: the interval is of this row alone, and the p-value counts how many rows were looked at.
  if (!(p < significance && (low > 0 || high < 0))) return 'not distinguishable'
  if (!isRelevant(row, least)) return 'too small'
  if (better === 'neither') return 'different'
  return value > 0 === (better === 'higher') ? 'better' : 'worse'
}

/** The share is one of the larger figure, so that the answer stays the same when the results change places. */
function isRelevant({ metric, before, after, difference }: ComparedFigures, least: LeastDifference): boolean {
  const own = least.byMetric[metric]
  const size = Math.abs(difference.value)
  if (own !== undefined) return size >= own
  const larger = Math.max(Math.abs(before.value), Math.abs(after.value))
  return Number.isFinite(larger) ? size >= least.share * larger : true
}
