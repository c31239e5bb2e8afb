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
  // Any textbook's table.
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

  test('with one degree of freedom it is Cauchy’s: 1/2 + arctan(t)/π', () => {
    for (const t of [-50, -1, -0.1, 0, 0.3, 1, 7, 1000])
      expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12)
  })

  test('with two it is 1/2 + t / (2·√(2 + t²))', () => {
    for (const t of [-9, -0.5, 0, 0.5, 2, 30])
      expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12)
  })

  test.prop([fc.double({ min: -40, max: 40, noNaN: true }), fc.integer({ min: 1, max: 200 })])(
    'is symmetric, and its quantile undoes it',
    (t, df) => {
      const p = studentCdf(t, df)
      expect(p + studentCdf(-t, df)).toBeCloseTo(1, 12)
      if (p > 1e-6 && p < 1 - 1e-6 && Math.abs(t) < 10) expect(studentQuantile(p, df)).toBeCloseTo(t, 5)
    },
  )
})

describe('quantile', () => {
  test('nearest rank', () => {
    const five = [15, 20, 35, 40, 50]
    expect([0, 0.05, 0.2, 0.3, 0.4, 0.5, 1].map((p) => quantile(five, p))).toEqual([15, 15, 15, 20, 20, 35, 50])
  })

  test('a share that is a little over a whole rank in floating point is that rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1)
    const ranks = hundred.map((percent) => quantile(hundred, percent / 100))
    expect(ranks).toEqual(hundred)
  })

  test('of nothing is nothing', () => {
    expect(quantile([], 0.5)).toBeNaN()
  })

  test('failures are the upper tail', () => {
    const values = sorted(Float64Array.of(3, Infinity, 1, 2))
    expect([...values]).toEqual([1, 2, 3, Infinity])
    expect([0.5, 0.75, 0.76].map((p) => quantile(values, p))).toEqual([2, 3, Infinity])
  })

  test.prop([fc.integer({ min: 1, max: 3000 }), fc.nat(100)])(
    'is the first value that a share p does not exceed, to the letter',
    (n, percent) => {
      const ranks = Array.from({ length: n }, (_, i) => i + 1)
      // In whole numbers: the least rank k with 100·k >= percent·n.
      expect(quantile(ranks, percent / 100)).toBe(Math.max(1, Math.ceil((percent * n) / 100)))
    },
  )
})

describe('estimate', () => {
  test('mean and 95 % interval', () => {
    // The half width is t(0.975, 4)·s/√5 with s = √2.5.
    const { value, low, high } = estimate([1, 2, 3, 4, 5])
    expect(value).toBe(3)
    expect(low).toBeCloseTo(3 - 1.96324, 4)
    expect(high).toBeCloseTo(3 + 1.96324, 4)
  })

  test('one seed has no interval', () => {
    expect(estimate([7])).toEqual({ value: 7, low: Number.NaN, high: Number.NaN })
    expect(estimate([Infinity])).toEqual({ value: Infinity, low: Number.NaN, high: Number.NaN })
  })

  test('equal seeds have an interval without width', () => {
    expect(estimate([2, 2, 2])).toEqual({ value: 2, low: 2, high: 2 })
  })

  test('an infinite figure moves it to the median and its order statistics', () => {
    expect(estimate([1, 2, 3, Infinity, Infinity])).toEqual({ value: 3, low: 1, high: Infinity })
    expect(estimate([Infinity, Infinity, Infinity, 1]).value).toBe(Infinity)
    // 20 values: the 6th and the 15th (95.9 %).
    const twenty = Array.from({ length: 20 }, (_, i) => (i === 19 ? Infinity : i + 1))
    expect(estimate(twenty)).toEqual({ value: 10, low: 6, high: 15 })
    // 30 values: the 10th and the 21st (95.7 %).
    const thirty = Array.from({ length: 30 }, (_, i) => (i === 29 ? Infinity : i + 1))
    expect(estimate(thirty)).toEqual({ value: 15, low: 10, high: 21 })
    // 10 values: the 2nd and the 9th (97.9 %); 6 values: all (96.9 %).
    expect(estimate([...twenty.slice(0, 9), Infinity])).toEqual({ value: 5, low: 2, high: 9 })
    expect(estimate([1, 2, 3, 4, 5, Infinity])).toEqual({ value: 3, low: 1, high: Infinity })
  })

  test.prop([fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 30 })])(
    'the mean lies within its interval',
    (values) => {
      const { value, low, high } = estimate(values)
      expect(value).toBeCloseTo(mean(values), 6)
      expect(low <= value && value <= high).toBe(true)
    },
  )
})

describe('pairedTest', () => {
  test('against a worked example', () => {
    // Differences 1, 2, 3, 4: t = 2.5 / (1.29099 / 2) = 3.87298 with 3 degrees of freedom, p = 0.030466.
    expect(pairedTest([2, 4, 6, 8], [1, 2, 3, 4])).toBeCloseTo(0.030466, 5)
  })

  test('equal samples do not differ; a constant difference does', () => {
    expect(pairedTest([1, 2, 3], [1, 2, 3])).toBe(1)
    expect(pairedTest([1, 2, 3], [0, 1, 2])).toBe(0)
  })

  test('one pair says nothing', () => {
    expect(pairedTest([1], [2])).toBeNaN()
  })

  test('a tiny p-value is not lost in rounding', () => {
    const a = Array.from({ length: 30 }, (_, i) => 100 + (i % 2) * 1e-3)
    const p = pairedTest(
      a,
      a.map((_, i) => 50 + (i % 3) * 1e-3),
    )
    expect(p).toBeGreaterThan(0)
    expect(p).toBeLessThan(1e-100)
  })

  const sample = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 5, maxLength: 5 })
  test.prop([sample, sample])('does not care which comes first', (a, b) => {
    expect(pairedTest(a, b)).toBe(pairedTest(b, a))
  })

  test('pairs see what the spread between seeds hides', () => {
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
