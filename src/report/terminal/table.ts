import { type CaseComparison, optimaOf, type Row } from '../../compare/comparison.ts'
import type { Estimate } from '../../compare/statistics.ts'
import { rules } from '../../core/limit.ts'
import { decimal, money, none, percent, shortCount, shortDuration } from '../figures/figures.ts'
import { points, symmetric } from '../figures/intervals.ts'
import { type Column, grid, gridWidth } from './grid.ts'

/** What goes first when the terminal is narrow. */
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

export interface TerminalTable {
  readonly heading: readonly string[]
  readonly rows: readonly string[]
  /** One line a quota: what no client can beat on it. */
  readonly optima: readonly string[]
  /** What the width left no room for. */
  readonly hidden: readonly string[]
}

export interface TableOptions {
  readonly width: number
  readonly seeds: number
  readonly currency: string
  readonly leaders: readonly Row[]
}

export function terminalTable(chosen: CaseComparison, options: TableOptions): TerminalTable {
  const optima = optimaOf(chosen.rows)
  const needless = needlessIn(chosen.rows)
  const candidates = hideOrder.filter((name) => !needless.includes(name))
  let given = 0
  let columns: Column[]
  do columns = columnsOf(chosen, optima, [...needless, ...candidates.slice(0, given)], options)
  while (gridWidth(columns) > options.width && given++ < candidates.length)
  const lines = grid(columns).map((line) => line.slice(0, options.width))
  const end = 2 + chosen.rows.length
  return {
    heading: lines.slice(0, 2),
    rows: lines.slice(2, end),
    optima: lines.slice(end),
    hidden: candidates.slice(0, given),
  }
}

/** What would show nothing. */
function needlessIn(rows: readonly Row[]): HideableColumn[] {
  const alone = rows.every(({ denials }) => rules.filter((rule) => denials[rule] > 0).length < 2)
  return [...(alone ? (['second rule'] as const) : []), ...(wastesNothing(rows) ? (['wasted cost'] as const) : [])]
}

/** Whether the column of wasted cost would be one of zeros. */
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
  const efficiency = aligned(rows, hidden.includes('interval'))
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
  return makespan.value > 0 ? decimal(answered.value / (makespan.value / 60_000)) : none
}

/** The share and its interval in one column, each under its like. */
export function aligned(rows: readonly Row[], bare: boolean): string[] {
  const shares = rows.map(({ metrics }) => percent(metrics.efficiency.value))
  const widest = Math.max(...shares.map(({ length }) => length))
  return rows.map((row, i) => `${shares[i]!.padStart(widest)} ${bare ? '' : margin(row.metrics.efficiency)}`.trimEnd())
}

function margin(estimate: Estimate): string {
  const { low, high } = estimate
  if (!Number.isFinite(low) || !Number.isFinite(high)) return ''
  return symmetric(estimate) ? `±${points((high - low) / 2)}` : `(${percent(low)} to ${percent(high)})`
}

/** The rules that denied most, and how many more denials there were. */
export function denialText({ denials }: Row, named: number): string {
  const most = rules.filter((rule) => denials[rule] > 0).sort((a, b) => denials[b] - denials[a])
  const shown = most.splice(0, named).map((rule) => `${rule} ${shortCount(denials[rule])}`)
  const rest = most.reduce((total, rule) => total + denials[rule], 0)
  return shown.length === 0 ? none : `${shown.join(' · ')}${rest > 0 ? ` +${shortCount(rest)}` : ''}`
}

export function rankText({ rank }: Row, rows: readonly Row[], seeds: number): string {
  if (seeds < 2) return none.padStart(2)
  return `${String(rank).padStart(2)}${rows.filter((row) => row.rank === rank).length > 1 ? '=' : ''}`
}
