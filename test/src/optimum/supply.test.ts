import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { PooledLimit } from '../../../src/optimum/quota.ts'
import { mostWithin, Supply } from '../../../src/optimum/supply.ts'

const kind = fc.constantFrom('sliding' as const, 'fixed' as const, 'bucket' as const)
const limits: fc.Arbitrary<PooledLimit> = fc
  .record({
    window: fc.integer({ min: 1, max: 5 }),
    first: fc.integer({ min: 1, max: 4 }),
    raises: fc.array(fc.record({ after: fc.integer({ min: 1, max: 12 }), by: fc.integer({ min: 0, max: 9 }) }), {
      maxLength: 2,
    }),
  })
  .map(({ window, first, raises }) => {
    const phases = [{ from: 0, limit: first }]
    for (const { after, by } of raises)
      phases.push({ from: phases.at(-1)!.from + after, limit: phases.at(-1)!.limit + by })
    return { unit: 'tokens', window, phases }
  })

const limitAt = ({ phases }: PooledLimit, at: number) => phases.findLast(({ from }) => from <= at)!.limit

/** The same sum, window by window. */
function byWindows(
  limit: PooledLimit,
  window: 'sliding' | 'fixed' | 'bucket',
  from: number,
  at: number,
  phase = 0,
): number {
  const { window: length } = limit
  let sum = 0
  if (window === 'sliding') for (let end = at; end >= from; end -= length) sum += limitAt(limit, end)
  if (window === 'fixed')
    for (let start = Math.floor((from - phase) / length) * length + phase; start <= at; start += length)
      sum += limitAt(limit, Math.min(at, start + length - 1))
  if (window === 'bucket') {
    let refill = 0
    for (let now = from; now < at; now++) refill += limitAt(limit, now)
    sum = limitAt(limit, at) + Math.floor(refill / length)
  }
  return sum
}

describe('a supply', () => {
  test.prop([limits, kind, fc.nat(12), fc.nat(40), fc.nat(12)])(
    'is the sum of the limits of its windows',
    (limit, of, from, span, phase) => {
      expect(new Supply(limit, of, from, phase).by(from + span)).toBe(byWindows(limit, of, from, from + span, phase))
    },
  )

  test.prop([limits, kind, fc.nat(12), fc.nat(20), fc.nat(120), fc.nat(12)])(
    'reaches an amount at the first instant at which it is let through',
    (limit, of, from, after, amount, phase) => {
      const supply = new Supply(limit, of, from, phase)
      let first = from + after
      while (supply.by(first) < amount) first++
      expect(supply.reaches(amount, from + after)).toBe(first)
    },
  )

  test('reaches an amount of very many windows in a few steps', () => {
    const tight: PooledLimit = {
      unit: 'tokens',
      window: 1,
      phases: [
        { from: 0, limit: 1 },
        { from: 1e6, limit: 2 },
      ],
    }
    expect(new Supply(tight, 'sliding', 0, 0).reaches(1e12 + 1e6, 0)).toBe(1e6 + 5e11 - 1)
  })

  test.prop([limits, kind, fc.nat(12), fc.integer({ min: 1, max: 12 })])(
    'lets through at most this much in a number of instants',
    (limit, of, from, instants) => {
      const most = Math.max(
        ...Array.from({ length: 30 }, (_, i) => byWindows(limit, of, 30 + from + i, 30 + from + i + instants - 1)),
      )
      expect(mostWithin(limit, of, instants)).toBe(most)
    },
  )
})
