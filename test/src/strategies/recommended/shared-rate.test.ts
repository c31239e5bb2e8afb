import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { seeded } from '../../../../src/core/random.ts'
import { SharedRate } from '../../../../src/strategies/recommended/shared-rate.ts'

/** The growth in a second, without haste. */
const growthAt = (rate: number) => 0.08 * Math.sqrt(rate) * Math.max(1, Math.sqrt(rate / 25))

describe('a shared rate', () => {
  test('starts at 2 a second and doubles in 2 s of sending until the first denial', () => {
    const rate = new SharedRate()
    rate.send(0)
    const first = rate.perSecond
    for (let at = 100; at <= 2000; at += 100) rate.send(at)
    expect(rate.perSecond).toBeCloseTo(2 * first, 9)
    rate.deny(2000, 2080)
    expect(rate.perSecond).toBeCloseTo(2 * 0.85 * first, 9)
  })

  /** A rate that has sent for longer than a newcomer, and was denied at the instant 0. */
  function settled(): SharedRate {
    const rate = new SharedRate()
    for (let at = -40_000; at <= 0; at++) {
      rate.send(at)
      rate.admit()
      if (at % 5000 === 0) rate.deny(at, at)
    }
    return rate
  }

  test('grows by 0.08·√r in a second of sending from then on, and an idle time counts as two intervals', () => {
    const rate = settled()
    const before = rate.perSecond
    for (let at = 1; at <= 1000; at++) rate.send(at)
    // dr/dt = a·√r has the solution √r = √r₀ + a·t/2.
    expect(Math.sqrt(rate.perSecond)).toBeCloseTo(Math.sqrt(before) + 0.04, 3)
    const { perSecond, interval } = rate
    rate.send(1_000_000)
    expect(rate.perSecond).toBeCloseTo(perSecond + (0.08 * Math.sqrt(perSecond) * 2 * interval) / 1000, 9)
  })

  test('grows twice as fast as a newcomer', () => {
    const rate = new SharedRate()
    rate.deny(0, 0)
    rate.send(0)
    const { perSecond } = rate
    rate.send(1)
    expect(rate.perSecond - perSecond).toBeCloseTo(2 * 0.00008 * Math.sqrt(perSecond), 9)
  })

  test.each([
    [5, 1],
    [20, 2],
    [40, 4],
    [70, 6],
  ])('after %i s without a denial grows %i times as fast', (seconds, times) => {
    const rate = settled()
    for (let at = 1; at <= 1000 * seconds; at++) rate.send(at)
    const { perSecond } = rate
    rate.send(1000 * seconds + 1)
    expect((rate.perSecond - perSecond) / (growthAt(perSecond) / 1000)).toBeCloseTo(times, 2)
  })

  test('does not grow after eight denials in a row before an admission', () => {
    const rate = settled()
    for (let i = 1; i <= 7; i++) rate.deny(i, i)
    const { perSecond } = rate
    rate.send(10_000)
    expect(rate.perSecond).toBe(perSecond)
    rate.admit()
    rate.send(11_000)
    expect(rate.perSecond).toBeGreaterThan(perSecond)
  })

  test('is cut once for a flight', () => {
    const rate = new SharedRate()
    for (const at of [0, 10, 20, 30]) rate.send(at)
    const before = rate.perSecond
    rate.deny(0, 100)
    for (const at of [10, 20, 30, 100]) rate.deny(at, 110)
    expect(rate.perSecond).toBeCloseTo(0.85 * before, 9)
    rate.deny(101, 200)
    expect(rate.perSecond).toBeCloseTo(0.85 ** 2 * before, 9)
  })

  const step = fc.record({ after: fc.integer({ min: 1, max: 3000 }), isDenied: fc.boolean() })

  test.prop([fc.array(step, { maxLength: 200 })])('follows its law, step by step, and stays above 0', (steps) => {
    const rate = new SharedRate()
    let [expected, now, last, lastCut, isDenied] = [2, 0, -Infinity, -Infinity, false]
    let [sending, quiet, row] = [0, 0, 0]
    for (const { after, isDenied: denies } of steps) {
      now += after
      const seconds = Math.min(now - last, 2000 / expected) / 1000
      sending += seconds
      quiet += seconds
      const haste = Math.max(sending < 30 ? 2 : 1, Math.min(6, quiet / 10))
      if (row < 8)
        expected = isDenied ? expected + haste * growthAt(expected) * seconds : expected * Math.SQRT2 ** seconds
      last = now
      rate.send(now)
      if (denies && now > lastCut) {
        lastCut = now + 1
        isDenied = true
        quiet = 0
        row++
        expected *= 0.85
      }
      if (denies) rate.deny(now, now + 1)
      else {
        row = 0
        rate.admit()
      }
      expect(rate.perSecond).toBeCloseTo(expected, 9)
      expect(rate.perSecond).toBeGreaterThan(0)
    }
  })

  test.prop([fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 8 }), fc.nat(1000)])(
    'comes to the same for all who meet the same share of denials, wherever each of them starts',
    (doublings, seed) => {
      const random = seeded(seed)
      const rates = doublings.map((times) => {
        const rate = new SharedRate()
        for (let i = 0; i < times; i++) rate.send(150 * i)
        return { rate, next: 5000, sends: 0 }
      })
      // A limit of 10 a second denies what exceeds it by chance, whoever sends it.
      const until = 600_000
      for (;;) {
        const first = rates.reduce((a, b) => (b.next < a.next ? b : a))
        if (first.next > until) break
        const all = rates.reduce((sum, { rate }) => sum + rate.perSecond, 0)
        const at = Math.ceil(first.next)
        first.rate.send(at)
        if (random.next() < 1 - 10 / all) first.rate.deny(at, at + 1)
        else first.rate.admit()
        first.next = at + first.rate.interval
        if (at > 120_000) first.sends++
      }
      const mean = rates.reduce((sum, { sends }) => sum + sends, 0) / rates.length
      for (const { sends } of rates) expect(sends / mean).toBeGreaterThan(0.75)
      for (const { sends } of rates) expect(sends / mean).toBeLessThan(1.25)
    },
  )
})
