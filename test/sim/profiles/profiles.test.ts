import { describe, expect, test } from 'vitest'
import { profileOf, profiles } from '../../../sim/profiles/profiles.ts'
import { type Limit, unitOf } from '../../../src/core/limit.ts'
import type { PriceTier } from '../../../src/scenario/profile.ts'

const rows = Object.values(profiles).flatMap((profile) =>
  Object.entries(profile.models).map(([model, row]) => ({ name: `${profile.name} ${model}`, row })),
)

describe('every profile', () => {
  test.each(Object.entries(profiles))('%s has the name under which it is listed and looked up', (name, profile) => {
    expect(profile.name).toBe(name)
    expect(profileOf(name)).toBe(profile)
    expect(profile.title).not.toBe('')
    expect(profile.docs).toMatch(/^https:\/\/.*error-code$/)
  })

  test.each(['cn', 'toString', ''])('the error for the unknown name %j lists the known ones', (name) => {
    expect(() => profileOf(name)).toThrow(RangeError)
    expect(() => profileOf(name)).toThrow(`one of article, intl, cn-beijing, got ${JSON.stringify(name)}`)
  })
})

describe('every row', () => {
  test.each(rows)('$name says where it is from and how sure it is', ({ row }) => {
    expect(row.source).toMatch(/limits.*prices.*free quota/)
    expect(['H', 'M', 'L']).toContain(row.confidence)
  })

  test.each(rows)('$name owns up to what is assumed or converted', ({ row }) => {
    if (/assumed|from CNY|third-party|lobe|article/.test(row.source)) expect(row.confidence).not.toBe('H')
  })

  test.each(rows)('$name has whole limits, each rule once, named by its window', ({ row }) => {
    expect(new Set(row.limits.map((limit) => limit.rule)).size).toBe(row.limits.length)
    expect(new Set(row.limits.map((limit) => unitOf(limit.rule)))).toEqual(new Set(['requests', 'tokens']))
    for (const { rule, limit, window } of row.limits) {
      expect(Number.isSafeInteger(limit) && limit > 0).toBe(true)
      expect(Number.isSafeInteger(window) && window > 0).toBe(true)
      expect(rule.endsWith('s')).toBe(window < 60_000)
    }
  })

  test.each(rows)('$name lists shorter windows first, and requests before tokens', ({ row }) => {
    const rank = ({ rule, window }: Limit) => window * 2 + (unitOf(rule) === 'tokens' ? 1 : 0)
    const ranks = row.limits.map(rank)
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
  })

  test.each(rows)('$name has ascending tiers, dearer for longer prompts, output dearer than input', ({ name, row }) => {
    const ascends = (pick: (tier: PriceTier) => number) =>
      row.prices.every((tier, i) => i === 0 || pick(tier) > pick(row.prices[i - 1]!))
    expect(row.prices.length).toBeGreaterThan(0)
    expect(ascends((tier) => tier.upTo)).toBe(true)
    expect(ascends((tier) => tier.input)).toBe(true)
    expect(ascends((tier) => tier.output)).toBe(true)
    // The vectors of an embedding are not billed as output.
    const isDearer = ({ input, output }: PriceTier) => (name.includes('embedding') ? output === 0 : output > input)
    expect(row.prices.every((tier) => tier.input > 0 && isDearer(tier))).toBe(true)
  })

  test.each(rows)('$name gives a new account a million free tokens, or as many as its page says', ({ name, row }) => {
    expect(row.freeTokens).toBe(name === 'intl text-embedding-v3' ? 500_000 : 1_000_000)
  })
})
