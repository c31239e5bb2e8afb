import type { Regression, RegressionRow } from '../../compare/regression.ts'
import { printable } from '../../core/printable.ts'
import { type RowText, rowText } from '../figures/row-text.ts'
import { type Column, grid, gridWidth, wrap } from '../terminal/grid.ts'
import { headline, methodOf } from './regression-sentences.ts'

export interface TerminalRegressionOptions {
  /** The greatest width of a line, in columns of the terminal. */
  readonly width: number
  /** Whether rows that are not distinguishable are shown too. */
  readonly all: boolean
}

/** The columns in their order; a terminal that is too narrow loses those at the end. */
const columnNames: readonly (keyof RowText)[] = ['conclusion', 'strategy', 'metric', 'difference', 'before', 'after']

/** The number of columns without which a row says nothing. A terminal that is too narrow for them gets lines in place of a table. */
const leastColumns = 4

/** Renders the differences of two results for the terminal. */
export function terminalRegression(regression: Regression, { width, all }: TerminalRegressionOptions): string {
  const shown = regression.rows.filter(({ conclusion }) => all || conclusion !== 'not distinguishable')
  const cases = [...Map.groupBy(shown, (row) => row.case)]
  const hidden = regression.rows.length - shown.length
  const tables = cases.map(([name, rows]) => ({ name, ...table(rows, regression.currency, width) }))
  const narrow = columnNames.filter((name) => tables.some(({ hidden }) => hidden.includes(name)))
  const notes = [
    ...(narrow.length > 0 ? [`Hidden for want of width: ${narrow.join(', ')}.`] : []),
    ...regression.remarks,
    ...(hidden > 0 ? [`Rows that are not distinguishable are left out: ${hidden}. Show them with --all.`] : []),
    ...methodOf(regression),
  ]
  const lines = [
    ...wrap(headline(regression), width),
    '',
    ...tables.flatMap(({ name, lines }) => [name, ...lines, '']),
    ...notes.flatMap((note) => wrap(note, width - 2).map((line, i) => `${i === 0 ? '· ' : '  '}${line}`)),
  ]
  return `${lines.map(printable).join('\n')}\n`
}

interface Table {
  readonly lines: readonly string[]
  /** The columns for which the terminal is too narrow. */
  readonly hidden: readonly (keyof RowText)[]
}

function table(rows: readonly RegressionRow[], currency: string, width: number): Table {
  const texts = rows.map((row) => rowText(row, currency))
  const columns = columnNames.map(
    (name): Column => ({
      heading: ['', name === 'conclusion' ? '' : name],
      align: name === 'before' || name === 'after' ? 'right' : 'left',
      cells: texts.map((text) => text[name]),
    }),
  )
  while (gridWidth(columns) > width && columns.length > leastColumns) columns.pop()
  if (gridWidth(columns) > width) return { lines: texts.flatMap((text) => rowLines(text, width)), hidden: [] }
  return { lines: grid(columns).slice(1), hidden: columnNames.slice(columns.length) }
}

/** Writes a row in lines: what changed, then the figures. */
function rowLines({ conclusion, strategy, metric, before, after, difference }: RowText, width: number): string[] {
  const indented = (text: string) => wrap(text, width - 2).map((line) => `  ${line}`)
  return [...wrap(`${conclusion}: ${strategy}, ${metric}`, width), ...indented(`${before} → ${after}, ${difference}`)]
}
