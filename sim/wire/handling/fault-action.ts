import {
  about,
  type Fields,
  isObject,
  number,
  object,
  oneOf,
  optional,
  type Shape,
  shapeOf,
  type TypeOf,
} from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'
import { errorNames } from '../../errors/error-table.ts'
import { wireSwitchTable } from '../wire-switches.ts'

/** The share of a body after which it breaks when a fault names none, or names frames and the body has none. */
export const halfway = 0.5

const longestFaultDelay = 86_400_000

const breakPoint: Shape<number> = shapeOf(
  (field, value) => {
    if (typeof value === 'number' && value > 0 && (value < 1 || Number.isSafeInteger(value))) return []
    return [`Expected \`${field}\` to be a share between 0 and 1 or a whole number of frames, got ${show(value)}`]
  },
  (refer) => ({
    anyOf: [
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
      number({ atLeast: 1, whole: true }).schema(refer),
    ],
  }),
)

const onlyTrue: Shape<true> = shapeOf(
  (field, value) => (value === true ? [] : [`Expected \`${field}\` to be true or absent, got ${show(value)}`]),
  () => ({ const: true }),
)

const actionFields = object({
  delay: about(
    optional(number({ atLeast: 1, atMost: longestFaultDelay, whole: true })),
    'How long the request is held before anything else, in milliseconds. If nothing else is named, it then takes its usual course.',
  ),
  error: about(
    optional(oneOf(errorNames)),
    'The row of the error table with which the request is answered, whatever the limits say. It is charged to no limit.',
  ),
  placement: about(
    optional(oneOf(wireSwitchTable.errorPlacement.values)),
    'Where the error appears in a stream. Default: where the switch errorPlacement says.',
  ),
  shape: about(
    optional(oneOf(wireSwitchTable.errorShape.values)),
    'What the error looks like in the stream. Default: as the switch errorShape says.',
  ),
  break: about(
    optional(oneOf(['before', 'mid-body'])),
    'When the connection breaks: before anything is decided, or within the body of an answer. A stream is charged as far as it was sent, a whole answer in full.',
  ),
  after: about(
    optional(breakPoint, halfway),
    'Where a body breaks. Below 1: after this share of it. From 1 on: after this many frames of a stream; a body without frames then breaks halfway.',
  ),
  capacity: about(
    optional(onlyTrue),
    'Whether the service is out of capacity: 503, the same as the error serving-unavailable.',
  ),
})

export type FaultAction = TypeOf<typeof actionFields>

/** How a request may fail. A fault has at most one of these. */
const failures = ['error', 'break', 'capacity'] as const satisfies readonly (keyof FaultAction)[]

/** What happens to a request. */
export const faultAction: Shape<FaultAction> = shapeOf(
  (field, value) => [...actionFields(field, value), ...(isObject(value) ? combinationProblems(field, value) : [])],
  (refer) => ({
    ...actionFields.schema(refer),
    oneOf: [
      ...failures.map((name) => ({ required: [name] })),
      { required: ['delay'], not: { anyOf: failures.map((name) => ({ required: [name] })) } },
    ],
    dependentSchemas: {
      after: { required: ['break'], properties: { break: { const: 'mid-body' } } },
      placement: { anyOf: [{ required: ['error'] }, { required: ['capacity'] }] },
      shape: { required: ['placement'], properties: { placement: { enum: ['first-frame', 'mid-stream'] } } },
    },
  }),
)

/** What the fields of an action require of each other. */
function combinationProblems(field: string, action: Fields): string[] {
  const chosen = failures.filter((name) => action[name] !== undefined)
  const problems: string[] = []
  if (chosen.length > 1)
    problems.push(`Expected \`${field}\` to have one of error, break and capacity, got ${chosen.join(' and ')}`)
  if (chosen.length === 0 && action.delay === undefined)
    problems.push(`Expected \`${field}\` to have one of delay, error, break and capacity, got none`)
  if (action.after !== undefined && action.break !== 'mid-body')
    problems.push(`Expected \`${field}.after\` to come with \`break\`: "mid-body", got it without`)
  if (action.placement !== undefined && action.error === undefined && action.capacity === undefined)
    problems.push(`Expected \`${field}.placement\` to come with an error, got it without`)
  if (action.shape !== undefined && action.placement !== 'first-frame' && action.placement !== 'mid-stream')
    problems.push(
      `Expected \`${field}.shape\` to come with \`placement\`: "first-frame" or "mid-stream", got it without`,
    )
  return problems
}
