import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { profiles } from '../../../sim/profiles/profiles.ts'
import { type Profile, profileShape } from '../../../src/scenario/profile.ts'

const own: Profile = {
  name: 'ours',
  title: 'Our account',
  currency: 'USD',
  spelling: 'dashscope',
  docs: 'https://example.com',
  models: {
    m: {
      limits: [{ rule: 'rpm', limit: 60, window: 60_000 }],
      prices: [
        { upTo: 1000, input: 1, output: 2 },
        { upTo: Infinity, input: 2, output: 4 },
      ],
      freeTokens: 0,
      source: 'our console',
      confidence: 'H',
    },
  },
}
const withRow = (changes: object) => ({ ...own, models: { m: { ...own.models.m, ...changes } } })

describe('a profile', () => {
  test('has no problems, and neither has any built-in one', () => {
    for (const profile of [own, ...Object.values(profiles)]) expect(profileShape('profile', profile)).toEqual([])
  })

  test.each<[string, unknown, RegExp[]]>([
    ['no object', 'ours', [/^Expected `profile` to be an object, got "ours"$/]],
    [
      'a currency that no price has',
      { ...own, currency: 'EUR' },
      [/^Expected `profile.currency` to be one of USD, CNY/],
    ],
    ['no models', { ...own, models: {} }, [/^Expected `profile.models` to have at least one model, got none$/]],
    ['a field of another name', { ...own, titel: 'x' }, [/got "titel"; did you mean title\?$/]],
    [
      'a price that makes a bill no number',
      withRow({ prices: [{ upTo: 1, input: 1e308, output: 1 }] }),
      [/`profile.models\["m"\].prices\[0\].input` to be >= 0 and <= 1000000000, got 1e\+308$/],
    ],
    ['no prices', withRow({ prices: [] }), [/`profile.models\["m"\].prices` to have at least one item, got none$/]],
    [
      'tiers out of order',
      withRow({ prices: [own.models.m!.prices[1], own.models.m!.prices[0]] }),
      [/`profile.models\["m"\].prices\[1\].upTo` to be greater than `.*prices\[0\].upTo`, got 1000 after Infinity$/],
    ],
    [
      'numbers that no provider grants',
      withRow({ limits: [{ rule: 'rpm', limit: 0, window: 60_000 }], freeTokens: -1 }),
      [/limits\[0\].limit` to be > 0, got 0$/, /freeTokens` to be >= 0, got -1$/],
    ],
    [
      'a limit twice',
      withRow({ limits: [own.models.m!.limits[0], own.models.m!.limits[0]] }),
      [/got "rpm in 60000 ms" twice$/],
    ],
  ])('may not have %s', (_what, value, problems) => {
    expect(profileShape('profile', value)).toEqual(problems.map((problem) => expect.stringMatching(problem)))
  })

  property.prop([fc.array(fc.nat(20), { minLength: 1, maxLength: 5 })])(
    'has tiers of growing length, and no others',
    (lengths) => {
      const prices = lengths.map((upTo) => ({ upTo: upTo + 1, input: 1, output: 1 }))
      const grows = lengths.every((length, i) => i === 0 || length > lengths[i - 1]!)
      expect(profileShape('profile', withRow({ prices })).length === 0).toBe(grows)
    },
  )
})
