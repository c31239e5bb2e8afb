import { minimum } from '../core/extremes.ts'
import type { Comparison } from './comparison.ts'
import type { Contestant } from './raw-result.ts'
import { type Estimate, mean } from './statistics.ts'

/** One strategy over all cases of a comparison. */
export interface OverviewRow extends Contestant {
  /** Its efficiency in each case, in the order of the cases. */
  readonly efficiency: readonly Estimate[]
  /** The mean and the least of these. */
  readonly mean: number
  readonly least: number
  /** The mean over the cases of its attempts a call. */
  readonly attempts: number
}

/**
 * Returns the strategies over all cases, the one with the greatest mean efficiency first. There is no overview of a single case, nor of cases
 * with different strategies, where the means would not compare.
 */
export function overviewOf({ cases }: Comparison): readonly OverviewRow[] | undefined {
  const [first, ...others] = cases
  const ids = first?.rows.map(({ id }) => id) ?? []
  const isSame = others.every(({ rows }) => rows.length === ids.length && rows.every(({ id }) => ids.includes(id)))
  if (others.length === 0 || !isSame) return undefined
  return first!.rows
    .map((contestant) => {
      const rows = cases.map((each) => each.rows.find(({ id }) => id === contestant.id)!)
      const efficiency = rows.map(({ metrics }) => metrics.efficiency)
      const values = efficiency.map(({ value }) => value)
      return {
        ...contestant,
        efficiency,
        mean: mean(values),
        least: minimum(values),
        attempts: mean(rows.map(({ metrics }) => metrics.amplification.value)),
      }
    })
    .sort((a, b) => b.mean - a.mean)
}
