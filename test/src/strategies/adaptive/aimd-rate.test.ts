import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AimdRate, aimdConstants } from '../../../../src/strategies/adaptive/aimd-rate.ts'

const busy = (rate: AimdRate, from: number, to: number) => {
  for (let now = from; now <= to; now += 10) rate.sent(now)
}

property.prop([fc.integer({ min: 1, max: 4 }), fc.integer({ min: 500, max: 9000 }), fc.integer({ min: 1, max: 2000 })])(
  'in slow start it is start · 2^(t ÷ doubling)',
  (start, doubling, tens) => {
    const rate = new AimdRate(aimdConstants({ start, doubling }))
    // Sent so often that no pause is longer than two intervals while the rate is below 200 a second.
    const until = Math.min(tens * 10, 5 * doubling)
    busy(rate, 0, until)
    const exact = start * 2 ** (Math.floor(until / 10) / (doubling / 10))
    expect(rate.perSecond / exact).toBeCloseTo(1, 6)
    expect(rate.isSlowStart).toBe(true)
  },
)

property.prop([
  fc.double({ min: 0.5, max: 1, noNaN: true }),
  fc.constantFrom(0, 0.01, 0.1),
  fc.integer({ min: 1, max: 3000 }),
])('after a cut from r it is decrease · r + increase · r · t', (decrease, increase, tens) => {
  const rate = new AimdRate(aimdConstants({ start: 8, decrease, increase }))
  rate.sent(0)
  expect(rate.cut(0, 0)).toBe(true)
  busy(rate, 0, tens * 10)
  expect(rate.perSecond).toBeCloseTo(8 * decrease + (increase * 8 * tens) / 100, 6)
  expect(rate.isSlowStart).toBe(false)
})

test('of a flight one denial cuts', () => {
  const rate = new AimdRate(aimdConstants({ start: 10 }))
  expect(rate.cut(100, 150)).toBe(true)
  expect([0, 100, 149, 150].map((sentAt) => rate.cut(sentAt, 200))).toEqual([false, false, false, false])
  expect(rate.perSecond).toBe(9)
  expect(rate.cut(151, 200)).toBe(true)
  expect(rate.perSecond).toBeCloseTo(8.1, 9)
})

test('idle time counts as two intervals at most', () => {
  const rate = new AimdRate(aimdConstants({ start: 1, doubling: 1000 }))
  rate.sent(0)
  expect(rate.perSecond).toBe(1)
  rate.sent(3_600_000)
  expect(rate.perSecond).toBe(4)
})

test('stays between its floor and a thousand in a millisecond', () => {
  const rate = new AimdRate(aimdConstants({ floor: 0.5 }))
  for (let now = 0; now < 100; now++) rate.cut(now + 0.5, now + 1)
  expect(rate.perSecond).toBe(0.5)
  const free = new AimdRate(aimdConstants({ doubling: 1 }))
  for (let now = 0; now < 1000; now++) free.sent(now)
  expect(free.perSecond).toBe(1e6)
  const steep = new AimdRate(aimdConstants({ start: 999_999, decrease: 1, increase: 1e6 }))
  steep.cut(0, 0)
  for (let now = 0; now < 1000; now++) steep.sent(now)
  expect(steep.perSecond).toBe(1e6)
})

test('starts slowly again from where it is, half as fast', () => {
  const rate = new AimdRate(aimdConstants({ start: 20, doubling: 1000 }))
  rate.sent(0)
  rate.cut(0, 0, 0.5)
  rate.startMoreSlowly()
  busy(rate, 0, 2000)
  expect(rate.perSecond).toBeCloseTo(20, 6)
})

test('a start below the usual floor is the floor', () => expect(aimdConstants({ start: 0.05 }).floor).toBe(0.05))

test('checks its constants', () => {
  expect(aimdConstants({})).toEqual({ start: 1, doubling: 4000, increase: 0.01, decrease: 0.9, floor: 0.1 })
  for (const [options, message] of [
    [{ start: 0 }, '`start` to be > 0, got 0'],
    [{ doubling: 0 }, '`doubling` to be > 0, got 0'],
    [{ increase: -1 }, '`increase` to be >= 0 and <= 1000000, got -1'],
    [{ start: 2, floor: 3 }, '`floor` to be <= 2, got 3'],
    [{ decrease: 1.1 }, '`decrease` to be > 0 and <= 1, got 1.1'],
    [{ floor: Number.NaN }, '`floor` to be a finite number'],
  ] as const)
    expect(() => aimdConstants(options)).toThrow(message)
})
