import { type CaseComparison, optimaOf, type Row } from '../../compare/comparison.ts'
import type { Estimate } from '../../compare/statistics.ts'
import { rules } from '../../core/limit.ts'
import { decimal, money, notApplicable, percent, shortCount, shortDuration } from '../figures/figures.ts'
import { isSymmetric, percentagePoints } from '../figures/intervals.ts'
import { type Column, grid, gridWidth } from './grid.ts'

/** Columns in the order in which they are hidden when the terminal is too narrow. */
const hideOrder = [
  'second rule',
  'wasted cost',
  'answers/min',
  'interval',
  'wait p50',
  'attempts per call',
  '429s by rule',
  'wait p95',
] as const

type HideableColumn = (typeof hideOrder)[number]

/** The lines of a table. */
export interface TerminalTable {
  readonly heading: readonly string[]
  readonly rows: readonly string[]
  /** The optimum of each quota, one line each. */
  readonly optima: readonly string[]
  /** The names of the columns for which the terminal is too narrow. */
  readonly hidden: readonly string[]
}

export interface TableOptions {
  /** The greatest width of the table, in characters. */
  readonly width: number
  /** The number of seeds. */
  readonly seeds: number
  readonly currency: string
  readonly leaders: readonly Row[]
}

export function terminalTable(chosen: CaseComparison, options: TableOptions): TerminalTable {
  const optima = optimaOf(chosen.rows)
  const empty = emptyColumns(chosen.rows)
  const candidates = hideOrder.filter((name) => !empty.includes(name))
  let hidden = 0
  let columns: Column[]
  do columns = columnsOf(chosen, optima, [...empty, ...candidates.slice(0, hidden)], options)
  while (gridWidth(columns) > options.width && hidden++ < candidates.length)
  const lines = grid(columns).map((line) => line.slice(0, options.width))
  const end = 2 + chosen.rows.length
  return {
    heading: lines.slice(0, 2),
    rows: lines.slice(2, end),
    optima: lines.slice(end),
    hidden: candidates.slice(0, hidden),
  }
}

/** The columns in which every cell would be empty or 0. */
function emptyColumns(rows: readonly Row[]): HideableColumn[] {
  const oneRule = rows.every(({ denials }) => rules.filter((rule) => denials[rule] > 0).length < 2)
  return [...(oneRule ? (['second rule'] as const) : []), ...(wastesNothing(rows) ? (['wasted cost'] as const) : [])]
}

/** Whether no strategy wasted any cost. */
export function wastesNothing(rows: readonly Row[]): boolean {
  return rows.every(({ metrics }) => metrics.wastedCost.value === 0)
}

interface ColumnPlan {
  readonly name?: HideableColumn
  readonly heading: readonly [string, string]
  readonly align: 'left' | 'right'
  row(row: Row): string
  best?(row: Row): string
}

function columnsOf(
  { rows, calls }: CaseComparison,
  optima: readonly Row[],
  hidden: readonly HideableColumn[],
  { seeds, currency, leaders }: TableOptions,
): Column[] {
  const efficiency = efficiencyCells(rows, hidden.includes('interval'))
  const plans: readonly ColumnPlan[] = [
    {
      heading: ['', '   #'],
      align: 'left',
      row: (row) => `${leaders.includes(row) ? '★' : ' '} ${rankText(row, rows, seeds)}`,
    },
    {
      heading: ['', 'strategy'],
      align: 'left',
      row: ({ id }) => id,
      best: ({ quotaText: quota }) => (optima.length > 1 ? `optimum, ${quota}` : 'optimum'),
    },
    {
      heading: ['', 'success'],
      align: 'right',
      row: ({ metrics }) => percent(metrics.success.value),
      best: ({ optimum }) => percent(calls > 0 ? optimum.answered.value / calls : 0),
    },
    {
      name: 'answers/min',
      heading: ['answers', '/min'],
      align: 'right',
      row: ({ metrics }) => decimal(metrics.goodput.value),
      best: ({ optimum }) => perMinute(optimum),
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
      name: '429s by rule',
      heading: ['429s', 'by rule'],
      align: 'left',
      row: (row) => denialText(row, hidden.includes('second rule') ? 1 : 2),
    },
    {
      name: 'wasted cost',
      heading: ['wasted', 'cost'],
      align: 'right',
      row: ({ metrics }) => money(metrics.wastedCost.value, currency),
    },
    { heading: ['', 'efficiency'], align: 'left', row: (row) => efficiency[rows.indexOf(row)]! },
  ]
  return plans
    .filter(({ name }) => name === undefined || !hidden.includes(name))
    .map(({ heading, align, row, best = () => '' }) => ({
      heading,
      align,
      cells: [...rows.map(row), ...optima.map(best)],
    }))
}

function wait(name: HideableColumn, short: string, metric: 'waitP50' | 'waitP95'): ColumnPlan {
  return {
    name,
    heading: ['wait', short],
    align: 'right',
    row: ({ metrics }) => shortDuration(metrics[metric].value),
    best: ({ optimum }) => shortDuration(optimum[metric].value),
  }
}

function perMinute({ answered, makespan }: Row['optimum']): string {
  return makespan.value > 0 ? decimal(answered.value / (makespan.value / 60_000)) : notApplicable
}

/** The cells of the column `efficiency`: the share and, unless `bare`, its interval, each aligned with those of the other rows. */
export function efficiencyCells(rows: readonly Row[], bare: boolean): string[] {
  const shares = rows.map(({ metrics }) => percent(metrics.efficiency.value))
  const widest = Math.max(...shares.map(({ length }) => length))
  return rows.map((row, i) => `${shares[i]!.padStart(widest)} ${bare ? '' : margin(row.metrics.efficiency)}`.trimEnd())
}

function margin(estimate: Estimate): string {
  const { low, high } = estimate
  if (!Number.isFinite(low) || !Number.isFinite(high)) return ''
  return isSymmetric(estimate) ? `±${percentagePoints((high - low) / 2)}` : `(${percent(low)} to ${percent(high)})`
}

/** The rules that denied most attempts, `named` of them, and the number of the other denials. */
export function denialText({ denials }: Row, named: number): string {
  const denying = rules.filter((rule) => denials[rule] > 0).sort((a, b) => denials[b] - denials[a])
  const shown = denying.slice(0, named).map((rule) => `${rule} ${shortCount(denials[rule])}`)
  const rest = denying.slice(named).reduce((total, rule) => total + denials[rule], 0)
  return shown.length === 0 ? notApplicable : `${shown.join(' · ')}${rest > 0 ? ` +${shortCount(rest)}` : ''}`
}

export function rankText({ rank }: Row, rows: readonly Row[], seeds: number): string {
  if (seeds < 2) return notApplicable.padStart(2)
  return `${String(rank).padStart(2)}${rows.filter((row) => row.rank === rank).length > 1 ? '=' : ''}`
}
