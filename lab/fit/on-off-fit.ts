import type { Arrivals } from '../../src/scenario/arrivals/arrivals.ts'
import { significant } from './significant.ts'

/** What an on-off process is fitted to. */
export interface OnOffFigures {
  readonly perSecond: number
  /** The indices of dispersion of counts a second and a minute. */
  readonly second: number
  readonly minute: number
}

/**
 * The Poisson process that stops and starts again with this mean rate m and these indices of dispersion. With on-times that end at the rate a
 * and off-times that end at the rate b, s = a + b, and the rate λ while it is on,
 *
 *   m = λ·b ÷ s,  IDC(t) = 1 + (2·λ·a ÷ s²) × g(s·t),  g(x) = 1 − (1 − e^−x) ÷ x,
 *
 * so the ratio of the two excesses over 1 gives s, and then λ = m + λ·a ÷ s. Undefined where no such process has these figures.
 */
export function onOffFit({ perSecond, second, minute }: OnOffFigures) {
  const ratio = (minute - 1) / (second - 1)
  const ratioAt = (s: number) => g(60 * s) / g(s)
  // The ratio falls from 60, for the slowest alternation, to 1.
  let [low, high] = [1e-6, 1e3]
  if (!(second > 1 && ratio < ratioAt(low) && ratio > ratioAt(high))) return undefined
  while (high / low > 1 + 1e-9) {
    const middle = Math.sqrt(low * high)
    if (ratioAt(middle) > ratio) low = middle
    else high = middle
  }
  const s = low
  const excess = (((minute - 1) / g(60 * s)) * s) / 2
  const rate = perSecond + excess
  const lengthOf = (part: number) => Math.max(1, Math.round((1000 * rate) / (part * s)))
  return {
    kind: 'on-off',
    perSecond: significant(rate),
    on: lengthOf(excess),
    off: lengthOf(perSecond),
  } satisfies Omit<Extract<Arrivals, { kind: 'on-off' }>, 'until'>
}

/** The difference 1 − (1 − e^−x) ÷ x. For a small x it is x ÷ 2, since the terms of the difference lose their digits. */
function g(x: number): number {
  return x < 1e-4 ? x / 2 : 1 + Math.expm1(-x) / x
}
