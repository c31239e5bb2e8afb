import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Millis } from '../../../../src/core/clock.ts'
import { Slots } from '../../../../src/strategies/pacing/slots.ts'

/** Uses a slot as soon as it is free, for each of these whole instants in turn; when each was used. */
function useAll(slots: Slots, arrivals: readonly Millis[]): Millis[] {
  let now = 0
  return arrivals.map((at) => {
    now = Math.max(now, at, Math.ceil(slots.next))
    slots.take(now)
    return now
  })
}

test('the first slot is free at any instant, even a negative one', () => {
  expect(new Slots(1, 1000).next).toBe(-Infinity)
})

test('fractions add up: 9 a second come round to the whole second', () => {
  const used = useAll(new Slots(9, 1000), Array(19).fill(0))
  expect(used.slice(0, 11)).toEqual([0, 112, 223, 334, 445, 556, 667, 778, 889, 1000, 1112])
  expect(used[18]).toBe(2000)
})

test('idle time is not made up for', () => {
  expect(useAll(new Slots(10, 1000), [0, 0, 1000, 1000, 1000])).toEqual([0, 100, 1000, 1100, 1200])
})

test('an arrival in the millisecond after the ideal instant takes that slot and keeps the spacing', () => {
  // 1.5 ms apart: the ideal instants are 0, 1.5, 3.
  expect(useAll(new Slots(2000, 3000), [0, 2, 2])).toEqual([0, 2, 3])
})

test('an arrival a whole millisecond after it starts the spacing anew', () => {
  expect(useAll(new Slots(1, 1000), [0, 1001, 1001])).toEqual([0, 1001, 2001])
})

test('slots taken ahead of their time are spaced like the others', () => {
  const slots = new Slots(600, 60_000)
  const taken = [0, 0, 0].map((now) => {
    const slot = Math.max(now, slots.next)
    slots.take(now)
    return slot
  })
  expect(taken).toEqual([0, 100, 200])
})

const gaps = fc.array(fc.oneof(fc.constant(0), fc.nat(50), fc.nat(5000)), { minLength: 2, maxLength: 60 })

test('no window of w whole milliseconds ever holds more than ⌈limit·w/window⌉, and the bound is reached', () => {
  let reached = 0
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 2000 }), gaps, (limit, window, gaps) => {
      let at = 0
      const used = useAll(
        new Slots(limit, window),
        gaps.map((gap) => (at += gap)),
      )
      for (let i = 0; i < used.length; i++) {
        for (let j = i; j < used.length; j++) {
          const smallest = used[j]! - used[i]! + 1
          const most = Math.ceil((limit * smallest) / window)
          if (j - i + 1 === most) reached++
          expect(j - i + 1).toBeLessThanOrEqual(most)
        }
      }
    }),
  )
  expect(reached).toBeGreaterThan(0)
})

test('a slot is used as early as the bound allows: n used without a pause end at ⌈(n−1)·window/limit⌉', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 60_000 }), (limit, window) => {
      const used = useAll(new Slots(limit, window), Array(50).fill(0))
      expect(used).toEqual(used.map((_, i) => Number((BigInt(i * window) + BigInt(limit) - 1n) / BigInt(limit))))
    }),
  )
})
