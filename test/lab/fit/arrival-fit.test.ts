import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { arrivalFit } from '../../../lab/fit/arrival-fit.ts'
import { dispersionOf } from '../../../lab/fit/dispersion.ts'
import { onOffFit } from '../../../lab/fit/on-off-fit.ts'
import { seeded } from '../../../src/core/random.ts'
import { arrivalProblems } from '../../../src/scenario/arrivals/arrival-problems.ts'
import { instants, type PlainArrivals } from '../../../src/scenario/arrivals/arrivals.ts'

const hour = 3_600_000
const draw = (arrivals: PlainArrivals, seed = 1) => Float64Array.from(instants(arrivals, seeded(seed)))

describe('arrivalFit', () => {
  test.each([1, 2, 3])('proposes a Poisson process for one (seed %i)', (seed) => {
    const { proposed, cv, second } = arrivalFit(draw({ kind: 'poisson', perSecond: 5, until: 2 * hour }, seed))
    expect(proposed.law.kind).toBe('poisson')
    expect(proposed.law.perSecond).toBeCloseTo(5, 0)
    expect([cv, second.index].map((each) => Math.round(10 * each) / 10)).toEqual([1, 1])
  })

  test.each([0.3, 3])('proposes a gamma process for one with the coefficient of variation %d', (cv) => {
    const { law } = arrivalFit(draw({ kind: 'gamma', perSecond: 5, cv, until: 2 * hour })).proposed
    expect(law).toMatchObject({ kind: 'gamma' })
    if (law.kind === 'gamma') expect(law.cv / cv).toBeCloseTo(1, 1)
  })

  test('proposes an on-off process for one, with its times', () => {
    const { law } = arrivalFit(
      draw({ kind: 'on-off', perSecond: 10, on: 6000, off: 19_000, until: 20 * hour }),
    ).proposed
    expect(law.kind).toBe('on-off')
    if (law.kind !== 'on-off') return
    expect(law.perSecond / 10).toBeCloseTo(1, 1)
    expect(Math.abs(law.on / 6000 - 1)).toBeLessThan(0.15)
    expect(Math.abs(law.off / 19_000 - 1)).toBeLessThan(0.15)
  })

  test.prop([fc.array(fc.nat(5000), { minLength: 2, maxLength: 50 })], { numRuns: 20 })(
    'proposes what a scenario accepts, for any arrivals',
    (gaps) => {
      let at = 1
      const arrival = Float64Array.from([0, 1, ...gaps.map((gap) => (at += gap))])
      const { laws, proposed } = arrivalFit(arrival)
      for (const { law } of laws) expect(arrivalProblems('arrivals', law)).toEqual([])
      expect(laws).toContain(proposed)
    },
  )
})

describe('dispersionOf', () => {
  test.prop([fc.array(fc.nat(300), { minLength: 2, maxLength: 80 }), fc.integer({ min: 1, max: 400 })])(
    'is variance ÷ mean of the counts in complete windows from the first arrival on',
    (instants, length) => {
      const arrival = Float64Array.from(instants).sort()
      const first = arrival[0]!
      const windows = Math.floor((arrival.at(-1)! - first) / length)
      const counts = Array.from(
        { length: windows },
        (_, w) => arrival.filter((at) => at >= first + w * length && at < first + (w + 1) * length).length,
      )
      const mean = counts.reduce((sum, each) => sum + each, 0) / windows
      const variance = counts.reduce((sum, each) => sum + (each - mean) ** 2, 0) / windows
      const found = dispersionOf(arrival, length)
      expect(found.windows).toBe(windows)
      if (windows < 2) expect(found.index).toBeNaN()
      else expect(found.index).toBeCloseTo(variance / mean, 9)
    },
  )
})

describe('onOffFit', () => {
  const rate = fc.double({ min: 0.5, max: 50, noNaN: true })
  const time = fc.double({ min: 0.5, max: 100, noNaN: true })
  test.prop([rate, time, time])('gives back the process whose figures it is given', (perSecond, on, off) => {
    const [a, b] = [1 / on, 1 / off]
    const s = a + b
    const index = (t: number) => 1 + ((2 * perSecond * a) / s ** 2) * (1 - (1 - Math.exp(-s * t)) / (s * t))
    const fit = onOffFit({ perSecond: (perSecond * b) / s, second: index(1), minute: index(60) })!
    expect(fit.perSecond / perSecond).toBeCloseTo(1, 2)
    expect(fit.on / (1000 * on)).toBeCloseTo(1, 2)
    expect(fit.off / (1000 * off)).toBeCloseTo(1, 2)
  })

  test.each([
    ['counts that vary as those of a Poisson process', 1, 1],
    ['counts that vary less', 0.8, 0.5],
    ['an index that falls', 5, 3],
    ['an index that rises more than any alternation can', 1.1, 9],
    ['no index', Number.NaN, Number.NaN],
  ])('finds none for %s', (_what, second, minute) => {
    expect(onOffFit({ perSecond: 5, second, minute })).toBeUndefined()
  })
})
