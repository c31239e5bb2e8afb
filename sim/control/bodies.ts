import {
  about,
  flag,
  isObject,
  named,
  number,
  object,
  oneOf,
  optional,
  type Shape,
  shapeOf,
  type TypeOf,
} from '../../src/checks/shape.ts'
import { billingFields, limitList, type References } from '../../src/scenario/accounts.ts'
import { seedShape, speedShape } from '../setup/mock-setup.ts'
import { faultsShape } from '../wire/handling/fault-spec.ts'

/** The longest step of the clock: a year, in milliseconds. */
const longestAdvance = 31_536_000_000

/** Returns the shape of the body of each action. */
export function bodies(references: References) {
  const account = about(optional(references.account), 'The name of an account. Default: every account.')
  const model = about(references.model, 'The name of a model.')
  const reset = object({ seed: about(optional(seedShape), 'The new seed. Default: the present seed.') })
  const limits = object({ account, model, limits: about(limitList, 'The new limits. An empty list means no limit.') })
  const quota = object({
    account,
    model,
    factor: about(number({ above: 0, atMost: 1000 }), 'The factor by which each limit is multiplied.'),
    unit: about(optional(oneOf(['requests', 'tokens'])), 'Only the limits on this unit change. Default: all.'),
  })
  const { freeTokens, stopWhenFreeIsUsed, payable, arrears } = billingFields
  const billing = object({
    account,
    freeTokens: optional(freeTokens),
    stopWhenFreeIsUsed: optional(stopWhenFreeIsUsed),
    payable: optional(payable),
    arrears: optional(arrears),
  })
  const clock = object({
    speed: optional(speedShape),
    paused: about(optional(flag), 'true pauses simulated time; false continues it at the speed that it had before.'),
    advance: about(
      optional(number({ atLeast: 0, atMost: longestAdvance, whole: true })),
      'The number of milliseconds by which simulated time moves forward at once. Time ends with the year 9999.',
    ),
  })
  const faults = object({ faults: about(faultsShape(references), 'The new fault plan.') })
  return {
    reset: named('Reset', reset),
    limits: named('SetLimits', limits),
    quota: named('RaiseQuota', quota),
    billing: named('SetBilling', withOneOf(billing, ['freeTokens', 'stopWhenFreeIsUsed', 'payable', 'arrears'])),
    clock: named('SetClock', withOneOf(clock, ['speed', 'paused', 'advance'])),
    faults: named('SetFaults', faults),
  }
}

/** The bodies of the actions, after they have been checked. */
export type Bodies = { readonly [K in keyof ReturnType<typeof bodies>]: TypeOf<ReturnType<typeof bodies>[K]> }

/** Returns the same shape with a further rule: the object must have at least one of these fields. */
function withOneOf<T>(shape: Shape<T>, names: readonly (keyof T & string)[]): Shape<T> {
  return shapeOf(
    (field, value) => {
      const problems = shape(field, value)
      if (problems.length > 0 || !isObject(value) || names.some((name) => value[name] !== undefined)) return problems
      return [`Expected \`${field}\` to have one of ${names.join(', ')}, got none`]
    },
    (refer) => ({ ...shape.schema(refer), anyOf: names.map((name) => ({ required: [name] })) }),
  )
}
