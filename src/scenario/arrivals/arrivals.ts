import type { Millis } from '../../core/clock.ts'
import { exponential, type Random } from '../../core/random.ts'
import { poisson, renewals, thinned } from './point-processes.ts'

/**
 * The instants at which calls are meant to start. The loop is open: arrivals never wait for replies, except in the kind `closed`. Rates are
 * in calls a second, instants and durations in milliseconds; instants count from the run's start.
 */
export type Arrivals =
  /** All calls arrive at instant 0. */
  | { readonly kind: 'at-once'; readonly calls: number }
  /**
   * Workers share a list of calls. Each takes the next call, waits until it is settled, thinks for an exponential time with the mean
   * `think`, and takes another. A call arrives when a worker takes it, so only here do arrivals depend on replies.
   */
  | { readonly kind: 'closed'; readonly workers: number; readonly calls: number; readonly think: Millis }
  /** A Poisson process of one rate. */
  | { readonly kind: 'poisson'; readonly perSecond: number; readonly until: Millis }
  /**
   * A renewal process: the gaps between calls are independent and have a gamma distribution with the coefficient of variation `cv`. 1 is a
   * Poisson process, less is more even, more comes in clusters.
   */
  | { readonly kind: 'gamma'; readonly perSecond: number; readonly cv: number; readonly until: Millis }
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
  /**
   * A Poisson process with a daily course: its rate is perSecond × (1 + swing × cos(2π × (t − peak) ÷ period)). `perSecond` is the mean rate
   * over a period; `swing` is from 0, no course, to 1, where the rate falls to 0 half a period after the peak.
   */
  | {
      readonly kind: 'diurnal'
      readonly perSecond: number
      readonly swing: number
      readonly period: Millis
      readonly peak: Millis
      readonly until: Millis
    }
  /**
   * A Poisson process with a crowd: its rate is `perSecond`, and `factor` times as much from the instant `at` on, for the time `lasts`. Then
   * the excess decays exponentially: after each further `decay` it is 1/e of what it was. `decay` 0 ends it at once. A rate that stays high
   * for good is a `step`.
   */
  | {
      readonly kind: 'flash-crowd'
      readonly perSecond: number
      readonly factor: number
      readonly at: Millis
      readonly lasts: Millis
      readonly decay: Millis
      readonly until: Millis
    }
  /**
   * Conversations: they start as a Poisson process of the rate `perSecond`, and have a geometric number of turns with the mean `turns`. A turn
   * arrives an exponential time with the mean `pause` after the turn before it, whether or not that one is answered by then. Its prompt is
   * what the conversation has so far, prompts and answers, and the drawn prompt; of more than `context` tokens the oldest are left out.
   * No turn arrives at `until` or later.
   */
  | {
      readonly kind: 'sessions'
      readonly perSecond: number
      readonly turns: number
      readonly pause: Millis
      readonly context: number
      readonly until: Millis
    }
  /**
   * The arrivals of the recorded trace that is given to the run. `speed` 2 replays it in half the time. `factor` is the number of calls for
   * each row, by default 1: of 0.5 every other row is left out on average, and with 2.5 every row has two calls and every other one a third.
   * Further calls of a row arrive at random instants before the next row, so that bursts do not become steeper than the rate does.
   */
  | { readonly kind: 'trace'; readonly speed: number; readonly factor?: number }
  /** The instants that a function yields. They must be whole numbers, none smaller than the one before it. */
  | { readonly kind: 'custom'; generate(random: Random): Iterable<Millis> }

/** The arrivals that are instants alone, and need no trace. */
export type PlainArrivals = Exclude<Arrivals, { kind: 'trace' | 'sessions' }>

/**
 * Yields the instants of arrivals, one at a time, so an endless generator does no harm. In a closed loop they are the earliest that could be:
 * all at 0.
 */
export function* instants(arrivals: PlainArrivals, random: Random): Generator<Millis> {
  switch (arrivals.kind) {
    case 'at-once':
    case 'closed':
      for (let i = 0; i < arrivals.calls; i++) yield 0
      return
    case 'poisson':
      yield* poisson(arrivals.perSecond, 0, arrivals.until, random)
      return
    case 'gamma':
      yield* renewals(arrivals.perSecond, arrivals.cv, arrivals.until, random)
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
    case 'diurnal': {
      const { perSecond, swing, period, peak, until } = arrivals
      const rate = (at: Millis) => perSecond * (1 + swing * Math.cos((2 * Math.PI * (at - peak)) / period))
      yield* thinned(rate, () => perSecond * (1 + swing), 0, until, random)
      return
    }
    case 'flash-crowd':
      yield* flashCrowd(arrivals, random)
      return
    case 'custom':
      yield* arrivals.generate(random)
  }
}

function* flashCrowd(
  { perSecond, factor, at, lasts, decay, until }: Extract<Arrivals, { kind: 'flash-crowd' }>,
  random: Random,
): Generator<Millis> {
  yield* poisson(perSecond, 0, Math.min(at, until), random)
  const decayFrom = at + lasts
  yield* poisson(perSecond * factor, at, Math.min(decayFrom, until), random)
  const excess = (now: Millis) => (decay === 0 ? 0 : (factor - 1) * Math.exp((decayFrom - now) / decay))
  const rate = (now: Millis) => perSecond * (1 + excess(now))
  // The rate only falls from here on, so that of an instant is the most that follows.
  yield* thinned(rate, rate, decayFrom, until, random)
}
