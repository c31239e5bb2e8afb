import {
  type Check,
  type Checks,
  isObject,
  list,
  number,
  object,
  oneOf,
  optional,
  repeated,
  text,
} from '../../src/checks/shape.ts'
import { optimumNames } from '../../src/compare/comparison.ts'
import { metricNames, sharingMetrics } from '../../src/compare/metric-kinds.ts'
import {
  type CaseFacts,
  type Cell,
  type Contestant,
  type FailedStrategy,
  type Raise,
  type ReplayFacts,
  type Series,
  type StudyFacts,
  type Summary,
  type WireFacts,
  wireLimits,
} from '../../src/compare/raw-result.ts'
import type { TenantSummary } from '../../src/compare/tenant-figures.ts'
import { show } from '../../src/core/expect.ts'
import { rules } from '../../src/core/limit.ts'
import { outcomes } from '../../src/harness/trace.ts'
import type { Phase, PooledLimit } from '../../src/optimum/quota.ts'
import { baselineProblems, slug } from '../../src/scenario/scenario-problems.ts'
import type { SweepPoint } from '../../src/scenario/sweep-point.ts'
import { valueShape } from '../../src/scenario/switch-table.ts'
import { switchNames, switchTable } from '../../src/scenario/switches.ts'
import type { StrategyFailure } from './strategy-failures.ts'

// The shapes of the lines of a file of cells. They check a line after it is parsed as JSON and before the texts "Infinity" and
// "NaN" are turned into numbers.

/** A number >= 0, or the text that stands for infinity or NaN. */
const figure: Check = (field, value) =>
  value === 'Infinity' || value === 'NaN' || (typeof value === 'number' && value >= 0 && Number.isFinite(value))
    ? []
    : [`Expected \`${field}\` to be a number >= 0, "Infinity" or "NaN", got ${show(value)}`]

const count = number({ atLeast: 0, whole: true })
const patience: Check = (field, value) => (value === 'Infinity' ? [] : number({ above: 0, whole: true })(field, value))

/** Returns the shape of an object that has exactly these fields, each with a value that passes the check. */
function record(names: readonly string[], check: Check): Check {
  return object(Object.fromEntries(names.map((name) => [name, check])))
}

const tenant = object({
  name: text,
  calls: count,
  answered: count,
  attempts: count,
  waitP50: figure,
  waitP95: figure,
} satisfies Checks<TenantSummary>)

const summary = object({
  calls: count,
  outcomes: record(outcomes, count),
  attempts: count,
  denials: record(rules, count),
  deniedBy: record(rules, count),
  span: figure,
  served: object({ calls: count, tokens: count } satisfies Checks<Summary['served']>),
  metrics: object({
    ...Object.fromEntries(metricNames.map((name) => [name, figure])),
    ...Object.fromEntries(sharingMetrics.map((name) => [name, optional(figure)])),
  }),
  tenants: optional(list(tenant, 1)),
} satisfies Checks<Summary>)

const counts = list(count)

/** A list of counts, which may have millions of items: the path of an item is made only when one of them is wrong. */
const manyCounts: Check = (field, value) =>
  Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0) ? [] : counts(field, value)

const quantileCount = 101
const quantiles: Check = (field, value) =>
  Array.isArray(value) && value.length !== quantileCount
    ? [`Expected \`${field}\` to have ${quantileCount} items, for 0 to 100 %, got ${value.length}`]
    : list(figure)(field, value)
const series = object({
  admittedPerSecond: manyCounts,
  deniedPerSecond: manyCounts,
  waitQuantiles: quantiles,
  reachableWaitQuantiles: quantiles,
} satisfies Checks<Series>)

/** The shape of a cell. Whether the cell belongs to the study is checked by `CellTable`. */
export const cellShape = object({
  case: text,
  strategy: text,
  seed: count,
  summary,
  optimum: record(optimumNames, figure),
  series: optional(series),
} satisfies Checks<Cell>)

const pooledLimit = object({
  unit: oneOf(['requests', 'tokens']),
  window: number({ above: 0, whole: true }),
  phases: list(object({ from: number({ atLeast: 0 }), limit: number({ above: 0 }) } satisfies Checks<Phase>), 1),
} satisfies Checks<PooledLimit>)

/** The shape of a strategy that failed in a shard. */
export const failureShape = object({
  case: text,
  strategy: text,
  seed: count,
  message: text,
} satisfies Checks<StrategyFailure>)

const contestant = object({
  id: text,
  label: text,
  about: text,
  quotaText: text,
  limits: list(pooledLimit),
  solution: optional(number({ atLeast: 1, whole: true })),
  terms: optional(text),
} satisfies Checks<Contestant>)

const raise = object({ at: number({ atLeast: 0 }), perSecond: figure } satisfies Checks<Raise>)

const caseFacts = object({
  name: slug,
  title: text,
  patience,
  horizon: number({ above: 0, whole: true }),
  late: optional(number({ atLeast: 1, whole: true })),
  limitPerSecond: figure,
  raises: list(raise),
  baseline: optional(text),
  sweep: optional(object({ of: slug, load: number({ above: 0 }) } satisfies Checks<SweepPoint>)),
  contestants: (field, value) => [
    ...list(contestant, 1)(field, value),
    ...repeated(field, value, '.id', fieldReader('id')),
  ],
} satisfies Checks<CaseFacts>)

const replayed = object({
  file: text,
  format: text,
  rows: count,
  outside: count,
  skipped: count,
  warnings: list(text),
} satisfies Checks<ReplayFacts>)

const wire = object({
  address: text,
  speed: number({ above: 0 }),
  limits: oneOf(wireLimits),
  warnings: list(text),
} satisfies Checks<WireFacts>)

const switches = object(Object.fromEntries(switchNames.map((name) => [name, valueShape(switchTable[name])])))

const nameAndTitle = { name: text, title: text }

/** The shape of the first line of the file, which describes the study. */
export const headerShape = object({
  schema: text,
  scenario: object({
    ...nameAndTitle,
    name: slug,
    given: optional(text),
    question: text,
    model: text,
  } satisfies Checks<StudyFacts['scenario']>),
  profile: object({ ...nameAndTitle, currency: text } satisfies Checks<StudyFacts['profile']>),
  switches,
  changed: list(text),
  replayed: optional(replayed),
  wire: optional(wire),
  failed: optional(list(object({ id: text, message: text } satisfies Checks<FailedStrategy>), 1)),
  seeds: (field, value) => [...list(count, 1)(field, value), ...repeated(field, value, '', String)],
  cases: (field, value) => [
    ...list(caseFacts, 1)(field, value),
    ...repeated(field, value, '.name', fieldReader('name')),
    ...baselineProblems(field, value),
  ],
} satisfies Checks<StudyFacts & { schema: string }>)

function fieldReader(name: string): (value: unknown) => unknown {
  return (value) => (isObject(value) ? value[name] : undefined)
}
