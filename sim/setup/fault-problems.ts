import {
  type Check,
  type Fields,
  flag,
  isObject,
  list,
  number,
  object,
  oneOf,
  optional,
  text,
} from '../../src/checks/shape.ts'
import { show } from '../../src/core/expect.ts'
import { errorNames } from '../errors/error-table.ts'
import { wireSwitchTable } from '../switches/wire-switches.ts'
import type { FaultAction, FaultMatch, FaultSpec } from '../wire/handling/fault-plan.ts'

/** What the specs of a plan may refer to. */
export interface FaultWorld {
  readonly models: readonly string[]
  readonly accounts: readonly string[]
}

/** A fault plan: every problem, each a sentence that names its path. Without a world, any names will do. */
export function faultsCheck(world?: FaultWorld): Check {
  const match = object<FaultMatch>({
    model: optional(world ? oneOf(world.models) : text),
    account: optional(world ? oneOf(world.accounts) : text),
    protocol: optional(text),
    path: optional(text),
    stream: optional(flag),
  })
  return list(object<FaultSpec>({ match: optional(match), when: time, do: action }))
}

const times: Readonly<Record<string, Check>> = {
  first: number({ atLeast: 1, whole: true }),
  every: number({ atLeast: 1, whole: true }),
  probability: number({ atLeast: 0, atMost: 1 }),
}

const time: Check = (field, value) => {
  if (value === 'always') return []
  const entries = isObject(value) ? Object.entries(value) : []
  const [name = '', each] = entries[0] ?? []
  const check = entries.length === 1 && Object.hasOwn(times, name) ? times[name] : undefined
  if (check) return check(`${field}.${name}`, each)
  const known = '"always", { first: n }, { every: n } or { probability: p }'
  return [`Expected \`${field}\` to be ${known}, got ${isObject(value) ? JSON.stringify(value) : show(value)}`]
}

const longestFaultDelay = 86_400_000

const fields = object<FaultAction>({
  delay: optional(number({ atLeast: 1, atMost: longestFaultDelay, whole: true })),
  error: optional(oneOf(errorNames)),
  placement: optional(oneOf(wireSwitchTable.errorPlacement.values as readonly string[])),
  shape: optional(oneOf(wireSwitchTable.errorShape.values as readonly string[])),
  break: optional(oneOf(['before', 'mid-body'])),
  after: optional(after),
  capacity: optional((field, value) =>
    value === true ? [] : [`Expected \`${field}\` to be true or absent, got ${show(value)}`],
  ),
})

const action: Check = (field, value) => {
  const problems = fields(field, value)
  return isObject(value) ? [...problems, ...combined(field, value)] : problems
}

function after(field: string, value: unknown): string[] {
  if (typeof value === 'number' && value > 0 && (value < 1 || Number.isSafeInteger(value))) return []
  return [`Expected \`${field}\` to be a share between 0 and 1 or a whole number of frames, got ${show(value)}`]
}

/** What of an action goes together. */
function combined(field: string, action: Fields): string[] {
  const failures = ['error', 'break', 'capacity'].filter((name) => action[name] !== undefined)
  const problems: string[] = []
  if (failures.length > 1)
    problems.push(`Expected \`${field}\` to have one of error, break and capacity, got ${failures.join(' and ')}`)
  if (failures.length === 0 && action.delay === undefined)
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
