import { centralRows } from '../../compare/central-rows.ts'
import type { CaseComparison } from '../../compare/comparison.ts'
import type { TenantRow } from '../../compare/tenant-figures.ts'
import { printable } from '../../core/printable.ts'
import { notApplicable, percent, shortDuration } from '../figures/figures.ts'
import { type Column, columnsThatFit, grid, gridWidth, shortened } from './grid.ts'
import { nameHeading, withShortNames } from './table.ts'

/** The greatest width of a tenant's name, in columns of the terminal. */
const widestTenant = 12

/** The lines of the table of tenants; none in a case without tenants. Columns for which the terminal is too narrow are left out. */
export function tenantLines({ rows }: CaseComparison, width: number): readonly string[] {
  const central = centralRows(rows)
  const tenants = [...new Set(central.flatMap(({ tenants = [] }) => tenants.map(({ name }) => name)))]
  if (tenants.length === 0) return []
  const names: Column = { heading: ['', nameHeading], align: 'left', cells: central.map(({ id }) => id) }
  const column = (tenant: string, heading: string, cell: (figures: TenantRow) => string): Column => ({
    heading: [shortened(printable(tenant), widestTenant), heading],
    align: 'right',
    cells: central.map(({ tenants = [] }) => {
      const figures = tenants.find(({ name }) => name === tenant)
      return figures ? cell(figures) : notApplicable
    }),
  })
  const figures = tenants.flatMap((tenant) => [
    column(tenant, 'success', ({ success }) => percent(success.value)),
    column(tenant, 'wait p95', ({ waitP95 }) => shortDuration(waitP95.value)),
  ])
  const fits = (shown: readonly Column[]) => gridWidth([names, ...shown]) <= width
  return grid(withShortNames([names, ...columnsThatFit(figures, fits)], width))
}
