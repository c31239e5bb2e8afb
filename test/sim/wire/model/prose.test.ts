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

test.each([1, 2, 3, 4, 5])('a cut that ends where the text of seed %i repeats is whole', (seed) => {
  const words = prose(seeded(seed)).cut(0, 30_000).split(' ')
  for (const place of [0, 1, 2])
    for (const count of [8191, 8192, 16_384])
      expect(prose(seeded(seed)).cut(place, count).split(' ')).toEqual(words.slice(place, place + count))
})

test('the fingerprint of a text is its hash, and of a very long one that of its beginning, end and length', () => {
  expect(fingerprint('a'.repeat(200_000))).toBe(hash('a'.repeat(200_000)) >>> 1)
  const long = 'a'.repeat(1_000_000)
  const prints = [long, `${long}a`, `b${long.slice(1)}`, `${long.slice(1)}b`].map(fingerprint)
  expect(new Set(prints).size).toBe(4)
})
