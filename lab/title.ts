import { didYouMean } from '../src/checks/nearest.ts'
import { isObject } from '../src/checks/shape.ts'
import { duration } from '../src/report/figures/figures.ts'
import type { Case } from '../src/scenario/scenario.ts'
import { callsIn, type Known, perSecond } from './client-knowledge.ts'
import { caseKeys, numberAt } from './settings.ts'

// A title that states numbers would go on to state them when `--set` has changed them. So it names them in braces:
// `{arrivals.calls} calls at once`, by the keys of `--set`, and what the quota bears beside them.

/** What the quota of one account bears at the run's start: the most calls in any second and minute, and the share of it that is asked for. */
const quotaNames = ['quota.second', 'quota.minute', 'quota.share'] as const

const instants = /^(patience|horizon|serverWait|arrivals\.(until|at|on|off))$/
const placeholder = /\{([^{}]*)\}/g

/** Every name in a case's title that stands for no figure of this case. */
export function titleProblems(field: string, chosen: unknown): string[] {
  if (!isObject(chosen) || typeof chosen.title !== 'string') return []
  const known = namesOf(chosen)
  return [...chosen.title.matchAll(placeholder)]
    .filter(([, name]) => !known.includes(name!))
    .map(
      ([, name]) =>
        `Expected \`${field}\` to name in braces nothing but ${known.join(', ')}, got {${name}}${didYouMean(name!, known)}`,
    )
}

/** The title with the figures in it, as they are after all settings. */
export function titleOf(chosen: Case, known: Known): string {
  return chosen.title.replace(placeholder, (_, name: string) => figureOf(name, chosen, known))
}

function namesOf(chosen: unknown): string[] {
  const own = caseKeys.filter((key) => numberAt(chosen, key) !== undefined)
  const asked = own.includes('arrivals.perSecond')
  return [...own, ...quotaNames.filter((name) => asked || name !== 'quota.share')]
}

function figureOf(name: string, chosen: Case, known: Known): string {
  if (name === 'quota.second') return plain(callsIn(1000, known))
  if (name === 'quota.minute') return plain(callsIn(60_000, known))
  if (name === 'quota.share') return `${plain((100 * numberAt(chosen, 'arrivals.perSecond')!) / perSecond(known), 1)} %`
  const value = numberAt(chosen, name)!
  return instants.test(name) ? duration(value) : plain(value)
}

/** As one would write it: `2,000`, `5.5`. */
function plain(value: number, decimals = 6): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals })
}
