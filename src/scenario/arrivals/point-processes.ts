import type { Millis } from '../../core/clock.ts'
import { exponential, gamma, type Random } from '../../core/random.ts'

// A point process yields the instants of calls one at a time, so an endless one does no harm. Rates are in calls a second, instants
// and durations in milliseconds.

/** A Poisson process of one rate. */
export function* poisson(perSecond: number, from: Millis, until: Millis, random: Random): Generator<Millis> {
  if (perSecond === 0) return
  for (let at = from; ; ) {
    at += exponential(1000 / perSecond, random)
    if (at >= until) return
    yield Math.floor(at)
  }
}

/** A renewal process whose gaps have a gamma distribution with this coefficient of variation. The first gap begins at 0. */
export function* renewals(perSecond: number, cv: number, until: Millis, random: Random): Generator<Millis> {
  const shape = 1 / cv ** 2
  const mean = 1000 / perSecond
  for (let at = 0; ; ) {
    at += (mean / shape) * gamma(shape, random)
    if (at >= until) return
    yield Math.floor(at)
  }
}

/**
 * A Poisson process whose rate changes with time, by thinning (Lewis and Shedler, 1979): candidates come with the rate `most(at)`, which the
 * rate never exceeds from the instant `at` until the next candidate, and each is kept with the probability rate ÷ most.
 */
export function* thinned(
  rate: (at: Millis) => number,
  most: (at: Millis) => number,
  from: Millis,
  until: Millis,
  random: Random,
): Generator<Millis> {
  for (let at = from; ; ) {
    const bound = most(at)
    at += exponential(1000 / bound, random)
    // A rate that has fallen to 0 gives an infinite gap, or none that is a number.
    if (!(at < until)) return
    if (random.next() * bound < rate(at)) yield Math.floor(at)
  }
}
