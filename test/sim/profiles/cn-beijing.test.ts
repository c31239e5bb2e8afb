import { describe, expect, test } from 'vitest'
import { cnBeijing } from '../../../sim/profiles/cn-beijing.ts'
import { unitOf } from '../../../src/core/limit.ts'

/** RPM and TPM as documented for Beijing, copied independently of the profile. */
const documented: Record<string, readonly [number, number]> = {
  'qwen3-max': [30_000, 5_000_000],
  'qwen3-max-2026-01-23': [600, 1_000_000],
  'qwen3-max-2025-09-23': [60, 100_000],
  'qwen3-max-preview': [600, 1_000_000],
  'qwen3.7-max': [30_000, 5_000_000],
  'qwen-max': [1200, 1_000_000],
  'qwen-plus': [30_000, 5_000_000],
  'qwen-plus-latest': [15_000, 1_200_000],
  'qwen-flash': [30_000, 10_000_000],
  'qwen-turbo': [1200, 5_000_000],
  'qwen3-coder-plus': [5000, 5_000_000],
  'qwen3-coder-flash': [5000, 5_000_000],
  'text-embedding-v4': [1800, 1_200_000],
  'text-embedding-v3': [1800, 1_200_000],
  'qwen-long-2025-01-25': [3, 7500],
}

const cases = Object.entries(documented)

describe('cn-beijing', () => {
  test('has every model whose documented limits are listed here, and no other', () => {
    expect(Object.keys(cnBeijing.models).toSorted()).toEqual(Object.keys(documented).toSorted())
  })

  test.each(cases)('%s: what is enforced, scaled to a minute, is what is documented', (model, [rpm, tpm]) => {
    for (const { rule, limit, window } of cnBeijing.models[model]!.limits)
      expect((limit * 60_000) / window).toBe(unitOf(rule) === 'requests' ? rpm : tpm)
  })

  test.each(cases)('%s: windows divide the minute, so that an additional minute limit would deny nothing', (model) => {
    for (const { window } of cnBeijing.models[model]!.limits) expect(60_000 % window).toBe(0)
  })

  test('qwen3-max: 500 requests a second and 500,000 tokens in 6 seconds', () => {
    expect(cnBeijing.models['qwen3-max']!.limits).toEqual([
      { rule: 'rps', limit: 500, window: 1000 },
      { rule: 'tps', limit: 500_000, window: 6000 },
    ])
  })

  test('a window of a minute has the rules of minutes', () => {
    expect(cnBeijing.models['qwen3-max-preview']!.limits).toEqual([
      { rule: 'rps', limit: 10, window: 1000 },
      { rule: 'tpm', limit: 1_000_000, window: 60_000 },
    ])
  })

  test('a limit below one request a second has no RPS', () => {
    expect(cnBeijing.models['qwen-long-2025-01-25']!.limits).toEqual([
      { rule: 'rpm', limit: 3, window: 60_000 },
      { rule: 'tpm', limit: 7500, window: 60_000 },
    ])
  })

  test('qwen3-max: three tiers of yuan', () => {
    expect(cnBeijing.currency).toBe('CNY')
    expect(cnBeijing.models['qwen3-max']!.prices).toEqual([
      { upTo: 32_000, input: 2.5, output: 10 },
      { upTo: 128_000, input: 4, output: 16 },
      { upTo: 256_000, input: 7, output: 28 },
    ])
  })

  test('embeddings: only the prompt is billed, half a yuan a million tokens', () => {
    for (const model of ['text-embedding-v4', 'text-embedding-v3']) {
      const { limits, prices } = cnBeijing.models[model]!
      expect(limits).toContainEqual({ rule: 'rps', limit: 30, window: 1000 })
      expect(prices).toEqual([{ upTo: Infinity, input: 0.5, output: 0 }])
    }
  })
})
