import {
  type Check,
  type Checks,
  distinct,
  type Fields,
  isObject,
  list,
  number,
  object,
  oneOf,
  optional,
  repeated,
  text,
} from '../checks/shape.ts'
import { show } from '../core/expect.ts'
import { arrivalProblems } from './arrivals/arrival-problems.ts'
import { lengthProblems } from './lengths/lengths.ts'
import { mostProcesses, startsOf } from './processes.ts'
import { longestHorizon } from './replay-end.ts'
import { type Case, caseWorldParts, type Scenario } from './scenario.ts'
import { greatestLoad, type SweepPoint } from './sweep-point.ts'
import { tenantProblems } from './tenants.ts'

/**
 * Returns a sentence for each problem with a scenario; the sentence names the path of the field. When there is none, the value
 * is a `Scenario`, except for two things: only the simulator can check its worlds (`sim/setup/world-problems.ts`), and what its
 * thresholds say is checked where metrics are known (`src/compare/thresholds.ts`).
 * `strategyProblems` checks one item of the list of strategies.
 */
export function scenarioProblems(value: unknown, strategyProblems: Check): string[] {
  const strategies = distinct(list(strategyProblems, 1))
  const given = isObject(value) && Array.isArray(value.strategies) ? value.strategies : []
  const ofScenario = given.filter((each) => strategyProblems('', each).length === 0)
  const scenario = object({
    name: slug,
    title: text,
    question: text,
    model: text,
    world,
    strategies,
    thresholds: optional(list(text)),
    trace: optional(text),
    cases: (field, cases) => [
      ...list(caseCheck(ofScenario), 1)(field, cases),
      ...repeated(field, cases, '.name', nameOf),
      ...baselineProblems(field, cases),
    ],
  } satisfies Checks<Scenario>)
  return scenario('', value)
}

/** Returns the check of a case. `strategies` are those of the scenario, from which a case may choose. */
function caseCheck(strategies: readonly unknown[]): Check {
  const texts = strategies.filter((each) => typeof each === 'string')
  const ofScenario: Check = (field, value) => (strategies.includes(value) ? [] : oneOf(texts)(field, value))
  const check = object({
    name: slug,
    title: text,
    arrivals: arrivalProblems,
    lengths: lengthProblems,
    tenants: optional(tenantProblems),
    maxTokens: number({ atLeast: 1, atMost: 10_000_000, whole: true }),
    patience: (field, value) => (value === Infinity ? [] : number({ above: 0, whole: true })(field, value)),
    horizon: (field, value) => (value === Infinity ? [] : horizon(field, value)),
    serverWait: optional(number({ atLeast: 0, whole: true })),
    processes: optional(number({ atLeast: 1, atMost: mostProcesses, whole: true })),
    joinEvery: optional(duration),
    leaveAfter: optional(duration),
    world: optional(caseWorld),
    strategies: optional(distinct(list(ofScenario, 1))),
    baseline: optional(text),
    sweep: optional((field, value) => sweepPoint(field, value)),
  } satisfies Checks<Case>)
  return (field, value) => {
    const problems = check(field, value)
    return [
      ...problems,
      ...endProblems(field, value),
      ...lateArrivalProblems(field, value),
      ...tenantArrivalProblems(field, value),
      ...(problems.length > 0 ? [] : processProblems(field, value as Case)),
    ]
  }
}

const duration = number({ above: 0, whole: true })
const horizon = number({ above: 0, atMost: longestHorizon, whole: true })

/** Only a trace ends by itself. */
function endProblems(field: string, value: unknown): string[] {
  if (!isObject(value) || value.horizon !== Infinity) return []
  if (isObject(value.arrivals) && value.arrivals.kind === 'trace') return []
  return horizon(`${field}.horizon`, Infinity)
}

/** A call that arrives after the end of the run would count as one that nobody answered. */
function lateArrivalProblems(field: string, value: unknown): string[] {
  if (!isObject(value)) return []
  const { patience, horizon: end } = value
  return [
    ...lateProblems(field, '', value.arrivals, patience, end),
    ...tenantsIn(value).flatMap((each, i) =>
      isObject(each) ? lateProblems(field, `tenants[${i}].`, each.arrivals, patience, end) : [],
    ),
  ]
}

