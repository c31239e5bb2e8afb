import type { SweepPoint } from '../scenario/sweep-point.ts'
import type { CaseComparison, Comparison, Row } from './comparison.ts'
import type { Contestant } from './raw-result.ts'
import type { Estimate } from './statistics.ts'

/** The curves of goodput over offered load that a sweep of one case gives. */
export interface Sweep {
  /** The name of the case that was swept. */
  readonly of: string
  /** The loads as multiples of that of the case, ascending, with the mean number of calls at each. */
  readonly points: readonly { readonly load: number; readonly calls: number }[]
  /** One curve for each strategy that takes part at every load, the one with the most goodput at the greatest load first. */
  readonly curves: readonly SweepCurve[]
}

export interface SweepCurve extends Pick<Contestant, 'id'> {
  /** The goodput at each load, in calls a minute. */
  readonly goodput: readonly Estimate[]
}

/** Returns the sweeps of a comparison, in the order of the cases. There are none when no case is a point of a sweep. */
export function sweepsOf({ cases }: Pick<Comparison, 'cases'>): Sweep[] {
  const points = cases.filter((each): each is CaseComparison & { sweep: SweepPoint } => !!each.sweep)
  return [...Map.groupBy(points, ({ sweep }) => sweep.of)].map(([of, own]) => {
    const ordered = own.toSorted((a, b) => a.sweep.load - b.sweep.load)
    const ids = ordered[0]!.rows.map(({ id }) => id)
    const curves = ids.flatMap((id): SweepCurve[] => {
      const rows = ordered.map(({ rows }) => rows.find((row) => row.id === id))
      return rows.every((row): row is Row => row !== undefined)
        ? [{ id, goodput: rows.map(({ metrics }) => metrics.goodput) }]
        : []
    })
    return {
      of,
      points: ordered.map(({ sweep, calls }) => ({ load: sweep.load, calls })),
      curves: curves.sort((a, b) => b.goodput.at(-1)!.value - a.goodput.at(-1)!.value),
    }
  })
}
