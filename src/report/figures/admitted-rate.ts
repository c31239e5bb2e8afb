import type { Row } from '../../compare/comparison.ts'
import type { Series } from '../../compare/raw-result.ts'

/** About so many points over the longest run read well; a report with more would be heavy and tell nothing else. */
const points = 120

/** Length of a bin in whole seconds, the same for all rows of a case so that they compare. */
export function binFor(rows: readonly Row[]): number {
  const longest = Math.max(0, ...rows.map(({ series }) => series.admittedPerSecond.length))
  return Math.max(1, Math.ceil(longest / points))
}

/** Admitted requests a second, as the mean of each bin of `bin` seconds. */
export function admittedRate({ admittedPerSecond }: Series, bin: number): number[] {
  const rates = new Array<number>(Math.ceil(admittedPerSecond.length / bin)).fill(0)
  admittedPerSecond.forEach((admitted, second) => {
    rates[Math.floor(second / bin)]! += admitted / bin
  })
  return rates
}
