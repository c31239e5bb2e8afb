import type { CaseComparison, Comparison, Row } from '../comparison.ts'
import { holm, pairedDifference } from '../difference.ts'
import { leadersOf } from '../leaders.ts'
import { type Conclusion, conclusionOf, defaultLeast } from '../regression.ts'

/** The kinds of conclusions, in the order of their importance. */
export const conclusionKinds = ['lead', 'answers', 'order'] as const

/** A statement about one case that a comparison supports. It is computed from the figures and never written by hand. */
export interface StudyConclusion {
  readonly case: string
  /**
   * `lead`: these strategies come closest to the optimum. `answers`: this strategy answers nearly every call, a part of the calls or
   * hardly any (`answerLevel` of its figure). `order`: the first of these two strategies comes closer to the optimum than the second.
   */
  readonly kind: (typeof conclusionKinds)[number]
  readonly strategies: readonly string[]
  /** For each of these strategies the mean share of answered calls when the kind is `answers`, otherwise the mean efficiency. */
  readonly figures: readonly number[]
}

/**
 * Returns what a comparison concludes: for each case who leads, unless all do; how many calls each strategy answers; and the order of
 * neighbours in the ranking that have different ranks and that a paired test tells apart. With one seed nothing is told apart.
 */
export function conclusionsOf({ cases, seeds }: Comparison): StudyConclusion[] {
  return cases.flatMap((chosen) => {
    const rows = measuredRows(chosen)
    if (rows.length === 0) return []
    const leaders = seeds.length > 1 ? leadersOf(rows, seeds.length) : []
    const neighbours = rows.slice(1).map((row, i) => [rows[i]!, row] as const)
    const told = orders(neighbours)
    const ofCase = (kind: StudyConclusion['kind'], strategies: readonly Row[]): StudyConclusion => ({
      case: chosen.name,
      kind,
      strategies: strategies.map(({ id }) => id),
      figures: figuresOf(kind, strategies),
    })
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

/** The figures that a conclusion of this kind states of the strategies. */
export function figuresOf(kind: StudyConclusion['kind'], rows: readonly Row[]): number[] {
  return rows.map(({ metrics }) => (kind === 'answers' ? metrics.success : metrics.efficiency).value)
}

/**
 * Returns what can be said of each pair's first row beside the second: a paired test of the efficiency over the seeds, with Holm's
 * correction for the number of pairs.
 */
export function orders(pairs: readonly (readonly [first: Row, second: Row])[]): Conclusion[] {
  const differences = pairs.map(([first, second]) => pairedDifference(second.efficiencyBySeed, first.efficiencyBySeed))
  const corrected = holm(differences.map(({ p }) => p))
  return pairs.map(([first, second], i) =>
    conclusionOf(
      {
        metric: 'efficiency',
        before: second.metrics.efficiency,
        after: first.metrics.efficiency,
        difference: { ...differences[i]!, p: corrected[i]! },
      },
      defaultLeast,
    ),
  )
}
