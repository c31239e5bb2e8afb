import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { seeded } from '../../../src/core/random.ts'
import { type Background, backgroundCalls } from '../../../src/scenario/background.ts'

const accounts = [
  { name: 'a', keys: ['sk-a'] },
  { name: 'b', keys: ['sk-b', 'sk-c'] },
]
const steady = (account: string, perSecond: number): Background => ({
  account,
  model: 'm',
  arrivals: { kind: 'poisson', perSecond, until: 60_000 },
  lengths: {
    kind: 'log-normal',
    prompt: { median: 50, spread: 1, most: 999 },
    output: { median: 5, spread: 1, most: 99 },
  },
  maxTokens: 9,
})
const drawn = (background: readonly Background[], seed = 1) => [...backgroundCalls(background, accounts, seeded(seed))]

describe('the calls of others', () => {
  test('are sent with the first key of their account', () => {
    const [first] = drawn([steady('b', 1)])
    expect(first!.call).toMatchObject({ target: { endpoint: 'dashscope', key: 'sk-b', model: 'm' }, maxTokens: 9 })
  })

  test('are none where there are no others', () => {
    expect(drawn([])).toEqual([])
  })

  test.prop([fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom(0.1, 1, 5)), { maxLength: 4 }), fc.nat(99)])(
    'are those of each source by itself, in the order of time, and have ids of their own',
    (sources, seed) => {
      const background = sources.map(([account, perSecond]) => steady(account, perSecond))
      const all = drawn(background, seed)
      expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort((x, y) => x - y))
      expect(new Set(all.map(({ call }) => call.id)).size).toBe(all.length)
      for (const place of background.keys()) {
        const alone = drawn(background.slice(0, place + 1), seed)
        const before = new Set(drawn(background.slice(0, place), seed).map(({ call }) => call.id))
        const own = alone.filter(({ call }) => !before.has(call.id))
        expect(all.filter(({ call }) => own.some((each) => each.call.id === call.id))).toEqual(own)
      }
    },
  )
})
