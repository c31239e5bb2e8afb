import type { Row } from './comparison.ts'

/** The rows of rank 1; none when no strategy reaches any efficiency. With one seed, when nothing can be tested, it is the first row alone. */
export function leadersOf(rows: readonly Row[], seeds: number): readonly Row[] {
  const best = rows.slice(0, 1).filter(({ metrics }) => metrics.efficiency.value > 0)
  return seeds < 2 || best.length === 0 ? best : rows.filter(({ rank }) => rank === best[0]!.rank)
}
