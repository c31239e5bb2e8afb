import { switchNames, switchProblem } from '../../sim/switches/provider-switches.ts'
import { type Check, isObject, list, number, object, optional, repeated, text } from '../../src/checks/shape.ts'
import { optimumNames } from '../../src/compare/comparison.ts'
import type { CaseFacts, Cell, Contestant, Raise, Series, StudyFacts, Summary } from '../../src/compare/raw-result.ts'
import { show } from '../../src/core/expect.ts'
import { rules } from '../../src/core/limit.ts'
import { outcomes } from '../../src/harness/trace.ts'
import { metricNames } from '../../src/report/figures/metrics.ts'
import { baselineProblems, slug } from '../../src/scenario/scenario-problems.ts'
import type { Switches } from '../../src/scenario/world.ts'

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

const summary = object<Summary>({
  calls: count,
  outcomes: record(outcomes, count),
  attempts: count,
  denials: record(rules, count),
  metrics: record(metricNames, figure),
})

const quantiles = 101
const series = object<Series>({
  admittedPerSecond: list(count),
  waitQuantiles: (field, value) =>
    Array.isArray(value) && value.length !== quantiles
      ? [`Expected \`${field}\` to have ${quantiles} items, for 0 to 100 %, got ${value.length}`]
      : list(figure)(field, value),
})

/** All that can be told of a cell by itself. */
export const cellShape = object<Cell>({
  case: text,
  strategy: text,
  seed: count,
  summary,
  optimum: record(optimumNames, figure),
  series: optional(series),
})

const contestant = object<Contestant>({
  id: text,
  label: text,
  about: text,
  quotaText: text,
  solution: optional(number({ atLeast: 1, whole: true })),
  terms: optional(text),
})

const raise = object<Raise>({ at: number({ atLeast: 0 }), perSecond: figure })

const caseFacts = object<CaseFacts>({
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
})

const switches: Check = (field, value) =>
  object<Switches>(
    Object.fromEntries(
      switchNames.map((name) => [
        name,
        (path: string, each: unknown) => [switchProblem(name, each, path)].filter((problem) => problem !== undefined),
      ]),
    ) as { [K in keyof Switches]: Check },
  )(field, value)

const named = { name: text, title: text }

/** The first line. */
export const headerShape = object<StudyFacts & { schema: string }>({
  schema: text,
  scenario: object<StudyFacts['scenario']>({
    ...named,
    name: slug,
    given: optional(text),
    question: text,
    model: text,
  }),
  profile: object<StudyFacts['profile']>({ ...named, currency: text }),
  switches,
  changed: list(text),
  seeds: (field, value) => [...list(count, 1)(field, value), ...repeated(field, value, '', String)],
  cases: (field, value) => [
    ...list(caseFacts, 1)(field, value),
    ...repeated(field, value, '.name', namedBy('name')),
    ...baselineProblems(field, value),
  ],
})

function namedBy(name: string): (value: unknown) => unknown {
  return (value) => (isObject(value) ? value[name] : undefined)
}
