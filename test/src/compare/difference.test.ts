import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { holm, pairedDifference, unpairedDifference } from '../../../src/compare/difference.ts'

/** The t of a two-sided 95 % interval for 1 to 9 degrees of freedom, from a textbook. */
const t95 = [12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216]

const figure = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 8)
const anyFigure = fc.oneof({ weight: 4, arbitrary: figure }, fc.constant(Infinity), fc.constant(Number.NaN))
const pairsOf = (values: fc.Arbitrary<number>) => fc.array(fc.tuple(values, values), { minLength: 2, maxLength: 10 })
const columns = (pairs: readonly (readonly [number, number])[]) =>
  [pairs.map(([a]) => a), pairs.map(([, b]) => b)] as const

describe('a difference of pairs', () => {
  test.prop([pairsOf(figure)])('has the interval that a textbook computes', (pairs) => {
    const n = pairs.length
    let sum = 0
    for (const [a, b] of pairs) sum += b - a
    let squares = 0
    for (const [a, b] of pairs) squares += (b - a - sum / n) * (b - a - sum / n)
    const half = (t95[n - 2]! * Math.sqrt(squares / (n - 1))) / Math.sqrt(n)
    const { value, low, high } = pairedDifference(...columns(pairs))
    expect(value).toBeCloseTo(sum / n, 9)
    expect(low).toBeCloseTo(sum / n - half, 2)
    expect(high).toBeCloseTo(sum / n + half, 2)
  })

  test.prop([pairsOf(figure)])('has p < 0.05 exactly when its interval leaves out zero', (pairs) => {
    const { low, high, p } = pairedDifference(...columns(pairs))
    if (Math.abs(p - 0.05) > 1e-9) expect(p < 0.05).toBe(low > 0 || high < 0)
  })

  test.prop([fc.array(anyFigure, { minLength: 2 })])('of a result from itself is 0', (values) => {
    const { value, low, high, p } = pairedDifference(values, values)
    const some = values.filter((each) => !Number.isNaN(each))
    if (some.length > 1) expect([value, low, high, p]).toEqual([0, 0, 0, 1])
    else expect(p).toBeNaN()
  })

  test('is certain when it is the same on every seed, even if it is infinite', () => {
    expect(pairedDifference([Infinity, Infinity], [3, 4])).toEqual({
      value: -Infinity,
      low: -Infinity,
      high: -Infinity,
      p: 0,
    })
    expect(pairedDifference([1, 2, 3], [2, 3, 4])).toEqual({ value: 1, low: 1, high: 1, p: 0 })
  })

  test('uses the sign test when some differences are infinite', () => {
    const before = [1, 2, 3, 4, 5, 6, 7, 8]
    const { value, low, high, p } = pairedDifference(before, [Infinity, 3, 4, 5, 6, 7, 8, 9])
    expect([value, low, high]).toEqual([1, 1, Infinity])
    expect(p).toBe(2 / 256)
    expect(pairedDifference([1, 2, 3, 4], [Infinity, 0, 0, 0]).p).toBe(2 * (5 / 16))
  })
})

describe('a difference of independent samples', () => {
  test('is Welch’s: an example', () => {
    // The p-value was computed by numerical integration of Student’s density, 27.89 degrees of freedom.
    const a = [27.5, 21, 19, 23.6, 17, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19, 21.7, 21.4]
    const b = [27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.6]
    const { value, low, high, p } = unpairedDifference(a, b)
    expect(value).toBeCloseTo(2.8466667, 6)
    expect(p).toBeCloseTo(0.00785644, 8)
    expect(low).toBeGreaterThan(0)
    expect((low + high) / 2).toBeCloseTo(value, 9)
  })

  test.prop([fc.array(figure, { minLength: 2, maxLength: 8 }), fc.array(figure, { minLength: 2, maxLength: 8 })])(
    'has the standard error and the degrees of freedom of Welch and Satterthwaite',
    (a, b) => {
      const spread = (values: readonly number[]) => {
        const middle = values.reduce((x, y) => x + y) / values.length
        return values.map((x) => (x - middle) ** 2).reduce((x, y) => x + y) / (values.length - 1) / values.length
      }
      const [va, vb] = [spread(a), spread(b)]
      fc.pre(va + vb > 0)
      const freedom = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1))
      const { value, low, high } = unpairedDifference(a, b)
      const t = (high - value) / Math.sqrt(va + vb)
      expect(high - value).toBeCloseTo(value - low, 6)
      // The t of the interval lies between those of the whole degrees of freedom around it.
      expect(t).toBeLessThanOrEqual((t95[Math.floor(freedom) - 1] ?? 2.3) + 1e-3)
      expect(t).toBeGreaterThanOrEqual((t95[Math.ceil(freedom) - 1] ?? 1.96) - 1e-3)
    },
  )

  test('with infinite values finds only samples that lie apart', () => {
    expect(unpairedDifference([Infinity, Infinity], [1, 2])).toMatchObject({ value: -Infinity, p: 0 })
    expect(unpairedDifference([1, 2, 3], [4, 5, Infinity]).p).toBe(2 / 20)
    expect(unpairedDifference([1, 2, 6], [4, 5, Infinity])).toMatchObject({ p: 1 })
    expect(unpairedDifference([1], [2])).toMatchObject({ value: 1, low: Number.NaN, p: Number.NaN })
    expect(unpairedDifference([Number.NaN], [2]).value).toBeNaN()
  })
})

test.prop([fc.array(anyFigure, { minLength: 2, maxLength: 9 }), fc.array(anyFigure, { minLength: 2, maxLength: 9 })])(
  'a difference changes only its sign when the results change places',
  (a, b) => {
    const n = Math.min(a.length, b.length)
    for (const [compare, x, y] of [
      [unpairedDifference, a, b],
      [pairedDifference, a.slice(0, n), b.slice(0, n)],
    ] as const) {
      const [there, back] = [compare(x, y), compare(y, x)]
      const minus = (value: number) => 0 - value
      const isMedian = compare === unpairedDifference && ![...x, ...y].every(Number.isFinite)
      if (!isMedian && !Number.isNaN(there.value)) expect(back.value).toBeCloseTo(minus(there.value), 9)
      if (!Number.isNaN(there.low)) expect(back.low).toBeCloseTo(minus(there.high), 9)
      if (Number.isNaN(there.p)) expect(back.p).toBeNaN()
      else expect(back.p).toBeCloseTo(there.p, 9)
    }
  },
)

describe('Holm’s correction', () => {
  test('multiplies the smallest by the number of tests, the next by one less, and never falls', () => {
    expect(holm([0.01, 0.04, 0.03, Number.NaN])).toEqual([0.03, 0.06, 0.06, Number.NaN])
    expect(holm([])).toEqual([])
    expect(holm([0.5, 0.6])).toEqual([1, 1])
  })

  test.prop([fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })])(
    'finds what its definition finds: go up from the smallest until one exceeds 0.05 ÷ the number of those left',
    (values) => {
      const ascending = [...values].sort((a, b) => a - b)
      const stop = ascending.findIndex((p, i) => p * (values.length - i) >= 0.05)
      const found = stop < 0 ? ascending : ascending.slice(0, stop)
      expect(holm(values).filter((p) => p < 0.05)).toHaveLength(found.length)
    },
  )
})
