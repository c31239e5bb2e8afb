import { describe, expect, test } from 'vitest'
import { pairedDifference, unpairedDifference } from '../../../src/compare/difference.ts'
import { estimate } from '../../../src/compare/statistics.ts'
import { seeded } from '../../../src/core/random.ts'

// An interval of 95 % contains the true figure in 95 of 100 studies, whatever the distribution of the figure over the seeds is. Here the
// true figure is known, and many studies are simulated.

/** A distribution with its true median. `draw` gets a draw from [0, 1), and another one for mixtures. */
interface Distribution {
  readonly name: string
  readonly median: number
  draw(u: number, v: number): number
}

const distributions: readonly Distribution[] = [
  { name: 'normal', median: 0, draw: (u, v) => Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v) },
  { name: 'exponential', median: Math.LN2, draw: (u) => -Math.log(1 - u) },
  // One seed in ten has a straggler that decides the figure: its true median is the 5/9 quantile of the others, from above.
  { name: 'with stragglers', median: 4 / 9, draw: (u, v) => (v < 0.1 ? -50 * u : u) },
  { name: 'without a mean', median: 0, draw: (u) => Math.tan(Math.PI * (u - 0.5)) },
  { name: 'with seeds that never end', median: 0.625, draw: (u, v) => (v < 0.2 ? Infinity : u) },
]

const studies = 4000
const random = seeded(2026).fork('coverage')

/** The share of simulated studies whose interval contains the true figure. */
function coverage(truth: number, interval: () => { readonly low: number; readonly high: number }): number {
  let covered = 0
  for (let study = 0; study < studies; study++) {
    const { low, high } = interval()
    if (low <= truth && truth <= high) covered++
  }
  return covered / studies
}

/** Of 4,000 studies the share has a standard error of 0.35 percentage points. */
function expectCoverage(share: number, what: string): void {
  expect(share, what).toBeGreaterThan(0.92)
  expect(share, what).toBeLessThan(0.98)
}

const sample = ({ draw }: Distribution, n: number) =>
  Array.from({ length: n }, () => draw(random.next(), random.next()))

describe.each(distributions)('figures $name', (distribution) => {
  test.each([6, 7, 8, 10, 11, 14, 20, 30, 50])('are covered by the interval of %i seeds in 95 of 100 studies', (n) => {
    expectCoverage(
      coverage(distribution.median, () => estimate(sample(distribution, n))),
      `${n} seeds`,
    )
  })
})

test.each([6, 10, 20])('differences of %i pairs are covered, with a straggler in one of ten', (n) => {
  const [, , stragglers] = distributions
  const share = coverage(stragglers!.median, () => {
    const before = Array.from({ length: n }, () => 100 * random.next())
    const differences = sample(stragglers!, n)
    return pairedDifference(
      before,
      before.map((value, i) => value + differences[i]!),
    )
  })
  expectCoverage(share, `${n} pairs`)
})

test.each([
  [6, 6],
  [10, 20],
  [20, 20],
])('a shift between %i and %i seeds without pairs is covered', (n, m) => {
  for (const distribution of distributions.slice(0, 3)) {
    const share = coverage(7, () =>
      unpairedDifference(
        sample(distribution, n),
        sample(distribution, m).map((value) => value + 7),
      ),
    )
    expectCoverage(share, `${distribution.name}, ${n} and ${m} seeds`)
  }
})
