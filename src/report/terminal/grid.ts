import { eastAsianWidth } from 'get-east-asian-width'
import { printable } from '../../core/printable.ts'

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
  const widths = columns.map(cellWidth)
  const line = (textOf: (column: Column) => string) => lineOf(columns, widths, textOf)
  return [
    line(({ heading }) => heading[0]),
    line(({ heading }) => heading[1]),
    ...Array.from({ length: rows }, (_, row) => line(({ cells }) => cells[row]!)),
  ]
}

function lineOf(columns: readonly Column[], widths: readonly number[], textOf: (column: Column) => string): string {
  const cells = columns.map((column, i) => {
    const text = textOf(column)
    const blanks = ' '.repeat(widths[i]! - textWidth(text))
    return column.align === 'left' ? text + blanks : blanks + text
  })
  return cells.join(columnGap).trimEnd()
}

export function gridWidth(columns: readonly Column[]): number {
  return columns.reduce((total, column) => total + cellWidth(column) + columnGap.length, -columnGap.length)
}

function cellWidth({ heading, cells }: Column): number {
  return [...heading, ...cells].reduce((widest, text) => Math.max(widest, textWidth(text)), 0)
}

/**
 * Returns the names of the columns that fit, out of names in the order of their importance, the most important first. Each name is
 * added if the columns still fit with it. A narrow column can therefore be shown although a wide and more important one is not.
 */
export function columnsThatFit<Name>(names: readonly Name[], fit: (shown: readonly Name[]) => boolean): Name[] {
  const shown: Name[] = []
  const next = () => names.find((name) => !shown.includes(name) && fit([...shown, name]))
  for (let name = next(); name !== undefined; name = next()) shown.push(name)
  return shown
}

/**
 * Returns the number of terminal columns that a text takes. A Chinese character takes two, a combining mark takes none, and what is shown
 * as one character, such as a flag of two code points, takes at most two.
 */
export function textWidth(text: string): number {
  const shown = printable(text)
  if (/^[ -~]*$/.test(shown)) return shown.length
  return charactersOf(shown).reduce((total, character) => total + Math.min(2, widthOfCodePoints(character)), 0)
}

function widthOfCodePoints(text: string): number {
  return [...text]
    .filter((sign) => !/[\p{Mn}\p{Me}\p{Cf}]/u.test(sign))
    .reduce((total, sign) => total + eastAsianWidth(sign.codePointAt(0)!), 0)
}

/** Returns what a reader sees as characters. Each may have several code points. */
function charactersOf(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)
}

/** Shortens a text to at most `width` columns. A `…` takes the place of its middle, because similar names often differ at their ends. */
export function shortened(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  const characters = charactersOf(text)
  const tail = Math.floor((width - 1) / 2)
  return `${fitting(characters, width - 1 - tail).join('')}…${fitting(characters.reverse(), tail).reverse().join('')}`
}

/** Returns as many of the first characters as fit into `width` columns. */
function fitting(characters: readonly string[], width: number): string[] {
  let used = 0
  const end = characters.findIndex((character) => {
    used += textWidth(character)
    return used > width
  })
  return characters.slice(0, end)
}

/** Spaces at which a line may be broken: all but those between a number and its unit, and those before a `·`. */
const breakableSpaces = /\s+(?!\s|·|(?:%|ms|s|min|h|d)(?!\w))/

/** Places without a space at which a line may be broken: between two characters of a script that writes no spaces. */
const breakableScripts =
  /(?<=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}，。、：；？！）])(?=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}（])/u

/** Breaks a text into lines of at most `width` columns. Only a word that is longer than `width` exceeds it. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.trim().split(breakableSpaces).filter(Boolean)) {
    for (const [i, part] of word.split(breakableScripts).entries()) {
      const last = lines.at(-1)
      const longer = `${last}${i === 0 ? ' ' : ''}${part}`
      if (last !== undefined && textWidth(longer) <= width) lines[lines.length - 1] = longer
      else lines.push(part)
    }
  }
  return lines
}
