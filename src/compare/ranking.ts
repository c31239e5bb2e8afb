import type { Millis } from '../core/clock.ts'
import { pairedDifference } from './difference.ts'
import { type Estimate, leastSeeds } from './statistics.ts'

/** A difference counts as significant when its p-value is below this. */
export const significance = 0.05

/** The metrics by which a case can rank its rows. */
export type RankMetric = 'efficiency' | 'excessWait'

/**
 * The least difference that opens a new rank, half a percentage point of efficiency or a tenth of a second of wait: a smaller one does not
 * matter, even if it is certain.
 */
export const leastRankDifference: Readonly<Record<RankMetric, number>> = { efficiency: 0.005, excessWait: 100 }

/** A quota holds nobody up when a client that knows the future has 95 % of the calls admitted within this time. */
const noWait: Millis = 1000

/** Whether so many seeds rank strategies. With fewer there is no interval of 95 %, and so no difference that can be told from chance. */
export function isRanked(seeds: number): boolean {
  return seeds >= leastSeeds
}

/**
 * Returns the metric by which rows are ranked: efficiency where a quota is short, and the excess wait where the quota of every row can answer
 * all calls without a wait. Efficiency says nothing there, since every strategy that answers all calls has the same.
 */
export function rankMetricOf(rows: readonly Rankable[]): RankMetric {
  const isShort = ({ optimum: { reachableSuccess, waitP95 } }: Rankable) =>
    reachableSuccess.value < 1 || !(waitP95.value < noWait)
  return rows.length > 0 && !rows.some(isShort) ? 'excessWait' : 'efficiency'
}

/** A row before it is ranked. */
export interface Rankable {
  readonly metrics: Readonly<Record<RankMetric | 'success', Estimate>>
  readonly optimum: Readonly<Record<'reachableSuccess' | 'waitP95', Estimate>>
  /** The figures on each seed by which the row may be ranked. */
  readonly valuesBySeed: Readonly<Record<RankMetric, readonly number[]>>
}

/** The rank of a row. */
export interface Rank {
  /** The rank, from 1, the best. Rows that do not differ from the head of their rank share it. NaN with too few seeds. */
  readonly rank: number
  /**
   * The p-value of the test of this row against the head of the rank before it, after Bonferroni's correction. NaN for the best row, and with
   * too few seeds.
   */
  readonly pAgainstHead: number
}

/**
 * Ranks rows. The best row is the head of rank 1. A row becomes the head of a new rank when it differs from the head of the rank before it:
 * the interval of the median difference over the seeds leaves out 0, the paired t-test with Bonferroni's correction finds the difference
 * significant, and it is at least `leastRankDifference`.
 */
export function rankRows<R extends Rankable>(unranked: readonly R[], by: RankMetric): (R & Rank)[] {
  const sign = by === 'efficiency' ? -1 : 1
  const ordered = [...unranked].sort((a, b) => sign * (a.metrics[by].value - b.metrics[by].value))
  const [first] = ordered
  if (!first || !isRanked(first.valuesBySeed[by].length))
    return ordered.map((row) => ({ ...row, rank: Number.NaN, pAgainstHead: Number.NaN }))
  let head = first
  let rank = 1
  return ordered
    .map((row, i) => {
      const [own, heads] = [row, head].map((each) => each.valuesBySeed[by].map((value) => sign * value))
      const { value, low, p } = pairedDifference(heads!, own!)
      const corrected = Math.min(1, (ordered.length - 1) * p)
      if (corrected < significance && low > 0 && value >= leastRankDifference[by]) {
        head = row
        rank = i + 1
      }
      return { ...row, rank, pAgainstHead: i === 0 ? Number.NaN : corrected }
    })
    .sort((a, b) => a.rank - b.rank || b.metrics.success.value - a.metrics.success.value)
}
