import { isObject, number, oneOf, unknownFields } from '../checks/shape.ts'
import type { Millis } from '../core/clock.ts'
import { type Bounds, show } from '../core/expect.ts'
import { exponential, type Random } from '../core/random.ts'

/**
 * The instants at which calls are meant to start. The loop is open: arrivals never wait for replies. Rates are in calls a second,
 * instants and durations in milliseconds; instants count from the run's start.
 */
export type Arrivals =
  /** All calls arrive at instant 0. */
  | { readonly kind: 'at-once'; readonly calls: number }
  /** A Poisson process of one rate. */
  | { readonly kind: 'poisson'; readonly perSecond: number; readonly until: Millis }
  /** A Poisson process whose rate is `before` until the instant `at`, and `after` from then on. */
  | {
      readonly kind: 'step'
      readonly before: number
      readonly after: number
      readonly at: Millis
      readonly until: Millis
    }
  /**
   * A Poisson process that stops and starts again: it has the rate `perSecond` during on-times and no arrivals during off-times.
   * On-times and off-times alternate; their lengths are exponential with the means `on` and `off`.
   */
  | {
      readonly kind: 'on-off'
      readonly perSecond: number
      readonly on: Millis
      readonly off: Millis
      readonly until: Millis
    }
  /** The arrivals of the recorded trace that is given to the run. `speed` 2 replays it in half the time. */
  | { readonly kind: 'trace'; readonly speed: number }
  /** The instants that a function yields. They must be whole numbers, none smaller than the one before it. */
  | { readonly kind: 'custom'; generate(random: Random): Iterable<Millis> }

const positive: Bounds = { above: 0 }
/** Simulated time has whole milliseconds, and shorter means would make the number of alternations endless. */
const meanTime: Bounds = { atLeast: 1 }
const fields: Record<Arrivals['kind'], Readonly<Record<string, Bounds>>> = {
  'at-once': { calls: { atLeast: 1, atMost: 20_000_000, whole: true } },
  poisson: { perSecond: positive, until: positive },
  step: { before: { atLeast: 0 }, after: { atLeast: 0 }, at: positive, until: positive },
  'on-off': { perSecond: positive, on: meanTime, off: meanTime, until: positive },
  trace: { speed: positive },
  custom: {},
}

/** Returns a sentence for each problem with a description of arrivals. */
export function arrivalProblems(field: string, arrivals: unknown): string[] {
  if (!isObject(arrivals)) return [`Expected \`${field}\` to be an object, got ${show(arrivals)}`]
  const { kind } = arrivals
  const kindProblems = oneOf(Object.keys(fields))(`${field}.kind`, kind)
  if (kindProblems.length > 0) return kindProblems
  const bounds = fields[kind as Arrivals['kind']]
  const generator = kind === 'custom' ? ['generate'] : []
  return [
    ...unknownFields(field, arrivals, ['kind', ...Object.keys(bounds), ...generator]),
    ...Object.entries(bounds).flatMap(([name, bound]) => number(bound)(`${field}.${name}`, arrivals[name])),
    ...(kind === 'custom' && typeof arrivals.generate !== 'function'
      ? [`Expected \`${field}.generate\` to be a function, got ${show(arrivals.generate)}`]
      : []),
  ]
}

/** Yields the instants of arrivals that need no trace. They are drawn one at a time, so an endless generator does no harm. */
export function* instants(arrivals: Exclude<Arrivals, { kind: 'trace' }>, random: Random): Generator<Millis> {
  switch (arrivals.kind) {
    case 'at-once':
      for (let i = 0; i < arrivals.calls; i++) yield 0
      return
    case 'poisson':
      yield* poisson(arrivals.perSecond, 0, arrivals.until, random)
      return
    case 'step':
      yield* poisson(arrivals.before, 0, Math.min(arrivals.at, arrivals.until), random)
      yield* poisson(arrivals.after, arrivals.at, arrivals.until, random)
      return
    case 'on-off': {
      for (let from = 0; from < arrivals.until; ) {
        const on = exponential(arrivals.on, random)
        yield* poisson(arrivals.perSecond, from, Math.min(from + on, arrivals.until), random)
        from += on + exponential(arrivals.off, random)
      }
      return
    }
    case 'custom':
      yield* arrivals.generate(random)
  }
}

function* poisson(perSecond: number, from: Millis, until: Millis, random: Random): Generator<Millis> {
  if (perSecond === 0) return
  for (let at = from; ; ) {
    at += exponential(1000 / perSecond, random)
    if (at >= until) return
    yield Math.floor(at)
  }
}
