import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { holm, pairedDifference, unpairedDifference } from '../../../src/compare/difference.ts'
import { estimate } from '../../../src/compare/statistics.ts'

const figure = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 8)
const anyFigure = fc.oneof({ weight: 4, arbitrary: figure }, fc.constant(Infinity), fc.constant(Number.NaN))
const pairsOf = (values: fc.Arbitrary<number>) => fc.array(fc.tuple(values, values), { minLength: 2, maxLength: 12 })
const columns = (pairs: readonly (readonly [number, number])[]) =>
  [pairs.map(([a]) => a), pairs.map(([, b]) => b)] as const

describe('a difference of pairs', () => {
  test.prop([pairsOf(figure)])('is the median of the differences with the interval of the median', (pairs) => {
    const differences = pairs.map(([a, b]) => b - a)
    fc.pre(new Set(differences).size > 1)
    const { value, low, high } = pairedDifference(...columns(pairs))
    const ascending = [...differences].sort((a, b) => a - b)
    const n = ascending.length
    // It lies between the two in the middle.
    expect(value >= Math.min(0, ascending[Math.ceil(n / 2) - 1]!)).toBe(true)
    expect(differences.filter((each) => each < value).length).toBeLessThanOrEqual(n / 2)
    expect(differences.filter((each) => each > value).length).toBeLessThanOrEqual(n / 2)
    const expected = estimate(differences)
    expect([low, high]).toEqual([expected.low, expected.high])
  })

  test('has the p-value of the paired t-test', () => {
    // The differences are 1, 2, 3, 4, so t = 2.5 / (1.29099 / 2) = 3.87298 with 3 degrees of freedom.
    expect(pairedDifference([1, 2, 3, 4], [2, 4, 6, 8]).p).toBeCloseTo(0.030466, 5)
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
  const a = [27.5, 21, 19, 23.6, 17, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19, 21.7, 21.4]
  const b = [27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.6]

  test('has the p-value of Welch’s test: an example', () => {
    // It was computed by numerical integration of Student’s density, 27.89 degrees of freedom.
    expect(unpairedDifference(a, b).p).toBeCloseTo(0.00785644, 8)
  })

  test('is the shift of Hodges and Lehmann with the interval of Mann and Whitney: an example', () => {
    const all = b.flatMap((after) => a.map((before) => after - before)).sort((x, y) => x - y)
    // 225 differences; 112.5 − 1.96·√(225·31 / 12) = 65.2, so the interval is from the 65th to the 161st.
    const { value, low, high } = unpairedDifference(a, b)
    expect(value).toBeCloseTo(all[112]!, 12)
    expect([low, high]).toEqual([all[64], all[160]])
  })

  test('has no interval when there are too few seeds for one', () => {
    expect(unpairedDifference([1, 2, 3], [2, 3, 5, 8]).low).toBeNaN()
    expect(unpairedDifference([1, 2, 3, 4], [5, 6, 7, 8])).toMatchObject({ low: 1, high: 7 })
  })

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
      if (!Number.isNaN(there.value)) expect(back.value).toBeCloseTo(minus(there.value), 9)
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
