import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { PooledLimit } from '../../../src/optimum/quota.ts'
import { mostWithin, neverFalling, peaks, Supply } from '../../../src/optimum/supply.ts'
import type { Switches } from '../../../src/scenario/switches.ts'

const kind = fc.constantFrom('sliding' as const, 'fixed' as const, 'bucket' as const, 'anchored' as const)
type Kind = Switches['window']
const limits: fc.Arbitrary<PooledLimit> = fc
  .record({
    window: fc.integer({ min: 1, max: 5 }),
    first: fc.integer({ min: 1, max: 4 }),
    changes: fc.array(fc.record({ after: fc.integer({ min: 1, max: 12 }), limit: fc.integer({ min: 1, max: 9 }) }), {
      maxLength: 3,
    }),
  })
  .map(({ window, first, changes }) => {
    const phases = [{ from: 0, limit: first }]
    for (const { after, limit } of changes) phases.push({ from: phases.at(-1)!.from + after, limit })
    return { unit: 'tokens', window, phases }
  })

const limitAt = ({ phases }: PooledLimit, at: number) => phases.findLast(({ from }) => from <= at)!.limit

/** The highest limit from one instant to another, found by going through them. */
function highestAt(limit: PooledLimit, from: number, to: number): number {
  let most = 0
  for (let at = Math.max(0, from); at <= to; at++) most = Math.max(most, limitAt(limit, at))
  return most
}

/** The sum over sliding windows; what is let through by a later instant bounds what is let through by an earlier one. */
function leastOfWindows(limit: PooledLimit, from: number, at: number): number {
  let least = Infinity
  for (let until = at; until < at + 2 * limit.window; until++) {
    let sum = 0
    for (let end = until; end >= from; end -= limit.window) sum += highestAt(limit, end - limit.window + 1, end)
    least = Math.min(least, sum)
  }
  return least
}

/** The same sum, window by window. */
function byWindows(limit: PooledLimit, window: Kind, from: number, at: number, phase = 0): number {
  const { window: length } = limit
  let sum = 0
  if (window === 'sliding') sum = leastOfWindows(limit, from, at)
  if (window === 'fixed')
    for (let start = Math.floor((from - phase) / length) * length + phase; start <= at; start += length)
      sum += highestAt(limit, start, Math.min(at, start + length - 1))
  // The last window has begun by now, and each other a window before the next, so that it has ended before.
  if (window === 'anchored')
    for (let begun = at, end = at; begun >= from; end = begun - 1, begun -= length) sum += highestAt(limit, 0, end)
  if (window === 'bucket') {
    let refill = 0
    for (let now = from; now < at; now++) refill += limitAt(limit, now)
    sum = limitAt(limit, at) + Math.floor(refill / length)
    // What was let through an instant before stays let through.
    if (at > from) sum = Math.max(sum, byWindows(limit, window, from, at - 1))
  }
  return sum
}

describe('a supply', () => {
  test.prop([limits, kind, fc.nat(12), fc.nat(40), fc.nat(12)])(
    'is the sum of the limits of its windows',
    (limit, of, from, span, phase) => {
      expect(new Supply(peaks(limit, of, phase), of, from, phase).by(from + span)).toBe(
        byWindows(limit, of, from, from + span, phase),
      )
    },
  )

  test.prop([limits, kind, fc.nat(12), fc.nat(20), fc.nat(120), fc.nat(12)])(
    'reaches an amount at the first instant at which it is let through',
    (any, of, from, after, amount, phase) => {
      // A bucket that falls lets nothing through at once, although what it has let through stays so.
      const limit = of === 'bucket' ? neverFalling(any) : any
      const supply = new Supply(peaks(limit, of, phase), of, from, phase)
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
      const highest = neverFalling(limit)
      // An anchored window may have begun before.
      const before = of === 'anchored' ? limit.window - 1 : 0
      const most = Math.max(
        ...Array.from({ length: 30 }, (_, i) => {
          const begin = 60 + from + i
          return byWindows(highest, of, begin - before, begin + instants - 1)
        }),
      )
      expect(mostWithin(limit, of, instants)).toBe(most)
    },
  )
})
