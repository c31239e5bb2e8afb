import type { Help } from 'commander'
import { alignedRows } from '../../src/report/terminal/aligned-rows.ts'
import { textWidth, wrap } from '../../src/report/terminal/grid.ts'
import { outputWidth } from './output-width.ts'

/** The width of help when nothing gives the real one, in columns. */
const usualHelpWidth = 80

/** Returns the width of the help that a stream gets, in columns. */
export function helpWidth(stream: NodeJS.WriteStream): number {
  return outputWidth(stream, usualHelpWidth)
}

/** Returns a text for commander's `addHelpText` that fits the width of the stream to which the help is written. */
export function fittingHelp(text: string): (context: { readonly error: boolean }) => string {
  return ({ error }) => helpInWidth(text, helpWidth(error ? process.stderr : process.stdout))
}

/**
 * Fits a text into `width` columns. Each line of prose is wrapped by itself. Indented lines are rows of two cells, with at least two spaces
 * between them; when one row of a block is too long, the whole block is laid out again.
 */
export function helpInWidth(text: string, width: number): string {
  return blocksOf(text.split('\n'))
    .flatMap((lines) => {
      if (lines.every((line) => textWidth(line) <= width)) return lines
      return isRow(lines[0]!) ? alignedRows(lines.map(cellsOf), width, 1) : lines.flatMap((line) => wrap(line, width))
    })
    .join('\n')
}

/** The least number of columns that a description beside its term gets. A narrower terminal has the description below. */
const leastDescription = 30

/** Lays out a term and its description in commander's lists of options and commands. `termWidth` is the width of the longest term. */
export function fittingItem(term: string, termWidth: number, description: string, helper: Help): string {
  const width = helper.helpWidth ?? usualHelpWidth
  const rest = width - termWidth - 4
  if (description === '') return `  ${term}`
  if (rest < leastDescription)
    return [`  ${term}`, ...wrap(description, width - 6).map((line) => `      ${line}`)].join('\n')
  const blanks = ' '.repeat(termWidth + 4)
  return wrap(description, rest)
    .map((line, i) => (i === 0 ? `  ${term.padEnd(termWidth)}  ` : blanks) + line)
    .join('\n')
}

/** Returns the lines in blocks. Rows that follow each other are one block, and every other line is a block of its own. */
function blocksOf(lines: readonly string[]): string[][] {
  const blocks: string[][] = []
  for (const line of lines) {
    const last = blocks.at(-1)
    if (last !== undefined && isRow(line) && isRow(last[0]!)) last.push(line)
    else blocks.push([line])
  }
  return blocks
}

function isRow(line: string): boolean {
  return line.startsWith('  ')
}

function cellsOf(row: string): string[] {
  return /^ {2}(.*\S) {2,}(\S.*)$/.exec(row)?.slice(1) ?? [row.trim()]
}
