import type { Limit } from '../../src/core/limit.ts'
import type { ModelRow, PriceTier, Profile } from '../../src/scenario/profile.ts'
import { enforced, flat, perMinute, tiers } from './row-parts.ts'

const pricing = 'model-pricing.md (May 2026)'
const converted = `${pricing}, from CNY at 7.339`

const qwen3Max = tiers([32, 1.2, 6], [128, 2.4, 12], [256, 3, 15])
const qwenPlus = tiers([256, 0.4, 1.2], [1000, 1.2, 3.6])
const qwenFlash = tiers([256, 0.05, 0.4], [1000, 0.25, 2])
const coderPlus = tiers([32, 1, 5], [128, 1.8, 9], [256, 3, 15], [1000, 6, 60])
const coderFlash = tiers([32, 0.3, 1.5], [128, 0.5, 2.5], [256, 0.8, 4], [1000, 1.6, 9.6])

/**
 * International deployment (Singapore). RPM and TPM are documented. Which windows are enforced outside Beijing is not known, so that no row has
 * more than confidence M. The limits of embeddings are not documented at all.
 */
export const intl: Profile = {
  name: 'intl',
  title: 'International (Singapore)',
  currency: 'USD',
  spelling: 'dashscope',
  docs: 'https://www.alibabacloud.com/help/en/model-studio/error-code',
  models: {
    'qwen3-max': row(600, 1_000_000, qwen3Max, pricing),
    'qwen3-max-2026-01-23': row(600, 1_000_000, qwen3Max, pricing),
    'qwen3-max-2025-09-23': row(60, 100_000, qwen3Max, pricing),
    'qwen3-max-preview': row(600, 1_000_000, qwen3Max, pricing),
    'qwen-max': row(600, 1_000_000, flat(1.6, 6.4), pricing),
    'qwen-plus': row(600, 1_000_000, qwenPlus, converted),
    'qwen-plus-latest': row(600, 1_000_000, qwenPlus, 'LiteLLM release notes'),
    'qwen-flash': row(600, 5_000_000, qwenFlash, converted),
    'qwen-turbo': row(600, 5_000_000, flat(0.05, 0.2), converted),
    'qwen3-coder-plus': row(2400, 2_000_000, coderPlus, converted),
    'qwen3-coder-flash': row(600, 5_000_000, coderFlash, 'LiteLLM release notes'),
    'text-embedding-v4': embedding(enforced([30, 1], [1_200_000, 60]), 1_000_000),
    'text-embedding-v3': embedding(enforced([30, 1], [120_000, 6]), 500_000),
  },
}

function row(rpm: number, tpm: number, prices: readonly PriceTier[], priceSource: string): ModelRow {
  const limitSource = 'rate-limit.md (May 2026), RPS = RPM/60 assumed'
  const source = `limits: ${limitSource}; prices: ${priceSource}; free quota: English documentation (Sept 2026)`
  return { limits: perMinute(rpm, tpm), prices, freeTokens: 1_000_000, source, confidence: 'M' }
}

function embedding(limits: readonly Limit[], freeTokens: number): ModelRow {
  const page = 'text-embedding-synchronous-api (alibabacloud.com, March 2026)'
  const source = `limits: those of Beijing, assumed; prices and free quota: ${page}`
  return { limits, prices: flat(0.07, 0), freeTokens, source, confidence: 'L' }
}
