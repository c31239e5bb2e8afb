import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SlidingCount } from '../../../src/strategies/sliding-count.ts'

property.prop([
  fc.integer({ min: 1, max: 50 }),
  fc.array(fc.record({ gap: fc.nat(30), adds: fc.nat(5) }), { maxLength: 60 }),
])('counts the events of (t − window, t], as a plain list does', (window, steps) => {
  const count = new SlidingCount(window)
  const all: number[] = []
  let now = 0
  for (const { gap, adds } of steps) {
    now += gap
    for (let i = 0; i < adds; i++) {
      count.add(now)
      all.push(now)
    }
    expect(count.at(now)).toBe(all.filter((at) => at > now - window && at <= now).length)
  }
})

test('forgets what has left the window, also when there was much of it', () => {
  const count = new SlidingCount(1000)
  for (let now = 0; now < 10_000; now++) {
    count.add(now)
    expect(count.at(now)).toBe(Math.min(1000, now + 1))
  }
  expect(count.at(20_000)).toBe(0)
})
