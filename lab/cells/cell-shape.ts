import {
  type Check,
  type Checks,
  isObject,
  list,
  number,
  object,
  optional,
  repeated,
  text,
} from '../../src/checks/shape.ts'
import { optimumNames } from '../../src/compare/comparison.ts'
import type { CaseFacts, Cell, Contestant, Raise, Series, StudyFacts, Summary } from '../../src/compare/raw-result.ts'
import { show } from '../../src/core/expect.ts'
import { rules } from '../../src/core/limit.ts'
import { outcomes } from '../../src/harness/trace.ts'
import { metricNames } from '../../src/report/figures/metrics.ts'
import { baselineProblems, slug } from '../../src/scenario/scenario-problems.ts'
import { valueShape } from '../../src/scenario/switch-table.ts'
import { switchNames, switchTable } from '../../src/scenario/switches.ts'

// What is wrong with a line of a file of cells, once it is known to be JSON. The numbers that JSON lacks are still texts.

/** A number >= 0 that may be infinite or none. */
const figure: Check = (field, value) =>
  value === 'Infinity' || value === 'NaN' || (typeof value === 'number' && value >= 0 && Number.isFinite(value))
    ? []
    : [`Expected \`${field}\` to be a number >= 0, "Infinity" or "NaN", got ${show(value)}`]

const count = number({ atLeast: 0, whole: true })
const wait: Check = (field, value) => (value === 'Infinity' ? [] : number({ above: 0, whole: true })(field, value))

/** An object with one value under each of these names. */
function record(names: readonly string[], check: Check): Check {
  return object(Object.fromEntries(names.map((name) => [name, check])))
}

const summary = object({
  calls: count,
  outcomes: record(outcomes, count),
  attempts: count,
  denials: record(rules, count),
  metrics: record(metricNames, figure),
} satisfies Checks<Summary>)

const quantiles = 101
const series = object({
  admittedPerSecond: list(count),
  waitQuantiles: (field, value) =>
    Array.isArray(value) && value.length !== quantiles
      ? [`Expected \`${field}\` to have ${quantiles} items, for 0 to 100 %, got ${value.length}`]
      : list(figure)(field, value),
} satisfies Checks<Series>)

/** All that can be told of a cell by itself. */
export const cellShape = object({
  case: text,
  strategy: text,
  seed: count,
  summary,
  optimum: record(optimumNames, figure),
  series: optional(series),
} satisfies Checks<Cell>)

const contestant = object({
  id: text,
  label: text,
  about: text,
  quotaText: text,
  solution: optional(number({ atLeast: 1, whole: true })),
  terms: optional(text),
} satisfies Checks<Contestant>)

const raise = object({ at: number({ atLeast: 0 }), perSecond: figure } satisfies Checks<Raise>)

const caseFacts = object({
  name: slug,
  title: text,
  patience: wait,
  horizon: number({ above: 0, whole: true }),
  limitPerSecond: figure,
  raises: list(raise),
  baseline: optional(text),
  contestants: (field, value) => [
    ...list(contestant, 1)(field, value),
    ...repeated(field, value, '.id', namedBy('id')),
  ],
} satisfies Checks<CaseFacts>)

const switches = object(Object.fromEntries(switchNames.map((name) => [name, valueShape(switchTable[name])])))

const named = { name: text, title: text }

/** The first line. */
export const headerShape = object({
  schema: text,
  scenario: object({
    ...named,
    name: slug,
    given: optional(text),
    question: text,
    model: text,
  } satisfies Checks<StudyFacts['scenario']>),
  profile: object({ ...named, currency: text } satisfies Checks<StudyFacts['profile']>),
  switches,
  changed: list(text),
  seeds: (field, value) => [...list(count, 1)(field, value), ...repeated(field, value, '', String)],
  cases: (field, value) => [
    ...list(caseFacts, 1)(field, value),
    ...repeated(field, value, '.name', namedBy('name')),
    ...baselineProblems(field, value),
  ],
} satisfies Checks<StudyFacts & { schema: string }>)

function namedBy(name: string): (value: unknown) => unknown {
  return (value) => (isObject(value) ? value[name] : undefined)
}
