import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { requestIds } from '../../../sim/wire/request-record.ts'
import { seeded } from '../../../src/core/random.ts'

describe('the ids of requests', () => {
  test.prop([fc.integer(), fc.nat()])('have the shape of the captured ids: version 9', (seed, nth) => {
    expect(requestIds(seeded(seed))(nth)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-9[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  test('are distinct, in one run and between seeds', () => {
    const ids = [1, 2, 3].flatMap((seed) => Array.from({ length: 20_000 }, (_, nth) => requestIds(seeded(seed))(nth)))
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('depend on the seed and the number alone, in any order of requests', () => {
    const ascending = requestIds(seeded(7))
    const descending = requestIds(seeded(7))
    const later = [5, 4, 3, 2, 1].map(descending)
    expect([1, 2, 3, 4, 5].map(ascending)).toEqual(later.reverse())
  })
})
