import { centralRows } from '../../compare/central-rows.ts'
import type { Comparison } from '../../compare/comparison.ts'
import { overviewOf } from '../../compare/overview.ts'
import { decimal, percent } from '../figures/figures.ts'
import { withInterval } from '../figures/intervals.ts'
import { markdownTable } from './table.ts'
import { code, plain } from './user-text.ts'

/** The table of all cases together: a row a strategy, a column a case. Nothing where there is no overview. */
export function overviewSections(comparison: Comparison): readonly string[] {
  const overview = overviewOf(comparison)
  if (!overview) return []
  const rows = centralRows(overview)
  const { cases } = comparison
  const cells = rows.map(({ id, efficiency, mean, least, attempts }) => [
    code(id),
    ...efficiency.map((estimate) => withInterval(estimate, percent)),
    percent(mean),
    percent(least),
    decimal(attempts),
  ])
  const heading = ['strategy', ...cases.map(({ name }) => code(name)), 'mean', 'least', 'attempts per call']
  return [
    '## All cases together',
    'Efficiency in each case: what a strategy reaches, as a share of what is reachable there. The attempts are the mean over the cases.',
    markdownTable(heading, cells),
    cases.map(({ name, title }) => `- ${code(name)}: ${plain(title)}`).join('\n'),
  ]
}
