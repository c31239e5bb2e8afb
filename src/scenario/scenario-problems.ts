import {
  type Check,
  distinct,
  isObject,
  list,
  number,
  object,
  oneOf,
  optional,
  repeated,
  text,
} from '../checks/shape.ts'
import type { Millis } from '../core/clock.ts'
import { show } from '../core/expect.ts'
import { arrivalProblems } from './arrivals.ts'
import { lengthProblems } from './lengths.ts'
import type { Case, Scenario } from './scenario.ts'

/** A longer run is a mistake more often than a wish: 30 days. */
const longestHorizon: Millis = 30 * 86_400_000

/**
 * Every problem with a scenario, each a sentence that names its path; none: it is a `Scenario`, but for its worlds.
 * What is inside a world is the simulator's to judge: `sim/setup/world-problems.ts`.
 */
export function scenarioProblems(value: unknown, knownStrategies: readonly string[]): string[] {
  const strategies = distinct(list(oneOf(knownStrategies), 1))
  const own = isObject(value) && Array.isArray(value.strategies) ? value.strategies : []
  const chosen = own.filter((name) => knownStrategies.includes(name))
  const scenario = object<Scenario>({
    name: slug,
    title: text,
    question: text,
    model: text,
    world,
    strategies,
    cases: (field, cases) => [
      ...list(caseCheck(chosen), 1)(field, cases),
      ...repeated(field, cases, '.name', nameOf),
      ...baselineProblems(field, cases),
    ],
  })
  return scenario('', value)
}

function caseCheck(strategies: readonly string[]): Check {
  return object<Case>({
    name: slug,
    title: text,
    arrivals: arrivalProblems,
    lengths: lengthProblems,
    maxTokens: number({ atLeast: 1, atMost: 10_000_000, whole: true }),
    patience: (field, value) => (value === Infinity ? [] : number({ above: 0, whole: true })(field, value)),
    horizon: number({ above: 0, atMost: longestHorizon, whole: true }),
    serverWait: optional(number({ atLeast: 0, whole: true })),
    world: optional(caseWorld),
    strategies: optional(distinct(list(oneOf(strategies), 1))),
    baseline: optional(text),
  })
}

/** A baseline is another case of the scenario. */
export function baselineProblems(field: string, cases: unknown): string[] {
  if (!Array.isArray(cases)) return []
  return cases.flatMap((each, i) => {
    if (!isObject(each) || typeof each.baseline !== 'string') return []
    const others = cases.map(nameOf).filter((name) => typeof name === 'string' && name !== each.name)
    return oneOf(others as string[])(`${field}[${i}].baseline`, each.baseline)
  })
}

function nameOf(value: unknown): unknown {
  return isObject(value) ? value.name : undefined
}

/** Names become folders and headings. */
export const slug: Check = (field, value) =>
  typeof value === 'string' && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)
    ? []
    : [`Expected \`${field}\` to be lower-case words joined by hyphens, got ${show(value)}`]

/** Their insides are checked with the whole world that they become part of. */
const anything: Check = () => []
const caseWorld = object<NonNullable<Case['world']>>({ accounts: anything, gateways: anything, events: anything })

/** Only as much of a world as it takes to put one over another. */
const world: Check = (field, value) => {
  if (!isObject(value)) return [`Expected \`${field}\` to be an object, got ${show(value)}`]
  const { switches } = value
  if (switches === undefined || isObject(switches)) return []
  return [`Expected \`${field}.switches\` to be an object, got ${show(switches)}`]
}
