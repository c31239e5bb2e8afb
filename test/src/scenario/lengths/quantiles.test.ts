import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { meanTokens, quantilesCheck, tokensAt } from '../../../../src/scenario/lengths/quantiles.ts'

const tables = fc
  .array(fc.integer({ min: 0, max: 100_000 }), { minLength: 2, maxLength: 30 })
  .map((tokens) => tokens.toSorted((a, b) => a - b))

describe('tokensAt', () => {
  test.prop([tables])('is each quantile at its own probability', (quantiles) => {
    for (const [i, tokens] of quantiles.entries()) expect(tokensAt(quantiles, i / (quantiles.length - 1))).toBe(tokens)
  })

  test.prop([tables, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })])(
    'is whole, within the table, and never falls as the probability rises',
    (quantiles, p, q) => {
      const [low, high] = [tokensAt(quantiles, Math.min(p, q)), tokensAt(quantiles, Math.max(p, q))]
      expect(Number.isSafeInteger(low) && low >= quantiles[0]! && high <= quantiles.at(-1)! && low <= high).toBe(true)
    },
  )

  test('the tail is thin: half of its calls are within an eighth of the way, by the logarithm', () => {
    expect(tokensAt([1, 100, 100 * 2 ** 8], 0.75)).toBe(200)
  })
})

test('the mean is that of many draws, cut at the most', () => {
  const table = [0, 10, 20, 1000]
  const draws = Array.from({ length: 30_000 }, (_, i) => tokensAt(table, (i + 0.5) / 30_000))
  for (const most of [15, 400, Infinity]) {
    const mean = draws.reduce((sum, tokens) => sum + Math.min(most, tokens), 0) / draws.length
    expect(meanTokens(table, most) / mean).toBeCloseTo(1, 2)
  }
})

describe('quantilesCheck', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['no list', 5, ['Expected `q` to be a list, got 5']],
    ['one number', [5], ['Expected `q` to have at least 2 quantiles, the least and the greatest, got 1']],
    ['falling', [1, 5, 4], ['Expected `q[2]` to be at least the quantile before it, 5, got 4']],
    ['an empty prompt', [0, 5], ['Expected `q[0]` to be >= 1 and <= 10000000, got 0']],
    ['not whole', [1, 2.5], ['Expected `q[1]` to be a whole number >= 1 and <= 10000000, got 2.5']],
    ['no number', [1, Number.NaN], ['Expected `q[1]` to be a whole number >= 1 and <= 10000000, got NaN']],
    ['too long', new Array(1002).fill(1), ['Expected `q` to have at most 1001 items, got 1002']],
  ])('refuses %s', (_what, value, problems) => {
    expect(quantilesCheck(1)('q', value)).toEqual(problems)
  })
})
