import type { Limit } from '../../src/core/limit.ts'
import type { ModelRow, Profile } from '../../src/scenario/profile.ts'
import { flat } from './row-parts.ts'

const freePrice = flat(0, 0)

/** A profile with other limits for some models. Models that the profile lacks are added: they cost nothing and have no free quota. */
export function altered(profile: Profile, limits: Readonly<Record<string, readonly Limit[]>>): Profile {
  const rows = Object.entries(limits).map(([model, each]): [string, ModelRow] => {
    const row = Object.hasOwn(profile.models, model) ? profile.models[model] : undefined
    if (row) return [model, { ...row, limits: each, source: `limits: set by the user; else ${row.source}` }]
    const source = 'limits: set by the user; prices and free quota: unknown, taken as 0'
    return [model, { limits: each, prices: freePrice, freeTokens: 0, source, confidence: 'L' }]
  })
  return { ...profile, models: { ...profile.models, ...Object.fromEntries(rows) } }
}
