import type { Row } from '../../compare/comparison.ts'

/** A strategy as sentences name it. */
export function name({ id }: Row): string {
  return `\`${id}\``
}

/** All of them, or the first three and how many more. */
export function names(rows: readonly Row[]): string {
  return rows.length > 4
    ? `${rows.slice(0, 3).map(name).join(', ')} and ${rows.length - 3} more`
    : listed(rows.map(name))
}

export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
