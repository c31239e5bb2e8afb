import { centralRows } from '../../compare/central-rows.ts'
import type { Comparison } from '../../compare/comparison.ts'
import { overviewOf } from '../../compare/overview.ts'
import { decimal, percent } from '../figures/figures.ts'
import { type Column, columnsThatFit, grid, gridWidth } from './grid.ts'
import { nameHeading, withShortNames } from './table.ts'

/** The lines of the table of all cases together; none where there is no overview. Columns for which the terminal is too narrow are left out. */
export function overviewLines(comparison: Comparison, width: number): readonly string[] {
  const overview = overviewOf(comparison)
  if (!overview) return []
  const rows = centralRows(overview)
  const column = (heading: readonly [string, string], cells: readonly string[]): Column => ({
    heading,
    align: 'right',
    cells,
  })
  const names: Column = { heading: ['', nameHeading], align: 'left', cells: rows.map(({ id }) => id) }
  const mean = column(
    ['mean', 'efficiency'],
    rows.map((row) => percent(row.mean)),
  )
  const least = column(
    ['', 'least'],
    rows.map((row) => percent(row.least)),
  )
  const attempts = column(
    ['attempts', 'per call'],
    rows.map((row) => decimal(row.attempts)),
  )
  const cases = comparison.cases.map(({ name }, i) =>
    column(
      ['', name],
      rows.map(({ efficiency }) => percent(efficiency[i]!.value)),
    ),
  )
  const withNames = (shown: readonly Column[]) => [
    names,
    ...[...cases, mean, least, attempts].filter((each) => shown.includes(each)),
  ]
  const fits = (shown: readonly Column[]) => gridWidth(withNames(shown)) <= width
  return grid(withShortNames(withNames(columnsThatFit([mean, least, ...cases, attempts], fits)), width))
}
