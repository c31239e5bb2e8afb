import { maximum } from '../../core/extremes.ts'
import { textWidth, wrap } from './grid.ts'

const rowIndent = '  '
const columnGap = '  '

/** The least width that is left for the text beside the columns, in columns of the terminal. Below it, one column less is aligned. */
const leastTextWidth = 32

/**
 * Writes rows of cells so that they fit into `width` columns of the terminal. As many of the first cells as there is room for are aligned
 * as columns, at most `mostColumns`; the others follow them as text, each on lines of its own. Words are never broken. Default: all
 * cells but the last may be columns.
 */
export function alignedRows(
  rows: readonly (readonly string[])[],
  width: number,
  mostColumns = maximum(rows.map(({ length }) => length)) - 1,
): string[] {
  let columns = mostColumns
  while (columns > 0 && !hasRoom(rows, columns, width)) columns--
  const widths = columnWidths(rows, columns)
  return rows.flatMap((row) => (columns > 0 ? besideColumns(row, widths, width) : belowName(row, width)))
}

function columnWidths(rows: readonly (readonly string[])[], columns: number): number[] {
  return Array.from({ length: columns }, (_, i) => maximum(rows.map((row) => textWidth(row[i] ?? ''))))
}

/** Whether the texts beside this number of columns have room: for their longest word, and for enough words on a line. */
function hasRoom(rows: readonly (readonly string[])[], columns: number, width: number): boolean {
  const room = width - textIndent(columnWidths(rows, columns))
  const texts = rows.flatMap((row) => row.slice(columns))
  const longestWord = maximum(texts.flatMap((text) => wrap(text, 0)).map(textWidth), 0)
  const longestText = maximum(texts.map(textWidth), 0)
  return room >= Math.max(longestWord, Math.min(longestText, leastTextWidth))
}

function textIndent(widths: readonly number[]): number {
  return widths.reduce((indent, width) => indent + width + columnGap.length, rowIndent.length)
}

function besideColumns(row: readonly string[], widths: readonly number[], width: number): string[] {
  const indent = textIndent(widths)
  const cells = widths.map((cellWidth, i) => padded(row[i] ?? '', cellWidth) + columnGap)
  const texts = row.slice(widths.length).flatMap((text) => wrap(text, width - indent))
  const [first = '', ...others] = texts
  return [`${rowIndent}${cells.join('')}${first}`.trimEnd(), ...others.map((line) => ' '.repeat(indent) + line)]
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(width - textWidth(text))
}

function belowName([name = '', ...texts]: readonly string[], width: number): string[] {
  const indent = rowIndent.repeat(2)
  return [rowIndent + name, ...texts.flatMap((text) => wrap(text, width - indent.length)).map((line) => indent + line)]
}
