import { centralRows } from '../../compare/central-rows.ts'
import { type CaseComparison, optimaOf, type Row, rampOf } from '../../compare/comparison.ts'
import { isRanked, type RankMetric } from '../../compare/ranking.ts'
import { maximum } from '../../core/extremes.ts'
import { rules } from '../../core/limit.ts'
import { decimal, money, notApplicable, percent, shortCount, shortDuration } from '../figures/figures.ts'
import { withInterval } from '../figures/intervals.ts'
import { type Column, columnsThatFit, grid, gridWidth, shortened } from './grid.ts'

/** The columns that a narrow terminal may lack, the most important one first. `second rule` and `interval` are parts of a column. */
const optionalColumns = [
  'success',
  'wait p95',
  '429s by rule',
  'quota',
  'attempts per call',
  'Jain',
  'convergence',
  'wait p50',
  'interval',
  'answers/min',
  'wasted cost',
  'second rule',
] as const

export type OptionalColumn = (typeof optionalColumns)[number]

/** The columns that have a figure of the optimum. Without them a table has no lines for it. */
const optimumColumns: readonly OptionalColumn[] = ['success', 'wait p95', 'wait p50', 'answers/min']

/** The least number of columns to which the names of strategies are shortened. */
const leastNameWidth = 8

/** The lines of a table. */
export interface TerminalTable {
  readonly heading: readonly string[]
  readonly rows: readonly string[]
  /** What is reachable on each quota and its bound, two lines each. */
  readonly optima: readonly string[]
  /** The names of the columns for which the terminal is too narrow. */
  readonly hidden: readonly OptionalColumn[]
}

export interface TableOptions {
  /** The greatest width of the table, in columns of the terminal. */
  readonly width: number
  /** The number of seeds. */
  readonly seeds: number
  readonly currency: string
  readonly leaders: readonly Row[]
}

/** Lays the table of the central rows out. Shows each column that fits beside the more important ones, and shortens names only when no column is left to hide. */
export function terminalTable(chosen: CaseComparison, options: TableOptions): TerminalTable {
  const central = centralRows(chosen.rows)
  const optima = optimaOf(central)
  const columnsWith = (names: readonly OptionalColumn[]) => columnsOf(chosen, optima, names, options)
  const empty = emptyColumns(central, options.seeds)
  const candidates = optionalColumns.filter((name) => !empty.includes(name))
  const shown = columnsThatFit(candidates, (names) => gridWidth(columnsWith(names)) <= options.width)
  const lines = grid(withShortNames(columnsWith(shown), options.width))
  const end = 2 + central.length
  return {
    heading: lines.slice(0, 2),
    rows: lines.slice(2, end),
    optima: lines.slice(end),
    hidden: candidates.filter(
      (name) => !shown.includes(name) && (name !== 'second rule' || shown.includes('429s by rule')),
    ),
  }
}

/** Shortens the names of strategies as far as the table exceeds the width, but not below `leastNameWidth`. */
export function withShortNames(columns: readonly Column[], width: number): Column[] {
  const excess = gridWidth(columns) - width
  return columns.map((column) => {
    if (excess <= 0 || column.heading[1] !== nameHeading) return column
    const nameWidth = Math.max(leastNameWidth, gridWidth([column]) - excess)
    return { ...column, cells: column.cells.map((name) => shortened(name, nameWidth)) }
  })
}

/** The columns that would tell nothing: every cell would be empty or 0, or the same for all strategies. */
function emptyColumns(rows: readonly Row[], seeds: number): OptionalColumn[] {
  const oneRule = rows.every(({ deniedBy }) => rules.filter((rule) => deniedBy[rule] > 0).length < 2)
  const empty: readonly (readonly [OptionalColumn, boolean])[] = [
    ['second rule', oneRule],
    ['wasted cost', wastesNothing(rows)],
    ['interval', !isRanked(seeds)],
    ['Jain', rows.every(({ metrics }) => !metrics.jain)],
    ['convergence', rows.every(({ metrics }) => Number.isNaN(metrics.convergence?.value ?? Number.NaN))],
    ['quota', rows.every(({ quotaText }) => quotaText === rows[0]!.quotaText)],
  ]
  return empty.filter(([, isEmpty]) => isEmpty).map(([name]) => name)
}

/** Whether no strategy wasted any cost. */
export function wastesNothing(rows: readonly Row[]): boolean {
  return rows.every(({ metrics }) => metrics.wastedCost.value === 0)
}

export const nameHeading = 'strategy'

/** Returns the quota in few characters: `1 account`, `pool of 5`, `1 × 3 models` for three models of one account. */
function shortQuota({ quotaText }: Row): string {
  return quotaText
    .replace(/^pool of (\d+) accounts$/, 'pool of $1')
    .replace(/^(\d+) accounts?, (\d+) models$/, '$1 × $2 models')
}

interface ColumnPlan {
  readonly name?: OptionalColumn
  readonly heading: readonly [string, string]
  readonly align: 'left' | 'right'
  row(row: Row): string
  /** The cell in the line of what is reachable. Default: empty. */
  reachable?(row: Row): string
  /** The cell in the line of the bound. Default: empty. */
  bound?(row: Row): string
}

