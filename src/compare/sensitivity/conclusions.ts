import type { CaseComparison, Comparison, Row } from '../comparison.ts'
import { holm, pairedDifference } from '../difference.ts'
import { leadersOf } from '../leaders.ts'
import { leastRankDifference, type RankMetric } from '../ranking.ts'
import { type Conclusion, conclusionOf, defaultLeast } from '../regression.ts'

/** The kinds of conclusions, in the order of their importance. */
export const conclusionKinds = ['lead', 'answers', 'order'] as const

/** A metric that conclusions are about: the share of answered calls, or one that ranks a case. */
export type ConclusionMetric = 'success' | RankMetric

export const conclusionMetrics: readonly ConclusionMetric[] = ['success', 'efficiency', 'excessWait']

/** A statement about one case that a comparison supports. It is computed from the figures and never written by hand. */
export interface StudyConclusion {
  readonly case: string
  /**
   * `lead`: these strategies are best by the metric that ranks the case. `answers`: this strategy answers nearly every call, a part of the calls or
   * hardly any (`answerLevel` of its figure). `order`: the first of these two strategies is better by that metric than the second.
   */
  readonly kind: (typeof conclusionKinds)[number]
  readonly strategies: readonly string[]
  /** The metric of the figures: the share of answered calls when the kind is `answers`, otherwise the one that ranks the case. */
  readonly metric: ConclusionMetric
  /** The figure of each of these strategies. */
  readonly figures: readonly number[]
}

/**
 * Returns what a comparison concludes: for each case who leads, unless all do; how many calls each strategy answers; and the order of
 * neighbours in the ranking that have different ranks and that a paired test tells apart. With too few seeds for ranks nothing is told apart.
 */
export function conclusionsOf({ cases, seeds }: Comparison): StudyConclusion[] {
  return cases.flatMap((chosen) => {
    const rows = measuredRows(chosen)
    if (rows.length === 0) return []
    const leaders = leadersOf(rows, seeds.length)
    const { rankedBy } = chosen
    const neighbours = rows.slice(1).map((row, i) => [rows[i]!, row] as const)
    const told = orders(neighbours, rankedBy)
    const ofCase = (kind: StudyConclusion['kind'], strategies: readonly Row[]): StudyConclusion => {
      const metric = kind === 'answers' ? 'success' : rankedBy
      const figures = figuresOf(strategies, metric)
      return { case: chosen.name, kind, strategies: strategies.map(({ id }) => id), metric, figures }
    }
    return [
      ...(leaders.length > 0 && leaders.length < rows.length ? [ofCase('lead', leaders)] : []),
      ...rows.map((row) => ofCase('answers', [row])),
      ...neighbours
        .filter(([first, second], i) => first.rank < second.rank && told[i] === 'better')
        .map((pair) => ofCase('order', pair)),
    ]
  })
}

/** The rows of a case that have figures; none when no call was offered. */
export function measuredRows({ rows, calls }: CaseComparison): readonly Row[] {
  if (!(calls > 0)) return []
  return rows.filter(({ metrics }) =>
    [metrics.success, metrics.efficiency].every(({ value }) => Number.isFinite(value)),
  )
}

/** The figures of a metric that a conclusion states of its strategies. */
export function figuresOf(rows: readonly Row[], metric: ConclusionMetric): number[] {
  return rows.map(({ metrics }) => metrics[metric].value)
}

/**
 * Returns what can be said of each pair's first row beside the second: a paired test over the seeds of the metric that ranks, with Holm's
 * correction for the number of pairs.
 */
export function orders(pairs: readonly (readonly [first: Row, second: Row])[], rankedBy: RankMetric): Conclusion[] {
  const differences = pairs.map(([first, second]) =>
    pairedDifference(second.valuesBySeed[rankedBy], first.valuesBySeed[rankedBy]),
  )
  const corrected = holm(differences.map(({ p }) => p))
  return pairs.map(([first, second], i) =>
    conclusionOf(
      {
        metric: rankedBy,
        before: second.metrics[rankedBy],
        after: first.metrics[rankedBy],
        difference: { ...differences[i]!, p: corrected[i]! },
      },
      { ...defaultLeast, byMetric: leastRankDifference },
    ),
  )
}
