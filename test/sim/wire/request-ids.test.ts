import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { requestIds } from '../../../sim/wire/request-ids.ts'

/** The 122 bits of an id that are free, as a number. */
function bitsOf(id: string): bigint {
  const [a, b, c, d, e] = id.split('-') as [string, string, string, string, string]
  const variant = (Number.parseInt(d, 16) & 0x3fff).toString(2).padStart(14, '0')
  const hex = BigInt(`0x${a}${b}${c.slice(1)}${e}`)
  return (hex << 14n) | BigInt(`0b${variant}`)
}

/** How many bits differ between two ids. */
function distance(a: string, b: string): number {
  return [...(bitsOf(a) ^ bitsOf(b)).toString(2)].filter((bit) => bit === '1').length
}

const seed = fc.oneof(fc.nat({ max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 2 ** 32 }))

describe('the ids of requests', () => {
  test.prop([seed, fc.nat()])('have the shape of the captured ids: version 9', (seed, nth) => {
    expect(requestIds(seed, 'mock')(nth)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-9[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  test('are distinct in a million requests, of which 32 bits would repeat more than a hundred', () => {
    const idOf = requestIds(1, 'mock')
    const ids = new Set<string>()
    for (let nth = 1; nth <= 1_000_000; nth++) ids.add(idOf(nth))
    expect(ids.size).toBe(1_000_000)
  }, 60_000)

  test('are distinct between seeds, and between those who give ids from one seed', () => {
    const ids = Array.from({ length: 20_000 }, (_, seed) =>
      ['mock', 'gateway'].map((label) => requestIds(seed, label)(1)),
    )
    expect(new Set(ids.flat()).size).toBe(40_000)
  })

  test.prop([seed, fc.nat(), fc.nat({ max: 30 })])(
    'change in about half of their bits with any bit',
    (seed, nth, bit) => {
      const id = requestIds(seed, 'mock')(nth)
      for (const other of [requestIds(seed, 'mock')(nth ^ (1 << bit)), requestIds(seed + 1, 'mock')(nth)]) {
        // 61 of 122 bits are expected, with a deviation of 5.5.
        expect(distance(id, other)).toBeGreaterThan(20)
        expect(distance(id, other)).toBeLessThan(102)
      }
    },
  )

  test('depend on the seed and the number alone, in any order of requests', () => {
    const ascending = requestIds(7, 'mock')
    const descending = requestIds(7, 'mock')
    const later = [5, 4, 3, 2, 1].map(descending)
    expect([1, 2, 3, 4, 5].map(ascending)).toEqual(later.reverse())
  })
})
