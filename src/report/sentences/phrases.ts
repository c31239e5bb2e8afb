import type { CaseComparison, Row } from '../../compare/comparison.ts'
import { leastRankDifference, type RankMetric } from '../../compare/ranking.ts'
import { decimal, duration, whole } from '../figures/figures.ts'

/** A strategy's name in backticks. It has none itself then, so that every renderer sees where it ends. */
export function name({ id }: Pick<Row, 'id'>): string {
  return `\`${id.replaceAll('`', '’')}\``
}

/** The names of up to four strategies, or the first three names and the number of the others. */
export function names(rows: readonly Pick<Row, 'id'>[]): string {
  return rows.length > 4
    ? `${rows.slice(0, 3).map(name).join(', ')} and ${rows.length - 3} more`
    : listed(rows.map(name))
}

export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** The least difference that opens a new rank: `0.5 percentage points`, or `100 ms`. */
export function leastRankText(by: RankMetric): string {
  const least = leastRankDifference[by]
  return by === 'excessWait' ? duration(least) : `${decimal(100 * least, 1)} percentage points`
}

/** The limits of a quota at the start: `10 requests in 1 s, 1,000,000 tokens in 1 min`. */
export function poolWords(limits: Row['limits']): string {
  if (limits.length === 0) return 'none'
  return limits
    .map(({ unit, window, phases }) => `${whole(phases[0]!.limit)} ${unit} in ${duration(window)}`)
    .join(', ')
}

/** The greatest number of changes that are listed. When there are more, the sentence gives their number and the last limit. */
const mostChangesListed = 2

/** The limit and its changes, with the unit: `10 calls a second, from 1 min on 30`. */
export function limitWords(
  { limitPerSecond, raises }: Pick<CaseComparison, 'limitPerSecond' | 'raises'>,
  unit: string,
): string {
  const start = `${decimal(limitPerSecond, 2)}${unit}`
  const last = raises.at(-1)
  if (raises.length > mostChangesListed)
    return `${start}, changed ${raises.length} times, at last to ${decimal(last!.perSecond, 2)}`
  return [start, ...raises.map(({ at, perSecond }) => `from ${duration(at)} on ${decimal(perSecond, 2)}`)].join(', ')
}
