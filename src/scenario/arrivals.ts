import { isObject, number, oneOf, unknownFields } from '../checks/shape.ts'
import type { Millis } from '../core/clock.ts'
import { type Bounds, show } from '../core/expect.ts'
import { exponential, type Random } from '../core/random.ts'

/** When calls are meant to start. Open loop: arrivals never wait for replies. Rates are calls a second, instants milliseconds. */
export type Arrivals =
  | { readonly kind: 'at-once'; readonly calls: number }
  | { readonly kind: 'poisson'; readonly perSecond: number; readonly until: Millis }
  /** Poisson at one rate, then at another. */
  | {
      readonly kind: 'step'
      readonly before: number
      readonly after: number
      readonly at: Millis
      readonly until: Millis
    }
  /** Poisson at `perSecond` during exponential on-times of mean `on`, silent during exponential off-times of mean `off`. */
  | {
      readonly kind: 'on-off'
      readonly perSecond: number
      readonly on: Millis
      readonly off: Millis
      readonly until: Millis
    }
  /** From the recorded trace that the run is given; `speed` 2 replays it in half the time. */
  | { readonly kind: 'trace'; readonly speed: number }
  /** Anything else: whole, ascending instants. */
  | { readonly kind: 'custom'; generate(random: Random): Iterable<Millis> }

const positive: Bounds = { above: 0 }
const fields: Record<Arrivals['kind'], Readonly<Record<string, Bounds>>> = {
  'at-once': { calls: { atLeast: 1, atMost: 20_000_000, whole: true } },
  poisson: { perSecond: positive, until: positive },
  step: { before: { atLeast: 0 }, after: { atLeast: 0 }, at: positive, until: positive },
  'on-off': { perSecond: positive, on: positive, off: positive, until: positive },
  trace: { speed: positive },
  custom: {},
}

/** Every problem with a description of arrivals. */
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

/** The instants of a description that needs no trace, lazily. */
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
