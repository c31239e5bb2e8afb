import { type Checks, isObject, number, object, oneOf, optional, type Shape, shapeOf } from '../../src/checks/shape.ts'
import type { References } from '../../src/scenario/accounts.ts'
import type { LimitChange } from '../../src/scenario/limit-changes.ts'
import { longestHorizon } from '../../src/scenario/replay-end.ts'

const multiple = number({ above: 0, atMost: 1_000_000 })

/** The most repetitions of one change. Each is a phase of the limits, which reports list and the optimum goes through. */
const mostTimes = 1000

/** The shape of a change of limits. */
export function limitChangeShape({ account, model }: References): Shape<LimitChange> {
  const shape = object({
    at: number({ atLeast: 0, atMost: longestHorizon, whole: true }),
    account,
    model,
    factor: optional(multiple),
    to: optional(multiple),
    unit: optional(oneOf(['requests', 'tokens'])),
    repeat: optional(
      object({
        every: number({ above: 0, atMost: longestHorizon, whole: true }),
        times: number({ atLeast: 1, atMost: mostTimes, whole: true }),
      } satisfies Checks<NonNullable<LimitChange['repeat']>>),
    ),
  } satisfies Checks<LimitChange>)
  return shapeOf((field, value) => [...shape(field, value), ...amountProblems(field, value)], shape.schema)
}

function amountProblems(field: string, value: unknown): string[] {
  if (!isObject(value) || (value.factor === undefined) !== (value.to === undefined)) return []
  const got = value.factor === undefined ? 'neither' : 'both'
  return [`Expected \`${field}\` to have either \`factor\` or \`to\`, got ${got}`]
}
