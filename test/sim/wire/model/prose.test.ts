import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { fingerprint, prose } from '../../../../sim/wire/model/prose.ts'
import { hash, seeded } from '../../../../src/core/random.ts'

const text = prose(seeded(1))

property.prop([fc.nat(20_000), fc.nat(20_000), fc.nat(40_000)], { numRuns: 30 })(
  'a cut is the same as its parts, of any length',
  (place, first, second) => {
    const parts = [text.cut(place, first), text.cut(place + first, second)].filter((part) => part !== '')
    expect(text.cut(place, first + second)).toBe(parts.join(' '))
    expect(text.cut(place, first).split(' ').filter(Boolean)).toHaveLength(first)
  },
)

test('a cut that ends where the text repeats is whole', () => {
  for (const place of [0, 1, 2])
    for (const count of [8189, 8190, 8191, 8192, 8193, 16_384])
      expect(prose(seeded(1)).cut(place, count).split(' ')).toEqual(text.cut(place, 20_000).split(' ').slice(0, count))
})

test('the fingerprint of a text is its hash, and of a very long one that of its beginning, end and length', () => {
  expect(fingerprint('a'.repeat(200_000))).toBe(hash('a'.repeat(200_000)) >>> 1)
  const long = 'a'.repeat(1_000_000)
  const prints = [long, `${long}a`, `b${long.slice(1)}`, `${long.slice(1)}b`].map(fingerprint)
  expect(new Set(prints).size).toBe(4)
})
