import { about, atMost, list, named, number, object, type Shape, shapeOf } from '../../src/checks/shape.ts'
import type { References } from '../../src/scenario/accounts.ts'
import { arrivalsShape } from '../../src/scenario/arrivals/arrival-problems.ts'
import { mostCalls } from '../../src/scenario/arrivals/most-calls.ts'
import type { Background } from '../../src/scenario/background.ts'
import { lengthsShape } from '../../src/scenario/lengths/lengths.ts'
import { longestHorizon } from '../../src/scenario/replay-end.ts'

/** The kinds that need neither a recorded trace nor code of the user. */
const drawnArrivals = arrivalsShape(['at-once', 'poisson', 'gamma', 'step', 'on-off', 'diurnal', 'flash-crowd'])

const arrivals: Shape<Background['arrivals']> = shapeOf((field, value) => {
  const problems = drawnArrivals(field, value)
  return problems.length > 0 ? problems : countProblems(field, value as Background['arrivals'])
}, drawnArrivals.schema)

/** The most items of a background. A state of the control plane shows all of them. */
const mostItems = 100

/** The shape of the other users of accounts: a list. */
export function backgroundShape(references: References): Shape<readonly Background[]> {
  return atMost(mostItems, list(named('Background', itemShape(references))))
}

function itemShape({ account, model }: References): Shape<Background> {
  return object({
    account: about(account, 'The name of the account that they use.'),
    model: about(model, 'The name of the model that they call.'),
    arrivals: about(arrivals, 'When they send each call, ms from the start: instants as in the cases of a scenario.'),
    lengths: about(
      lengthsShape(['fixed', 'log-normal', 'quantiles', 'shape']),
      'The lengths of their prompts and answers, in tokens.',
    ),
    maxTokens: about(
      number({ atLeast: 1, atMost: 10_000_000, whole: true }),
      'The greatest number of output tokens of each of their calls.',
    ),
  })
}

/** More calls, or later ones, are a mistake rather than a wish: the run would not come to its end. */
function countProblems(field: string, arrivals: Background['arrivals']): string[] {
  if (arrivals.kind === 'at-once') return []
  const { until } = arrivals
  if (until > longestHorizon) return [`Expected \`${field}.until\` to be at most ${longestHorizon}, got ${until}`]
  const calls = (greatestRate(arrivals) * until) / 1000
  if (calls <= mostCalls) return []
  return [
    `Expected \`${field}\` to be at most ${mostCalls} calls, got ${Math.ceil(calls)}: lower the rate, or \`until\``,
  ]
}

function greatestRate(arrivals: Exclude<Background['arrivals'], { kind: 'at-once' }>): number {
  if (arrivals.kind === 'step') return Math.max(arrivals.before, arrivals.after)
  return arrivals.perSecond * (arrivals.kind === 'flash-crowd' ? arrivals.factor : 1)
}
