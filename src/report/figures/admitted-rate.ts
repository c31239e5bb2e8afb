import type { Row } from '../../compare/comparison.ts'
import type { Series } from '../../compare/raw-result.ts'
import { maximum } from '../../core/extremes.ts'

/** The greatest number of bins of a curve. More would make a report larger, and no easier to read. */
const wantedBins = 120

/** The length of a bin in whole seconds. It is the same for all rows of a case, so that their curves can be compared. */
export function binSeconds(rows: readonly Row[]): number {
  const longest = maximum(
    rows.map(({ series }) => series.admittedPerSecond.length),
    0,
  )
  return Math.max(1, Math.ceil(longest / wantedBins))
}

/** The admitted attempts a second, averaged over each bin of `bin` seconds. */
export function admittedRate({ admittedPerSecond }: Series, bin: number): number[] {
  const rates = new Array<number>(Math.ceil(admittedPerSecond.length / bin)).fill(0)
  admittedPerSecond.forEach((admitted, second) => {
    rates[Math.floor(second / bin)]! += admitted / bin
  })
  return rates
}
