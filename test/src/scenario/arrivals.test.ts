import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { seeded } from '../../../src/core/random.ts'
import { type Arrivals, arrivalProblems, instants } from '../../../src/scenario/arrivals.ts'

type Drawn = Exclude<Arrivals, { kind: 'trace' }>
const draw = (arrivals: Drawn, seed = 1) => [...instants(arrivals, seeded(seed))]
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
  const drawn: fc.Arbitrary<Drawn & { readonly until: number }> = fc.oneof(
    fc.record({ kind: fc.constant('poisson' as const), perSecond: rate, until: length }),
    fc.record({ kind: fc.constant('step' as const), before: rate, after: rate, at: length, until: length }),
    fc.record({ kind: fc.constant('on-off' as const), perSecond: rate, on: length, off: length, until: length }),
  )

  test.prop([drawn, fc.integer()])('are whole, ascending, and before the end', (arrivals, seed) => {
    const at = draw(arrivals, seed)
    expect(at.every((each, i) => Number.isSafeInteger(each) && each >= (at[i - 1] ?? 0) && each < arrivals.until)).toBe(
      true,
    )
    expect(arrivalProblems('arrivals', arrivals)).toEqual([])
  })
})

describe('arrivalProblems', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['no calls', { kind: 'at-once', calls: 0 }, ['Expected `a.calls` to be >= 1 and <= 20000000, got 0']],
    [
      'half a call',
      { kind: 'at-once', calls: 1.5 },
      ['Expected `a.calls` to be a whole number >= 1 and <= 20000000, got 1.5'],
    ],
    [
      'a bad rate and no end',
      { kind: 'poisson', perSecond: -1 },
      ['Expected `a.perSecond` to be > 0, got -1', 'Expected `a.until` to be a finite number > 0, got undefined'],
    ],
    [
      'no end',
      { kind: 'poisson', perSecond: 1, until: Infinity },
      ['Expected `a.until` to be a finite number > 0, got Infinity'],
    ],
    [
      'an unknown field',
      { kind: 'trace', speed: 1, sped: 2 },
      ['Expected `a` to have no fields but kind, speed, got "sped"; did you mean speed?'],
    ],
    ['no generator', { kind: 'custom' }, ['Expected `a.generate` to be a function, got undefined']],
    [
      'on-times and off-times that would alternate without end',
      { kind: 'on-off', perSecond: 1, on: 5e-324, off: 0.5, until: 1000 },
      ['Expected `a.on` to be >= 1, got 5e-324', 'Expected `a.off` to be >= 1, got 0.5'],
    ],
    ['no kind', {}, ['Expected `a.kind` to be one of at-once, poisson, step, on-off, trace, custom, got undefined']],
    [
      'a misspelled kind',
      { kind: 'poison' },
      [
        'Expected `a.kind` to be one of at-once, poisson, step, on-off, trace, custom, got "poison"; did you mean poisson?',
      ],
    ],
    [
      'a name of the prototype',
      { kind: 'constructor' },
      ['Expected `a.kind` to be one of at-once, poisson, step, on-off, trace, custom, got "constructor"'],
    ],
    ['no description', undefined, ['Expected `a` to be an object, got undefined']],
    ['a list', [1], ['Expected `a` to be an object, got a list']],
  ])('%s', (_what, arrivals, problems) => {
    expect(arrivalProblems('a', arrivals)).toEqual(problems)
  })
})
