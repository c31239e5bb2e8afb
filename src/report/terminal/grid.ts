/** A column of a text table. */
export interface Column {
  /** Two lines, so that a long heading does not make the column wider. */
  readonly heading: readonly [string, string]
  readonly align: 'left' | 'right'
  readonly cells: readonly string[]
}

const columnGap = '  '

/** Writes columns side by side: two lines of headings, then one line for each row. */
export function grid(columns: readonly Column[]): string[] {
  const rows = columns[0]?.cells.length ?? 0
  return [
    line(columns, ({ heading }) => heading[0]),
    line(columns, ({ heading }) => heading[1]),
    ...Array.from({ length: rows }, (_, row) => line(columns, ({ cells }) => cells[row]!)),
  ]
}

function line(columns: readonly Column[], textOf: (column: Column) => string): string {
  const cells = columns.map((column) => {
    const width = cellWidth(column)
    return column.align === 'left' ? textOf(column).padEnd(width) : textOf(column).padStart(width)
  })
  return cells.join(columnGap).trimEnd()
}

export function gridWidth(columns: readonly Column[]): number {
  return columns.reduce((total, column) => total + cellWidth(column) + columnGap.length, -columnGap.length)
}

function cellWidth({ heading, cells }: Column): number {
  return Math.max(...[...heading, ...cells].map(({ length }) => length))
}

/** Spaces at which a line may be broken: all but those between a number and its unit. */
const breakableSpaces = /\s+(?!(?:%|ms|s|min|h|d)(?!\w))/

/** Breaks a text into lines of at most `width` characters. Only a word that is longer than `width` exceeds it. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.trim().split(breakableSpaces).filter(Boolean)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