function columnsOf(
  { rows, rankedBy }: CaseComparison,
  optima: readonly Row[],
  shown: readonly OptionalColumn[],
  { seeds, currency, leaders }: TableOptions,
): Column[] {
  const showsOptima = optimumColumns.some((name) => shown.includes(name))
  const central = centralRows(rows)
  const ranking = rankingCells(central, rankedBy, !shown.includes('interval'))
  const quotaSuffix = (row: Row) => (optima.length > 1 && !shown.includes('quota') ? `, ${shortQuota(row)}` : '')
  const plans: readonly ColumnPlan[] = [
    {
      heading: ['', '   #'],
      align: 'left',
      row: (row) => `${leaders.includes(row) ? '★' : ' '} ${rankText(row, rows, seeds)}`,
    },
    {
      heading: ['', nameHeading],
      align: 'left',
      row: ({ id }) => id,
      reachable: (row) => `reachable${quotaSuffix(row)}`,
      bound: (row) => `bound${quotaSuffix(row)}`,
    },
    { name: 'quota', heading: ['', 'quota'], align: 'left', row: shortQuota, reachable: shortQuota, bound: shortQuota },
    {
      name: 'success',
      heading: ['', 'success'],
      align: 'right',
      row: ({ metrics }) => percent(metrics.success.value),
      reachable: ({ optimum }) => percent(optimum.reachableSuccess.value),
      bound: ({ optimum }) => percent(optimum.boundSuccess.value),
    },
    {
      name: 'answers/min',
      heading: ['answers', '/min'],
      align: 'right',
      row: ({ metrics }) => decimal(metrics.throughput.value),
    },
    wait('wait p50', 'p50', 'waitP50'),
    wait('wait p95', 'p95', 'waitP95'),
    {
      name: 'attempts per call',
      heading: ['attempts', 'per call'],
      align: 'right',
      row: ({ metrics }) => decimal(metrics.amplification.value),
    },
    {
      name: 'Jain',
      heading: ['', 'Jain'],
      align: 'right',
      row: ({ metrics }) => percent(metrics.jain?.value ?? Number.NaN),
    },
    {
      name: 'convergence',
      heading: ['newcomer', 'converges'],
      align: 'right',
      row: ({ metrics }) => shortDuration(metrics.convergence?.value ?? Number.NaN),
    },
    {
      name: '429s by rule',
      heading: ['429s', 'by rule'],
      align: 'left',
      row: (row) => denialText(row, shown.includes('second rule') ? 2 : 1),
    },
    {
      name: 'wasted cost',
      heading: ['wasted', 'cost'],
      align: 'right',
      row: ({ metrics }) => money(metrics.wastedCost.value, currency),
    },
    {
      heading: ['', rankedBy === 'efficiency' ? 'efficiency' : 'excess wait'],
      align: 'left',
      row: (row) => ranking[central.indexOf(row)]!,
      bound: ({ optimum }) => (optimum.bound.value > 0 ? `ramp ${percent(rampOf(optimum))}` : notApplicable),
    },
  ]
  return plans
    .filter(({ name }) => name === undefined || shown.includes(name))
    .map(({ heading, align, row, reachable = () => '', bound = () => '' }) => ({
      heading,
      align,
      cells: [...central.map(row), ...(showsOptima ? optima.flatMap((each) => [reachable(each), bound(each)]) : [])],
    }))
}

function wait(name: OptionalColumn, short: string, metric: 'waitP50' | 'waitP95'): ColumnPlan {
  return {
    name,
    heading: ['wait', short],
    align: 'right',
    row: ({ metrics }) => shortDuration(metrics[metric].value),
    reachable: ({ optimum }) => shortDuration(optimum[metric].value),
    bound: () => notApplicable,
  }
}

/** The cells of the last column: the figure that ranks and, unless `bare`, its interval, each aligned with those of the other rows. */
export function rankingCells(rows: readonly Row[], by: RankMetric, bare: boolean): string[] {
  const format = by === 'efficiency' ? percent : shortDuration
  const cells = rows.map(({ metrics }) =>
    bare ? [format(metrics[by].value)] : withInterval(metrics[by], format).split(' ('),
  )
  const widest = maximum(cells.map(([figure]) => figure!.length))
  return cells.map(([figure, interval]) => figure!.padStart(widest) + (interval === undefined ? '' : ` (${interval}`))
}

/** The rules that would have denied most attempts, `named` of them, each with the number of these attempts, and dots when there are more rules. */
export function denialText({ deniedBy }: Row, named: number): string {
  const denying = rules.filter((rule) => deniedBy[rule] > 0).sort((a, b) => deniedBy[b] - deniedBy[a])
  const shown = denying.slice(0, named).map((rule) => `${rule} ${shortCount(deniedBy[rule])}`)
  return shown.length === 0 ? notApplicable : [...shown, ...(denying.length > named ? ['…'] : [])].join(' · ')
}

export function rankText({ rank }: Row, rows: readonly Row[], seeds: number): string {
  if (!isRanked(seeds)) return notApplicable.padStart(2)
  return `${String(rank).padStart(2)}${rows.filter((row) => row.rank === rank).length > 1 ? '=' : ''}`
}
