import type { CaseComparison, Row } from '../../compare/comparison.ts'
import { decimal, duration } from '../figures/figures.ts'

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

/** More raises than this are counted, not told one by one. */
const mostRaisesListed = 2

/** The limit through time, with its unit: `10 calls a second, from 1 min on 30`. */
export function limitWords(
  { limitPerSecond, raises }: Pick<CaseComparison, 'limitPerSecond' | 'raises'>,
  unit: string,
): string {
  const start = `${decimal(limitPerSecond, 2)}${unit}`
  const last = raises.at(-1)
  if (raises.length > mostRaisesListed)
    return `${start}, raised ${raises.length} times to ${decimal(last!.perSecond, 2)}`
  return [start, ...raises.map(({ at, perSecond }) => `from ${duration(at)} on ${decimal(perSecond, 2)}`)].join(', ')
}
