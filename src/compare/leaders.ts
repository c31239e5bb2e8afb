import type { Row } from './comparison.ts'
import { isRanked } from './ranking.ts'

/** The rows of rank 1; none when no strategy reaches any efficiency, or when there are too few seeds for ranks. */
export function leadersOf(rows: readonly Row[], seeds: number): readonly Row[] {
  return isRanked(seeds) ? rows.filter(({ rank, metrics }) => rank === 1 && metrics.efficiency.value > 0) : []
}
