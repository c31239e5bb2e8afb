import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { estimate, leastSeeds, pairedTest, quantile, sorted, studentCdf } from '../../../src/compare/statistics.ts'

describe('Student’s t', () => {
  // These values are in the tables of textbooks.
  test.each([
    [0.975, 1, 12.7062],
    [0.975, 2, 4.30265],
    [0.975, 9, 2.26216],
    [0.975, 19, 2.09302],
    [0.975, 120, 1.97993],
    [0.975, 1e6, 1.95997],
    [0.995, 5, 4.03214],
    [0.5, 7, 0],
  ])('P(T <= t) is %f with %i degrees of freedom for t = %f', (p, df, t) => {
    expect(studentCdf(t, df)).toBeCloseTo(p, 5)
    expect(studentCdf(-t, df)).toBeCloseTo(1 - p, 5)
  })

  test('with one degree of freedom P(T <= t) is that of Cauchy’s distribution: 1/2 + arctan(t)/π', () => {
    for (const t of [-50, -1, -0.1, 0, 0.3, 1, 7, 1000])
      expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12)
  })

  test('with two degrees of freedom P(T <= t) is 1/2 + t / (2·√(2 + t²))', () => {
    for (const t of [-9, -0.5, 0, 0.5, 2, 30])
      expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12)
  })
})

describe('quantile', () => {
  test('is that of the nearest rank', () => {
    const five = [15, 20, 35, 40, 50]
    expect([0, 0.05, 0.2, 0.3, 0.4, 0.5, 1].map((p) => quantile(five, p))).toEqual([15, 15, 15, 20, 20, 35, 50])
  })

  test('ignores rounding errors that lift a share a little above a whole rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1)
    const ranks = hundred.map((percent) => quantile(hundred, percent / 100))
    expect(ranks).toEqual(hundred)
  })

  test('of an empty sample is NaN', () => {
    expect(quantile([], 0.5)).toBeNaN()
  })

  test('counts infinite values as the greatest', () => {
    const values = sorted(Float64Array.of(3, Infinity, 1, 2))
    expect([...values]).toEqual([1, 2, 3, Infinity])
    expect([0.5, 0.75, 0.76].map((p) => quantile(values, p))).toEqual([2, 3, Infinity])
  })

  test.prop([fc.integer({ min: 1, max: 3000 }), fc.nat(100)])(
    'is the smallest value that at least a share p of the sample does not exceed',
    (n, percent) => {
      const ranks = Array.from({ length: n }, (_, i) => i + 1)
      // In whole numbers this is the least rank k with 100·k >= percent·n.
      expect(quantile(ranks, percent / 100)).toBe(Math.max(1, Math.ceil((percent * n) / 100)))
    },
  )
})

describe('estimate', () => {
  test('is the median', () => {
    expect(estimate([5, 1, 4, 2, 3]).value).toBe(3)
    expect(estimate([4, 1, 3, 2]).value).toBe(2)
    expect(estimate([Infinity, Infinity, Infinity, 1]).value).toBe(Infinity)
  })

  test('has no interval for fewer than six seeds, even if they agree', () => {
    for (const values of [[7], [Infinity], [2, 2, 2], [1, 2, 3, 4, 5]]) {
      const { low, high } = estimate(values)
      expect([low, high]).toEqual([Number.NaN, Number.NaN])
    }
    expect(estimate([1, 2, 3, 4, 5, 6])).not.toMatchObject({ low: Number.NaN })
    expect(leastSeeds).toBe(6)
  })

  test('has an interval without width when all values are equal', () => {
    expect(estimate(new Array(6).fill(2))).toEqual({ value: 2, low: 2, high: 2 })
  })

  test('ends between the values that a table of order statistics gives: of 20 between the 6th and 7th, and the 14th and 15th', () => {
    const twenty = Array.from({ length: 20 }, (_, i) => i + 1)
    const { value, low, high } = estimate(twenty)
    expect(value).toBe(10)
    // I = (0.95861 − 0.95) / (0.95861 − 0.88468) = 0.11648, and (20 − 6)·I / (6 + 8·I) = 0.23524.
    expect(low).toBeCloseTo(6.23524, 4)
    expect(high).toBeCloseTo(14.76476, 4)
    // One seed without an end does not spoil it.
    expect(estimate([...twenty.slice(0, 19), Infinity])).toEqual({ value, low, high })
  })

  test('ends at a value when the next one is infinite', () => {
    expect(estimate([1, 2, 3, 4, 5, Infinity]).high).toBe(Infinity)
    expect(estimate([1, Infinity, Infinity, Infinity, Infinity, Infinity])).toMatchObject({ low: 1, high: Infinity })
  })

  test.prop([fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 6, maxLength: 40 })])(
    'has the median within its interval, and changes only its sign when the values do',
    (values) => {
      const { value, low, high } = estimate(values)
      expect(low <= value && value <= high).toBe(true)
      const mirrored = estimate(values.map((each) => -each))
      expect(mirrored.low).toBeCloseTo(-high, 9)
      expect(mirrored.high).toBeCloseTo(-low, 9)
    },
  )
})

describe('pairedTest', () => {
  test('gives the p-value of a worked example', () => {
    // The differences are 1, 2, 3, 4, so t = 2.5 / (1.29099 / 2) = 3.87298 with 3 degrees of freedom, and p = 0.030466.
    expect(pairedTest([2, 4, 6, 8], [1, 2, 3, 4])).toBeCloseTo(0.030466, 5)
  })

  test('is 1 for equal samples and 0 for a constant difference', () => {
    expect(pairedTest([1, 2, 3], [1, 2, 3])).toBe(1)
    expect(pairedTest([1, 2, 3], [0, 1, 2])).toBe(0)
  })

  test('is NaN for one pair', () => {
    expect(pairedTest([1], [2])).toBeNaN()
  })

  test('does not round a tiny p-value to 0', () => {
    const a = Array.from({ length: 30 }, (_, i) => 100 + (i % 2) * 1e-3)
    const p = pairedTest(
      a,
      a.map((_, i) => 50 + (i % 3) * 1e-3),
    )
    expect(p).toBeGreaterThan(0)
    expect(p).toBeLessThan(1e-100)
  })

  const sample = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 5, maxLength: 5 })
  test.prop([sample, sample])('is the same in either order of the samples', (a, b) => {
    expect(pairedTest(a, b)).toBe(pairedTest(b, a))
  })

  test('finds a difference that is small against the spread between seeds', () => {
    const seeds = [10, 50, 90, 30, 70]
    const jitter = [0.1, -0.1, 0.2, 0, -0.1]
    expect(
      pairedTest(
        seeds,
        seeds.map((value, i) => value - 1 + jitter[i]!),
      ),
    ).toBeLessThan(0.001)
  })
})
