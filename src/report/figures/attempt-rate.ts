import type { Row } from '../../compare/comparison.ts'
import { maximum } from '../../core/extremes.ts'

/** The greatest number of bins of a curve. More would make a report larger, and no easier to read. */
const wantedBins = 120

/** The length of a bin in whole seconds. It is the same for all rows of a case, so that their curves can be compared. */
export function binSeconds(rows: readonly Row[]): number {
  const longest = maximum(
    rows.flatMap(({ series }) => [series.admittedPerSecond.length, series.deniedPerSecond.length]),
    0,
  )
  return Math.max(1, Math.ceil(longest / wantedBins))
}

/** Attempts a second, averaged over each bin of `bin` seconds. */
export function attemptRate(perSecond: readonly number[], bin: number): number[] {
  const rates = new Array<number>(Math.ceil(perSecond.length / bin)).fill(0)
  perSecond.forEach((attempts, second) => {
    rates[Math.floor(second / bin)]! += attempts / bin
  })
  return rates
}
