import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { Rhythm } from '../../../../src/strategies/recommended/rhythm.ts'

test('the instant in the rhythm is one or two periods and a margin after a send', () => {
  const rhythm = new Rhythm()
  rhythm.send(0)
  rhythm.send(300)
  expect(rhythm.near(1000, 150)).toBe(1020)
  expect(rhythm.near(1200, 150)).toBe(1320)
  expect(rhythm.near(2100, 150)).toBe(2040)
  expect(rhythm.near(1170, 149)).toBe(1170)
})

test('a denied attempt is no part of it', () => {
  const rhythm = new Rhythm()
  rhythm.send(0)
  rhythm.send(300)
  rhythm.deny(0)
  rhythm.deny(5)
  expect(rhythm.near(1000, 150)).toBe(1000)
  expect(rhythm.near(1300, 150)).toBe(1320)
})

test.prop([
  fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 50 }),
  fc.integer({ min: 0, max: 2500 }),
  fc.integer({ min: 0, max: 200 }),
])('it is the nearest of all, or what was wanted', (gaps, ahead, tolerance) => {
  const rhythm = new Rhythm()
  let now = 0
  const sends = gaps.map((gap) => {
    now += gap
    rhythm.send(now)
    return now
  })
  const wanted = now + ahead
  const distances = sends
    .filter((at) => at > now - 3000)
    .flatMap((at) => [1020, 2040].map((later) => Math.abs(at + later - wanted)))
  const got = Math.abs(rhythm.near(wanted, tolerance) - wanted)
  const nearest = Math.min(...distances)
  expect(got).toBe(nearest <= tolerance ? nearest : 0)
})
