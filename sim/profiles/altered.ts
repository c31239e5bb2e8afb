import type { Limit } from '../../src/core/limit.ts'
import { statedLimits } from '../../src/scenario/limit-text.ts'
import type { ModelRow, Profile } from '../../src/scenario/profile.ts'
import { flat } from './row-parts.ts'

const freePrice = flat(0, 0)

/**
 * A profile with other limits for some models, each a list or a text. Models that the profile lacks are added: they cost nothing and have no free
 * quota.
 */
export function altered(profile: Profile, stated: Readonly<Record<string, string | readonly Limit[]>>): Profile {
  const rows = Object.entries(stated).map(([model, each]): [string, ModelRow] => {
    const limits = statedLimits(each)
    const row = Object.hasOwn(profile.models, model) ? profile.models[model] : undefined
    if (row) return [model, { ...row, limits, source: `limits: set by the user; else ${row.source}` }]
    const source = 'limits: set by the user; prices and free quota: unknown, taken as 0'
    return [model, { limits, prices: freePrice, freeTokens: 0, source, confidence: 'L' }]
  })
  return { ...profile, models: { ...profile.models, ...Object.fromEntries(rows) } }
}
