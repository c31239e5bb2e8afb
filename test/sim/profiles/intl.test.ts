import { describe, expect, test } from 'vitest'
import { cnBeijing } from '../../../sim/profiles/cn-beijing.ts'
import { intl } from '../../../sim/profiles/intl.ts'

/** RPM and TPM as documented for Singapore, copied independently of the profile. */
const documented: Record<string, readonly [number, number]> = {
  'qwen3-max': [600, 1_000_000],
  'qwen3-max-2026-01-23': [600, 1_000_000],
  'qwen3-max-2025-09-23': [60, 100_000],
  'qwen3-max-preview': [600, 1_000_000],
  'qwen-max': [600, 1_000_000],
  'qwen-plus': [600, 1_000_000],
  'qwen-plus-latest': [600, 1_000_000],
  'qwen-flash': [600, 5_000_000],
  'qwen-turbo': [600, 5_000_000],
  'qwen3-coder-plus': [2400, 2_000_000],
  'qwen3-coder-flash': [600, 5_000_000],
}

/** Models whose prices are documented for Singapore, but not their limits. */
const embeddings = ['text-embedding-v3', 'text-embedding-v4']

describe('intl', () => {
  test('has every documented model and no other', () => {
    expect(Object.keys(intl.models).toSorted()).toEqual([...Object.keys(documented), ...embeddings].toSorted())
  })

  test.each(Object.entries(documented))('%s: RPM, TPM, and a sixtieth of RPM each second', (model, [rpm, tpm]) => {
    expect(intl.models[model]!.limits).toEqual([
      { rule: 'rps', limit: rpm / 60, window: 1000 },
      { rule: 'rpm', limit: rpm, window: 60_000 },
      { rule: 'tpm', limit: tpm, window: 60_000 },
    ])
  })

  test('no row enforces TPS, and no row has a higher confidence than its assumed RPS', () => {
    for (const model of Object.keys(documented)) {
      const { limits, confidence } = intl.models[model]!
      expect(limits.some(({ rule }) => rule === 'tps')).toBe(false)
      expect(confidence).toBe('M')
    }
  })

  test.each(embeddings)('%s has the limits of Beijing, which is a guess', (model) => {
    const { limits, prices, confidence, source } = intl.models[model]!
    expect(limits).toEqual(cnBeijing.models[model]!.limits)
    expect(prices).toEqual([{ upTo: Infinity, input: 0.07, output: 0 }])
    expect([confidence, source]).toEqual(['L', expect.stringContaining('those of Beijing, assumed')])
  })

  test('prices in dollars are the documented yuan at a rate of 7.339', () => {
    const yuan: Record<string, readonly (readonly [number, number])[]> = {
      'qwen3-max': [
        [8.807, 44.035],
        [17.614, 88.071],
        [22.018, 110.089],
      ],
      'qwen-max': [[11.743, 46.971]],
      'qwen-plus': [
        [2.936, 8.807],
        [8.807, 26.421],
      ],
      'qwen-flash': [
        [0.367, 2.936],
        [1.835, 14.678],
      ],
      'qwen-turbo': [[0.367, 1.468]],
      'qwen3-coder-plus': [
        [7.339, 36.696],
        [13.211, 66.053],
        [22.018, 110.089],
        [44.035, 440.354],
      ],
    }
    for (const [model, expected] of Object.entries(yuan)) {
      const { prices } = intl.models[model]!
      expect(prices).toHaveLength(expected.length)
      for (const [i, [input, output]] of expected.entries()) {
        // The tolerance is the documented tenth of a cent, and a little more because the rate is rounded.
        expect(Math.abs(prices[i]!.input * 7.339 - input)).toBeLessThan(0.0005 + 1e-4 * input)
        expect(Math.abs(prices[i]!.output * 7.339 - output)).toBeLessThan(0.0005 + 1e-4 * output)
      }
    }
  })
})
