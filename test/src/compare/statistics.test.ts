import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import {
  estimate,
  mean,
  pairedTest,
  quantile,
  sorted,
  studentCdf,
  studentQuantile,
} from '../../../src/compare/statistics.ts'

describe('Student’s t', () => {
  // These values are in the tables of textbooks.
  test.each([
    [0.975, 1, 12.7062],
    [0.975, 2, 4.30265],
    [0.975, 4, 2.77645],
    [0.975, 9, 2.26216],
    [0.975, 19, 2.09302],
    [0.975, 29, 2.04523],
    [0.975, 120, 1.97993],
    [0.975, 1e6, 1.95997],
    [0.95, 10, 1.81246],
    [0.995, 5, 4.03214],
    [0.5, 7, 0],
    [0.025, 9, -2.26216],
  ])('the %f quantile with %i degrees of freedom is %f', (p, df, t) => {
    expect(studentQuantile(p, df)).toBeCloseTo(t, 4)
  })

  test('with one degree of freedom P(T <= t) is that of Cauchy’s distribution: 1/2 + arctan(t)/π', () => {
    for (const t of [-50, -1, -0.1, 0, 0.3, 1, 7, 1000])
      expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12)
  })

  test('with two degrees of freedom P(T <= t) is 1/2 + t / (2·√(2 + t²))', () => {
    for (const t of [-9, -0.5, 0, 0.5, 2, 30])
      expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12)
  })

  test.prop([fc.double({ min: -40, max: 40, noNaN: true }), fc.integer({ min: 1, max: 200 })])(
    'is symmetric, and its quantile is the inverse of P(T <= t)',
    (t, df) => {
      const p = studentCdf(t, df)
      expect(p + studentCdf(-t, df)).toBeCloseTo(1, 12)
      if (p > 1e-6 && p < 1 - 1e-6 && Math.abs(t) < 10) expect(studentQuantile(p, df)).toBeCloseTo(t, 5)
    },
  )
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
  test('is the mean with its 95 % interval', () => {
    // The half width is t(0.975, 4)·s/√5 with s = √2.5.
    const { value, low, high } = estimate([1, 2, 3, 4, 5])
    expect(value).toBe(3)
    expect(low).toBeCloseTo(3 - 1.96324, 4)
    expect(high).toBeCloseTo(3 + 1.96324, 4)
  })

  test('has no interval for one seed', () => {
    expect(estimate([7])).toEqual({ value: 7, low: Number.NaN, high: Number.NaN })
    expect(estimate([Infinity])).toEqual({ value: Infinity, low: Number.NaN, high: Number.NaN })
  })

  test('has an interval without width when all values are equal', () => {
    expect(estimate([2, 2, 2])).toEqual({ value: 2, low: 2, high: 2 })
  })

  test('is the median with an interval of order statistics when a value is infinite', () => {
    expect(estimate([1, 2, 3, Infinity, Infinity])).toEqual({ value: 3, low: 1, high: Infinity })
    expect(estimate([Infinity, Infinity, Infinity, 1]).value).toBe(Infinity)
    // For 20 values the interval is from the 6th to the 15th (95.9 %).
    const twenty = Array.from({ length: 20 }, (_, i) => (i === 19 ? Infinity : i + 1))
    expect(estimate(twenty)).toEqual({ value: 10, low: 6, high: 15 })
    // For 30 values it is from the 10th to the 21st (95.7 %).
    const thirty = Array.from({ length: 30 }, (_, i) => (i === 29 ? Infinity : i + 1))
    expect(estimate(thirty)).toEqual({ value: 15, low: 10, high: 21 })
    // For 10 values it is from the 2nd to the 9th (97.9 %), for 6 values the whole range (96.9 %).
    expect(estimate([...twenty.slice(0, 9), Infinity])).toEqual({ value: 5, low: 2, high: 9 })
    expect(estimate([1, 2, 3, 4, 5, Infinity])).toEqual({ value: 3, low: 1, high: Infinity })
  })

  test.prop([fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 30 })])(
    'has the mean within its interval',
    (values) => {
      const { value, low, high } = estimate(values)
      expect(value).toBeCloseTo(mean(values), 6)
      expect(low <= value && value <= high).toBe(true)
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
