import type { Limit } from '../../src/core/limit.ts'
import type { Confidence, ModelRow, PriceTier, Profile } from '../../src/scenario/profile.ts'
import { enforced, flat, perMinute, tiers } from './row-parts.ts'

const pricing = 'model-pricing.md (May 2026)'
const embeddingPage = 'text-embedding-synchronous-api (help.aliyun.com/en, 2026)'

const qwen3Max = tiers([32, 2.5, 10], [128, 4, 16], [256, 7, 28])
const qwen3MaxEarly = tiers([32, 6, 24], [128, 10, 40], [256, 15, 60])
const qwenPlus = tiers([128, 0.8, 2], [256, 2.4, 20], [1000, 4.8, 48])
const qwenFlash = tiers([128, 0.15, 1.5], [256, 0.6, 6], [1000, 1.2, 12])
const coderPlus = tiers([32, 4, 16], [128, 6, 24], [256, 10, 40], [1000, 20, 200])
const coderFlash = tiers([32, 1, 4], [128, 1.5, 6], [256, 2.5, 10], [1000, 5, 25])

/**
 * Mainland deployment (Beijing). The service's model catalogue publishes the enforced limits of most models: one for requests and one for tokens,
 * many of them with windows shorter than a minute. The documented limits per minute are the same numbers scaled to 60 s, and would deny nothing
 * more. They are used for the models whose enforced limits are not published.
 */
export const cnBeijing: Profile = {
  name: 'cn-beijing',
  title: 'Mainland China (Beijing)',
  currency: 'CNY',
  spelling: 'dashscope',
  docs: 'https://help.aliyun.com/zh/model-studio/error-code',
  models: {
    'qwen3-max': catalogued(enforced([500, 1], [500_000, 6]), qwen3Max),
    'qwen3-max-2026-01-23': documented(600, 1_000_000, qwen3Max, pricing),
    'qwen3-max-2025-09-23': documented(60, 100_000, qwen3MaxEarly, pricing),
    'qwen3-max-preview': catalogued(enforced([10, 1], [1_000_000, 60]), qwen3MaxEarly),
    'qwen3.7-max': catalogued(enforced([500, 1], [500_000, 6]), flat(12, 36)),
    'qwen-max': catalogued(enforced([300, 15], [100_000, 6]), flat(2.4, 9.6)),
    'qwen-plus': catalogued(enforced([15_000, 30], [2_500_000, 30]), qwenPlus),
    'qwen-plus-latest': catalogued(enforced([7500, 30], [200_000, 10]), qwenPlus, 'those of qwen-plus, assumed', 'M'),
    'qwen-flash': catalogued(enforced([15_000, 30], [5_000_000, 30]), qwenFlash),
    'qwen-turbo': catalogued(enforced([300, 15], [1_000_000, 12]), flat(0.3, 0.6)),
    'qwen3-coder-plus': catalogued(enforced([500, 6], [500_000, 6]), coderPlus),
    'qwen3-coder-flash': catalogued(enforced([500, 6], [500_000, 6]), coderFlash, 'lobehub/lobe-chat model bank', 'M'),
    'text-embedding-v4': catalogued(enforced([30, 1], [1_200_000, 60]), flat(0.5, 0), embeddingPage),
    'text-embedding-v3': catalogued(enforced([30, 1], [120_000, 6]), flat(0.5, 0), embeddingPage),
    'qwen-long-2025-01-25': documented(3, 7500, flat(0.5, 2), 'third-party copy of the Qwen-Long page'),
  },
}

function catalogued(
  limits: readonly Limit[],
  prices: readonly PriceTier[],
  priceSource: string = pricing,
  confidence: Confidence = 'H',
): ModelRow {
  const limitSource = 'model catalogue (qpmInfo, modelstudioai/skills, May 2026)'
  return { limits, prices, freeTokens: 1_000_000, source: sources(limitSource, priceSource), confidence }
}

function documented(rpm: number, tpm: number, prices: readonly PriceTier[], priceSource: string): ModelRow {
  const assumed = rpm < 60 ? 'enforced as a minute, assumed' : 'RPS = RPM/60 assumed'
  const source = sources(`rate-limit.md (May 2026), ${assumed}`, priceSource)
  return { limits: perMinute(rpm, tpm), prices, freeTokens: 1_000_000, source, confidence: 'M' }
}

function sources(ofLimits: string, ofPrices: string): string {
  return `limits: ${ofLimits}; prices: ${ofPrices}; free quota: ${pricing}`
}
