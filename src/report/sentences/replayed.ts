import type { Comparison } from '../../compare/comparison.ts'
import { duration, whole } from '../figures/figures.ts'
import { listed } from './phrases.ts'

/**
 * The sentences that come before all others in the report of a replay: which rows of the trace were not replayed and why, if there are
 * any, and what looks wrong in its file.
 */
export function replaySentences(comparison: Comparison): string[] {
  const left = notReplayed(comparison)
  const warnings = comparison.replayed?.warnings ?? []
  return [...(left === undefined ? [] : [left]), ...warnings.map((warning) => `Warning: ${warning}`)]
}

/** Says how many rows of the trace were not replayed, and why. Undefined when every row was, and when the scenario replays no trace. */
export function notReplayed({ replayed, cases }: Comparison): string | undefined {
  if (!replayed) return undefined
  const { file, rows, outside, skipped } = replayed
  const reasons: readonly (readonly [rows: number, why: string])[] = [
    [outside, 'not between --from and --to'],
    [skipped, 'left out by --every'],
    ...cases.map(({ name, late = 0, horizon }) => {
      const where = cases.length > 1 ? ` in the case ${name}` : ''
      return [late, `with an arrival after the run’s end at ${duration(horizon)}${where}`] as const
    }),
  ]
  const given = reasons.filter(([count]) => count > 0)
  if (given.length === 0) return undefined
  const totals = new Set(cases.map(({ late = 0 }) => outside + skipped + late))
  // Cases that end at different instants leave out different numbers of rows.
  const howMany = totals.size === 1 ? whole([...totals][0]!) : 'some'
  const why =
    given.length === 1 && totals.size === 1
      ? `, ${given[0]![1]}`
      : `: ${listed(given.map(([count, reason]) => `${whole(count)} ${reason}`))}`
  return `Not replayed, and part of no figure: ${howMany} of the ${whole(rows)} rows of ${file}${why}.`
}
