import {
  about,
  atMost,
  flag,
  isObject,
  list,
  named,
  number,
  object,
  optional,
  type Shape,
  shapeOf,
  type TypeOf,
  text,
} from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'
import type { References } from '../../../src/scenario/accounts.ts'
import { faultAction } from './fault-action.ts'

/** The most faults of a plan. Every request is compared with each of them. */
const mostFaults = 1000

/** A fault plan: what is to go wrong, with which requests. */
export function faultsShape(references: References): Shape<readonly FaultSpec[]> {
  return atMost(mostFaults, list(named('FaultSpec', faultShape(references))))
}

/** The shape of one fault. */
export function faultShape(references: References) {
  return object({
    match: about(
      optional(matchShape(references)),
      'The requests that it may strike: those for which everything named here is true. Default: every request to a model, unless the request is wrong in itself.',
    ),
    when: about(
      time,
      'Which of these requests it strikes: all of them, the first n, every nth, or each with a probability; the seed decides which.',
    ),
    do: about(
      faultAction,
      'What happens to the request: a delay, or one of error, break and capacity, or a delay and then one of them.',
    ),
  })
}

/** One fault of a plan. */
export type FaultSpec = TypeOf<ReturnType<typeof faultShape>>

function matchShape({ account, model }: References) {
  return object({
    model: about(optional(model), 'Name of the model.'),
    account: about(optional(account), 'Name of the account.'),
    protocol: about(optional(text), 'Name of the protocol, as the journal has it.'),
    path: about(optional(text), 'Path of the request.'),
    stream: about(optional(flag), 'Whether the answer is a stream.'),
  })
}

const times = {
  first: number({ atLeast: 1, whole: true }),
  every: number({ atLeast: 1, whole: true }),
  probability: number({ atLeast: 0, atMost: 1 }),
}

export type FaultTime = 'always' | { [K in keyof typeof times]: { readonly [P in K]: number } }[keyof typeof times]

const time: Shape<FaultTime> = shapeOf(
  (field, value) => {
    if (value === 'always') return []
    const entries = isObject(value) ? Object.entries(value) : []
    const [name = '', each] = entries[0] ?? []
    if (entries.length === 1 && isTime(name)) return times[name](`${field}.${name}`, each)
    const known = '"always", { first: n }, { every: n } or { probability: p }'
    return [`Expected \`${field}\` to be ${known}, got ${isObject(value) ? fieldsIn(entries) : show(value)}`]
  },
  (refer) => ({
    oneOf: [
      { const: 'always' },
      ...Object.entries(times).map(([name, each]) => object({ [name]: each }).schema(refer)),
    ],
  }),
)

/** Quotes the first fields of an object. Their values may be anything, of any depth, and also what JSON does not have. */
function fieldsIn(entries: readonly (readonly [name: string, value: unknown])[]): string {
  const shown = entries.slice(0, 3).map(([name, value]) => `${show(name)}:${show(value)}`)
  return `{${[...shown, ...(entries.length > shown.length ? ['…'] : [])].join(',')}}`
}

function isTime(name: string): name is keyof typeof times {
  return Object.hasOwn(times, name)
}
