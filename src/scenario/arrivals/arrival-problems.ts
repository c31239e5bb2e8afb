import { isObject, number, oneOf, unknownFields } from '../../checks/shape.ts'
import { type Bounds, show } from '../../core/expect.ts'
import type { Arrivals } from './arrivals.ts'
import { mostCalls } from './most-calls.ts'

const positive: Bounds = { above: 0 }
const notNegative: Bounds = { atLeast: 0 }
/** One call a microsecond. With a rate far beyond it simulated time would stand still. */
const mostRate = 1_000_000
const rate: Bounds = { above: 0, atMost: mostRate }
const rateOrNone: Bounds = { atLeast: 0, atMost: mostRate }
/** Simulated time has whole milliseconds, and shorter means would make the number of alternations endless. */
const meanTime: Bounds = { atLeast: 1 }
/** A worker that thinks for longer than a day on average hardly takes part in a run. */
const pauseOrNone: Bounds = { atLeast: 0, atMost: 86_400_000 }
const calls: Bounds = { atLeast: 1, atMost: mostCalls, whole: true }

type Fields = Readonly<Record<string, Bounds & { readonly isOptional?: true }>>

const fields: Record<Arrivals['kind'], Fields> = {
  'at-once': { calls },
  closed: { workers: { atLeast: 1, atMost: 10_000, whole: true }, calls, think: pauseOrNone },
  poisson: { perSecond: rate, until: positive },
  // With a greater coefficient nearly all gaps are shorter than what a double can express.
  gamma: { perSecond: rate, cv: { atLeast: 0.01, atMost: 20 }, until: positive },
  step: { before: rateOrNone, after: rateOrNone, at: positive, until: positive },
  'on-off': { perSecond: rate, on: meanTime, off: meanTime, until: positive },
  diurnal: {
    perSecond: rate,
    swing: { atLeast: 0, atMost: 1 },
    period: meanTime,
    peak: notNegative,
    until: positive,
  },
  'flash-crowd': {
    perSecond: rate,
    factor: { atLeast: 1, atMost: 1_000_000 },
    at: notNegative,
    lasts: notNegative,
    decay: notNegative,
    until: positive,
  },
  sessions: {
    perSecond: rate,
    turns: { atLeast: 1, atMost: 10_000 },
    pause: meanTime,
    context: { atLeast: 1, atMost: 10_000_000, whole: true },
    until: positive,
  },
  trace: { speed: positive, factor: { above: 0, atMost: 1000, isOptional: true } },
  custom: {},
}

const kinds = Object.keys(fields) as Arrivals['kind'][]

/** Returns a sentence for each problem with a description of arrivals. `accepted` are the kinds that it may have. Default: all. */
export function arrivalProblems(
  field: string,
  arrivals: unknown,
  accepted: readonly Arrivals['kind'][] = kinds,
): string[] {
  if (!isObject(arrivals)) return [`Expected \`${field}\` to be an object, got ${show(arrivals)}`]
  const { kind } = arrivals
  const kindProblems = oneOf(accepted)(`${field}.kind`, kind)
  if (kindProblems.length > 0) return kindProblems
  const bounds = fields[kind as Arrivals['kind']]
  const generator = kind === 'custom' ? ['generate'] : []
  return [
    ...unknownFields(field, arrivals, ['kind', ...Object.keys(bounds), ...generator]),
    ...Object.entries(bounds)
      .filter(([name, { isOptional }]) => !isOptional || arrivals[name] !== undefined)
      .flatMap(([name, bound]) => number(bound)(`${field}.${name}`, arrivals[name])),
    ...(kind === 'custom' && typeof arrivals.generate !== 'function'
      ? [`Expected \`${field}.generate\` to be a function, got ${show(arrivals.generate)}`]
      : []),
    ...(kind === 'diurnal' ? thinningProblems(field, arrivals) : []),
  ]
}

/** Thinning draws candidates also where the rate is low, so their number must be bounded before the first one is drawn. */
function thinningProblems(field: string, { perSecond, until }: Readonly<Record<string, unknown>>): string[] {
  const mean = (Number(perSecond) * Number(until)) / 1000
  if (!(mean > mostCalls)) return []
  return [
    `Expected \`${field}\` to make at most ${mostCalls} calls, got \`perSecond\` × \`until\` = ${mean}: lower one of them`,
  ]
}
