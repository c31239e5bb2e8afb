import type { ModelRow, Profile } from '../../src/scenario/profile.ts'
import { intl } from './intl.ts'
import { perMinute, tiers } from './row-parts.ts'

const table = 'limits: the article, table of quota limits'

/** The only price tier that the article prints. Longer prompts have the same price here. */
const prices = tiers([32, 1.2, 6])

/** The world of the article, with its numbers and its error bodies. The real service differs from it: see `docs/discoveries.md`. */
export const article: Profile = {
  name: 'article',
  title: 'As the article tells it',
  currency: 'USD',
  spelling: 'article',
  docs: 'https://www.alibabacloud.com/help/en/model-studio/error-code',
  models: {
    'qwen3-max': printed(600, 1_000_000, 'prices: the article (0-32K)'),
    'qwen3-max-2025-09-23': printed(60, 100_000, 'prices: those of qwen3-max, the article names none'),
    // The models of the article's fallback chain.
    'qwen-plus': borrowed('qwen-plus'),
    'qwen-turbo': borrowed('qwen-turbo'),
  },
}

/** A row of the article's table. In all its rows RPS is RPM / 60. The minute limits are also documented, the RPS stands in the article alone. */
function printed(rpm: number, tpm: number, priceSource: string): ModelRow {
  return {
    limits: perMinute(rpm, tpm),
    prices,
    freeTokens: 1_000_000,
    source: `${table}; ${priceSource}; free quota: the article gives no number, intl's taken`,
    confidence: 'M',
  }
}

/** A row for a model that the article only names. */
function borrowed(model: string): ModelRow {
  const row = intl.models[model]!
  return { ...row, source: `the article names the model without limits or prices, intl's taken: ${row.source}` }
}
