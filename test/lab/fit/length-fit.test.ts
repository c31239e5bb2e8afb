import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { lengthFit, ofLogNormal, ofQuantiles } from '../../../lab/fit/length-fit.ts'
import { seeded } from '../../../src/core/random.ts'
import { type DrawnLengths, lengthOf } from '../../../src/scenario/lengths/lengths.ts'
import { quantilesCheck, tokensAt } from '../../../src/scenario/lengths/quantiles.ts'

const draw = (lengths: DrawnLengths, calls: number) =>
  Float64Array.from({ length: calls }, (_, call) => lengthOf(lengths, call, seeded(7)).prompt)

describe('lengthFit', () => {
  test('finds the log-normal from which lengths were drawn', () => {
    const prompt = { median: 600, spread: 0.8, most: 100_000 }
    const { logNormal, distances, mean } = lengthFit(draw({ kind: 'log-normal', prompt, output: prompt }, 20_000))
    expect(logNormal.median / 600).toBeCloseTo(1, 1)
    expect(logNormal.spread).toBeCloseTo(0.8, 1)
    expect(mean / (600 * Math.exp(0.32))).toBeCloseTo(1, 1)
    // 1.95 ÷ √n is crossed by chance once in a thousand samples, and here the median and the spread are fitted too.
    expect(distances.logNormal).toBeLessThan(1.95 / Math.sqrt(20_000))
  })

  test('finds the quantiles from which lengths were drawn, where a log-normal is far', () => {
    const prompt = Array.from({ length: 21 }, (_, i) => (i < 10 ? 100 + i : 5000 + 10 * i))
    const { quantiles, distances } = lengthFit(draw({ kind: 'quantiles', prompt, output: prompt }, 20_000))
    // At the jump itself a little chance decides.
    for (const [i, tokens] of quantiles.entries()) if (i < 9 || i > 10) expect(tokens / prompt[i]!).toBeCloseTo(1, 1)
    // At each 5th percentile the table has the share of the lengths, so it is never farther than that.
    expect(distances.quantiles).toBeLessThanOrEqual(0.05)
    expect(distances.logNormal).toBeGreaterThan(0.2)
  })

  test.prop([fc.array(fc.nat(10_000_000), { minLength: 1, maxLength: 60 })])(
    'gives quantiles that a scenario accepts, and finite figures, for any lengths',
    (tokens) => {
      const { quantiles, logNormal, distances } = lengthFit(tokens)
      expect(quantilesCheck(0)('q', quantiles)).toEqual([])
      expect([quantiles[0], quantiles[20]]).toEqual([Math.min(...tokens), Math.max(...tokens)])
      expect(logNormal.median).toBeGreaterThan(0)
      for (const distance of Object.values(distances)) expect(distance >= 0 && distance <= 1).toBe(true)
    },
  )
})

const table = fc.array(fc.nat(500), { minLength: 2, maxLength: 8 }).map((all) => all.toSorted((a, b) => a - b))

test.prop([table, fc.nat(510)])(
  'the share of draws from a table up to a length is that of many draws',
  (quantiles, most) => {
    const draws = 4000
    const below = Array.from({ length: draws }, (_, i) => tokensAt(quantiles, (i + 0.5) / draws)).filter(
      (t) => t <= most,
    )
    expect(Math.abs(ofQuantiles(quantiles)(most) - below.length / draws)).toBeLessThanOrEqual(1.5 / draws)
  },
)

test('the share of a log-normal without spread steps at its median', () => {
  const share = ofLogNormal({ median: 42, spread: 0, most: 100 })
  expect([0, 41, 42, 99, 100].map(share)).toEqual([0, 0, 1, 1, 1])
})