function lateProblems(field: string, of: string, arrivals: unknown, patience: unknown, end: unknown): string[] {
  const until = isObject(arrivals) ? arrivals.until : undefined
  if (typeof until !== 'number' || typeof end !== 'number' || !(until > end)) return []
  const enough = until + (Number.isFinite(patience) ? Number(patience) : 0)
  return [
    `Expected \`${field}.${of}arrivals.until\` to be at most \`horizon\` (${end}), the end of the run, got ${show(until)}. A horizon of ${enough} leaves every call its patience`,
  ]
}

function tenantsIn(chosen: Fields): readonly unknown[] {
  return Array.isArray(chosen.tenants) ? chosen.tenants : []
}

/** Workers take the calls of one list, in its order. Calls that arrive by themselves have no place in it. */
function tenantArrivalProblems(field: string, value: unknown): string[] {
  if (!isObject(value) || !isObject(value.arrivals) || value.arrivals.kind !== 'closed') return []
  return tenantsIn(value).flatMap((each, i) =>
    isObject(each) && each.arrivals !== undefined
      ? [
          `Expected \`${field}.tenants[${i}].arrivals\` to be absent where the case's \`arrivals\` are closed, got ${show(each.arrivals)}: give the tenant a \`share\``,
        ]
      : [],
  )
}

/** Processes come and go only where there are some, in arrivals whose time may be moved, and before the run ends. */
function processProblems(field: string, chosen: Case): string[] {
  const { processes, joinEvery = 0, arrivals, horizon: end } = chosen
  const changes = (['joinEvery', 'leaveAfter'] as const).filter((name) => chosen[name] !== undefined)
  if (processes === undefined)
    return changes.map(
      (name) => `Expected \`${field}.${name}\` only beside \`processes\`, got ${show(chosen[name])} and no processes`,
    )
  if (chosen.tenants)
    return [
      `Expected \`${field}.tenants\` to be absent beside \`processes\`, got ${show(chosen.tenants)}: leave one of them out`,
    ]
  if (arrivals.kind === 'closed' || arrivals.kind === 'sessions')
    return [
      `Expected \`${field}.arrivals.kind\` beside \`processes\` to be one that can be divided, got ${show(arrivals.kind)}: leave \`processes\` out`,
    ]
  if (arrivals.kind === 'trace')
    return changes.map(
      (name) =>
        `Expected \`${field}.${name}\` only where arrivals do not come from a trace, got ${show(chosen[name])}: leave it out`,
    )
  const last = startsOf(chosen).at(-1)! + ('until' in arrivals ? arrivals.until : 0)
  if (joinEvery === 0 || last < end) return []
  return [
    `Expected \`${field}.horizon\` to be after the last arrivals of the process that joins last (${last}), got ${show(end)}`,
  ]
}

/** Returns a sentence for each baseline that is not the name of another case. */
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

/** A name that is also used for a folder and a link, so it has only lower-case letters, digits and hyphens. */
export const slug: Check = (field, value) =>
  typeof value === 'string' && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)
    ? []
    : [`Expected \`${field}\` to be lower-case words joined by hyphens, got ${show(value)}`]

const sweepPoint = object({
  of: slug,
  load: number({ above: 0, atMost: greatestLoad }),
} satisfies Checks<SweepPoint>)

/** The parts of a case's world are checked later, with the whole world to which they belong. */
const unchecked: Check = () => []
const caseWorld = object(Object.fromEntries(caseWorldParts.map((part) => [part, unchecked])))

/** Checks only what must hold before a case's world can be combined with the scenario's. */
const world: Check = (field, value) => {
  if (!isObject(value)) return [`Expected \`${field}\` to be an object, got ${show(value)}`]
  const { switches } = value
  if (switches === undefined || isObject(switches)) return []
  return [`Expected \`${field}.switches\` to be an object, got ${show(switches)}`]
}
