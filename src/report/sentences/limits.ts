import type { CaseComparison } from '../../compare/comparison.ts'
import { decimal, duration } from '../figures/figures.ts'

/** More raises than this are counted, not told one by one. */
const told = 2

/** The limit through time, with its unit: `10 calls a second, from 1 min on 30`. */
export function limitWords(
  { limitPerSecond, raises }: Pick<CaseComparison, 'limitPerSecond' | 'raises'>,
  unit: string,
): string {
  const start = `${decimal(limitPerSecond, 2)}${unit}`
  const last = raises.at(-1)
  if (raises.length > told) return `${start}, raised ${raises.length} times to ${decimal(last!.perSecond, 2)}`
  return [start, ...raises.map(({ at, perSecond }) => `from ${duration(at)} on ${decimal(perSecond, 2)}`)].join(', ')
}
