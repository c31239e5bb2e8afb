import { describe, expect, test } from 'vitest'
import { article } from '../../../sim/profiles/article.ts'
import { intl } from '../../../sim/profiles/intl.ts'
import { priceOf } from '../../../sim/provider/billing.ts'

const { 'qwen3-max': max, 'qwen3-max-2025-09-23': snapshot } = article.models

describe('the article’s numbers, verbatim', () => {
  test('qwen3-max: 600 RPM, 1,000,000 TPM, 10 RPS', () => {
    expect(max!.limits).toEqual([
      { rule: 'rps', limit: 10, window: 1000 },
      { rule: 'rpm', limit: 600, window: 60_000 },
      { rule: 'tpm', limit: 1_000_000, window: 60_000 },
    ])
  })

  test('qwen3-max-2025-09-23: 60 RPM, 100,000 TPM, 1 RPS', () => {
    expect(snapshot!.limits).toEqual([
      { rule: 'rps', limit: 1, window: 1000 },
      { rule: 'rpm', limit: 60, window: 60_000 },
      { rule: 'tpm', limit: 100_000, window: 60_000 },
    ])
  })

  test('$1.20 and $6.00 a million tokens', () => {
    expect(article.currency).toBe('USD')
    expect(max!.prices).toEqual([{ upTo: 32_000, input: 1.2, output: 6 }])
  })

  test('ten million tokens a month, half of them input, cost $36.00', () => {
    expect(priceOf(max!, { promptTokens: 5_000_000, outputTokens: 5_000_000 })).toBeCloseTo(36, 10)
  })

  test('ten million tokens cost the same internationally, when no single prompt exceeds 32K', () => {
    const row = intl.models['qwen3-max']!
    const monthOf = (calls: number) =>
      calls * priceOf(row, { promptTokens: 5_000_000 / calls, outputTokens: 5_000_000 / calls })
    expect(monthOf(1000)).toBeCloseTo(36, 10)
    expect(monthOf(100)).toBeCloseTo(72, 10)
    expect(monthOf(40)).toBeCloseTo(72, 10)
    expect(monthOf(20)).toBeCloseTo(90, 10)
  })
})

test('the other models of the fallback chain are those of intl, and their source says so', () => {
  for (const model of ['qwen-plus', 'qwen-turbo']) {
    const { source, ...numbers } = article.models[model]!
    const { source: original, ...same } = intl.models[model]!
    expect(numbers).toEqual(same)
    expect(source).toContain('intl')
    expect(source).toContain(original)
  }
})
