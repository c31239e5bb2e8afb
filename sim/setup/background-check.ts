import { type Check, type Checks, isObject, number, object, oneOf } from '../../src/checks/shape.ts'
import type { References } from '../../src/scenario/accounts.ts'
import { arrivalProblems } from '../../src/scenario/arrivals/arrival-problems.ts'
import { mostCalls } from '../../src/scenario/arrivals/most-calls.ts'
import type { Background } from '../../src/scenario/background.ts'
import { lengthProblems } from '../../src/scenario/lengths/lengths.ts'

/** The kinds that need neither a recorded trace nor code of the user. */
const arrivalKinds: readonly Background['arrivals']['kind'][] = [
  'at-once',
  'poisson',
  'gamma',
  'step',
  'on-off',
  'diurnal',
  'flash-crowd',
]
const lengthKinds: readonly Background['lengths']['kind'][] = ['fixed', 'log-normal', 'quantiles', 'shape']

/** Returns the check of other users of an account. */
export function backgroundCheck({ account, model }: References): Check {
  return object({
    account,
    model,
    arrivals: (field, value) => {
      const problems = arrivalProblems(field, value, arrivalKinds)
      return problems.length > 0 ? problems : countProblems(field, value as Background['arrivals'])
    },
    lengths: ofKind(lengthKinds, lengthProblems),
    maxTokens: number({ atLeast: 1, atMost: 10_000_000, whole: true }),
  } satisfies Checks<Background>)
}

/** Returns a check that accepts only these kinds of what another check accepts. */
function ofKind(kinds: readonly string[], check: Check): Check {
  return (field, value) => {
    const problems = isObject(value) ? oneOf(kinds)(`${field}.kind`, value.kind) : []
    return problems.length > 0 ? problems : check(field, value)
  }
}

/** More calls are a mistake rather than a wish: the run would not come to its end. */
function countProblems(field: string, arrivals: Background['arrivals']): string[] {
  if (arrivals.kind === 'at-once') return []
  const calls = (greatestRate(arrivals) * arrivals.until) / 1000
  if (calls <= mostCalls) return []
  return [
    `Expected \`${field}\` to be at most ${mostCalls} calls, got ${Math.ceil(calls)}: lower the rate, or \`until\``,
  ]
}

function greatestRate(arrivals: Exclude<Background['arrivals'], { kind: 'at-once' }>): number {
  if (arrivals.kind === 'step') return Math.max(arrivals.before, arrivals.after)
  return arrivals.perSecond * (arrivals.kind === 'flash-crowd' ? arrivals.factor : 1)
}
