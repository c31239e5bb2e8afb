import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { seeded } from '../../../../src/core/random.ts'
import { arrivalProblems } from '../../../../src/scenario/arrivals/arrival-problems.ts'
import { instants, type PlainArrivals } from '../../../../src/scenario/arrivals/arrivals.ts'

const draw = (arrivals: PlainArrivals, seed = 1) => [...instants(arrivals, seeded(seed))]
const hour = 3_600_000

describe('instants', () => {
  test('at-once: every call arrives at 0', () => {
    expect(draw({ kind: 'at-once', calls: 3 })).toEqual([0, 0, 0])
  })

  test('Poisson: the calls have the given rate, and the standard deviation of the gaps equals their mean', () => {
    const at = draw({ kind: 'poisson', perSecond: 5, until: hour })
    // The bound is four standard deviations of a Poisson count whose mean is 18,000.
    expect(Math.abs(at.length - 18_000)).toBeLessThan(4 * Math.sqrt(18_000))
    const gaps = at.slice(1).map((each, i) => each - at[i]!)
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1)
  })

  test('step: the calls have one rate before the step and another after it', () => {
    const at = draw({ kind: 'step', before: 2, after: 20, at: hour / 2, until: hour })
    const before = at.filter((each) => each < hour / 2).length
    expect(Math.abs(before - 3600)).toBeLessThan(4 * Math.sqrt(3600))
    expect(Math.abs(at.length - before - 36_000)).toBeLessThan(4 * Math.sqrt(36_000))
  })

  test('step: a rate may be 0, and no call arrives after the end', () => {
    expect(draw({ kind: 'step', before: 0, after: 5, at: 10_000, until: 20_000 }).every((at) => at >= 10_000)).toBe(
      true,
    )
    expect(draw({ kind: 'step', before: 5, after: 0, at: 10_000, until: 20_000 }).every((at) => at < 10_000)).toBe(true)
    const early = draw({ kind: 'step', before: 5, after: 500, at: 30_000, until: 20_000 })
    expect(early.every((at) => at < 20_000)).toBe(true)
    expect(early.length).toBeLessThan(200)
  })

  test('on-off: calls arrive in bursts, and there are long times without any', () => {
    const on = 10_000
    const off = 30_000
    const at = draw({ kind: 'on-off', perSecond: 10, on, off, until: 20 * hour })
    const share = at.length / (20 * 3600 * 10)
    expect(share).toBeCloseTo(on / (on + off), 1)
    // In a Poisson process of this mean rate a gap of 20 s would not occur once in a thousand years.
    expect(at.some((each, i) => each - (at[i - 1] ?? 0) > 20_000)).toBe(true)
  })

  test('closed: every call could arrive at 0', () => {
    expect(draw({ kind: 'closed', workers: 2, calls: 3, think: 1000 })).toEqual([0, 0, 0])
  })

  test.each([0.3, 1, 3])('gamma: the calls have the given rate, and gaps of the coefficient of variation %d', (cv) => {
    const at = draw({ kind: 'gamma', perSecond: 1, cv, until: 20 * hour })
    // The standard deviation of a count of renewals is about cv times that of a Poisson count.
    expect(Math.abs(at.length - 72_000)).toBeLessThan(4 * cv * Math.sqrt(72_000))
    const gaps = at.slice(1).map((each, i) => each - at[i]!)
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
    expect(Math.sqrt(variance) / mean / cv).toBeCloseTo(1, 1)
  })

  test('diurnal: each quarter of a period has the integral of the rate over it, and the peak is where it should be', () => {
    const [perSecond, swing, period] = [5, 0.8, 4 * hour]
    const at = draw({ kind: 'diurnal', perSecond, swing, period, peak: hour / 2, until: period })
    const integral = (t: number) =>
      (perSecond / 1000) * (t + ((swing * period) / (2 * Math.PI)) * Math.sin((2 * Math.PI * (t - hour / 2)) / period))
    for (let quarter = 0; quarter < 4; quarter++) {
      const [from, to] = [quarter * hour, (quarter + 1) * hour]
      const expected = integral(to) - integral(from)
      const found = at.filter((each) => each >= from && each < to).length
      expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt(expected))
    }
  })

  test('flash crowd: the rate jumps, lasts, and its excess decays to 1/e', () => {
    const [perSecond, factor, lasts, decay] = [5, 20, 600_000, 300_000]
    const at = draw({ kind: 'flash-crowd', perSecond, factor, at: hour, lasts, decay, until: 2 * hour })
    const excess = (from: number, to: number) =>
      (factor - 1) * decay * (Math.exp(-from / decay) - Math.exp(-to / decay))
    const tail = hour + lasts
    const parts: [number, number, number][] = [
      [0, hour, hour],
      [hour, tail, factor * lasts],
      [tail, tail + decay, decay + excess(0, decay)],
      [tail + decay, 2 * hour, hour - lasts - decay + excess(decay, hour - lasts)],
    ]
    for (const [from, to, amount] of parts) {
      const expected = (perSecond * amount) / 1000
      const found = at.filter((each) => each >= from && each < to).length
      expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt(expected))
    }
  })

  test('flash crowd: without a decay the crowd leaves at once', () => {
    const crowd = { kind: 'flash-crowd', perSecond: 1, factor: 1000, at: 1000, lasts: 1000, decay: 0 } as const
    const at = draw({ ...crowd, until: 60_000 })
    expect(at.filter((each) => each >= 2000).length).toBeLessThan(100)
    expect(at.length).toBeGreaterThan(800)
  })

  test('custom: the instants are those of the generator, which draws from the given stream', () => {
    const generate = function* (random: { next(): number }) {
      yield Math.floor(1000 * random.next())
      yield 2000
    }
    expect(draw({ kind: 'custom', generate })).toEqual(draw({ kind: 'custom', generate }))
    expect(draw({ kind: 'custom', generate }, 2)).not.toEqual(draw({ kind: 'custom', generate }))
  })

  test('are drawn only when they are asked for', () => {
    const endless = instants({ kind: 'poisson', perSecond: 1e6, until: 1e15 }, seeded(1))
    expect(endless.next().value).toBe(0)
  })

  const rate = fc.double({ min: 0.01, max: 50, noNaN: true })
  const length = fc.double({ min: 1, max: 60_000, noNaN: true })
  const time = fc.double({ min: 0, max: 60_000, noNaN: true })
  const cv = fc.double({ min: 0.01, max: 20, noNaN: true })
  const swing = fc.double({ min: 0, max: 1, noNaN: true })
  const drawn: fc.Arbitrary<PlainArrivals & { readonly until: number }> = fc.oneof(
    fc.record({ kind: fc.constant('poisson' as const), perSecond: rate, until: length }),
    fc.record({ kind: fc.constant('step' as const), before: rate, after: rate, at: length, until: length }),
    fc.record({ kind: fc.constant('on-off' as const), perSecond: rate, on: length, off: length, until: length }),
    fc.record({ kind: fc.constant('gamma' as const), perSecond: rate, cv, until: length }),
    fc.record({
      kind: fc.constant('diurnal' as const),
      perSecond: rate,
      swing,
      period: length,
      peak: time,
      until: length,
    }),
    fc.record({
      kind: fc.constant('flash-crowd' as const),
      perSecond: rate,
      factor: fc.double({ min: 1, max: 100, noNaN: true }),
      at: time,
      lasts: time,
      decay: time,
      until: length,
    }),
  )

  test.prop([drawn, fc.integer()])('are whole, ascending, and before the end', (arrivals, seed) => {
    const at = draw(arrivals, seed)
    expect(at.every((each, i) => Number.isSafeInteger(each) && each >= (at[i - 1] ?? 0) && each < arrivals.until)).toBe(
      true,
    )
    expect(arrivalProblems('arrivals', arrivals)).toEqual([])
  })
})
