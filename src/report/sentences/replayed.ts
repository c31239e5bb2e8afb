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
  const late = cases.filter((each) => each.late !== undefined)
  const reasons = [
    ...(outside > 0 ? [`${whole(outside)} because they are not between --from and --to`] : []),
    ...(skipped > 0 ? [`${whole(skipped)} because of --every`] : []),
    ...late.map(
      (each) =>
        `${whole(each.late!)} because the run ends before they arrive, after ${duration(each.horizon)}` +
        (cases.length > 1 ? ` in the case ${each.name}` : ''),
    ),
  ]
  if (reasons.length === 0) return undefined
  const totals = new Set(cases.map((each) => outside + skipped + (each.late ?? 0)))
  // Cases with different ends leave out different numbers of rows.
  const left = totals.size === 1 ? `${whole([...totals][0]!)} of` : 'Some of'
  return `${left} the ${whole(rows)} rows of ${file} were not replayed, and no figure counts them: ${listed(reasons)}.`
}
