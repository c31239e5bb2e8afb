import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import burst from '../../../scenarios/burst.ts'
import { seeded } from '../../../src/core/random.ts'
import type { Case } from '../../../src/scenario/scenario.ts'
import { readSweep, sweptScenario } from '../../../src/scenario/sweep.ts'
import { loadText } from '../../../src/scenario/sweep-point.ts'
import { workloadOf } from '../../../src/scenario/traffic/workload-of.ts'
import type { Workload } from '../../../src/scenario/workload.ts'

describe('a sweep', () => {
  test('has 8 loads evenly spaced, or as many as are asked for', () => {
    expect(readSweep('--sweep', '20%..300%')).toEqual([0.2, 0.6, 1, 1.4, 1.8, 2.2, 2.6, 3])
    expect(readSweep('--sweep', '50%..100%/2')).toEqual([0.5, 1])
    expect(readSweep('--sweep', '12.5%..25%/2')).toEqual([0.125, 0.25])
  })

  test.each([
    '',
    '20%',
    '20..300',
    '300%..20%',
    '0%..100%',
    '1%..10001%',
    '1..2%',
    '20%..20%',
    '1.2.3%..4%',
    '-5%..10%',
    '1%..2%x',
    7,
    null,
  ])('%j is refused', (text) => {
    expect(readSweep('--sweep', text)).toMatch(/^Expected `--sweep` to be two ascending loads .*, got /)
  })

  test.each(['20%..300%/1', '20%..300%/21', '20%..300%/0'])('%s has too many points or too few', (text) => {
    expect(readSweep('--sweep', text)).toMatch(/^Expected `--sweep` to have 2 to 20 points/)
  })

  test('puts a case for each load in place of each case, without baselines and thresholds', () => {
    const swept = sweptScenario({ ...burst, thresholds: ['none.success>=1%'] }, [0.125, 2])
    expect(swept.thresholds).toBeUndefined()
    expect(swept.cases).toHaveLength(2 * burst.cases.length)
    expect(swept.cases.slice(0, 2)).toEqual([
      {
        ...burst.cases[0],
        name: 'batch-at-12-5',
        title: '{arrivals.calls} calls at once, at 12.5 % of this load',
        sweep: { of: 'batch', load: 0.125 },
      },
      {
        ...burst.cases[0],
        name: 'batch-at-200',
        title: '{arrivals.calls} calls at once, at 200 % of this load',
        sweep: { of: 'batch', load: 2 },
      },
    ])
    expect(swept.cases.some(({ baseline }) => baseline !== undefined)).toBe(false)
    expect(loadText(0.071)).toBe('7.1 %')
  })
})

const plain: Case = { ...burst.cases[0]!, arrivals: { kind: 'poisson', perSecond: 2, until: 60_000 } }
const at = (load: number | undefined, seed: number, chosen = plain) =>
  workloadOf(load === undefined ? chosen : { ...chosen, sweep: { of: 'x', load } }, seeded(seed), undefined)
const texts = ({ arrival, promptTokens, outputTokens }: Workload) =>
  Array.from(arrival, (instant, call) => `${instant} ${promptTokens[call]} ${outputTokens[call]}`)

describe('a workload at another load', () => {
  test.prop([fc.nat(1000)])('of 100 % is the workload itself', (seed) => {
    expect(at(1, seed)).toEqual(at(undefined, seed))
  })

  test.prop([fc.nat(1000), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 30 })])(
    'has a part of the calls of a greater load, in the order of arrival',
    (seed, tenths, more) => {
      const small = at(tenths / 10, seed)
      const great = texts(at((tenths + more) / 10, seed))
      expect([...small.arrival]).toEqual([...small.arrival].sort((a, b) => a - b))
      const left = new Map<string, number>()
      for (const each of great) left.set(each, (left.get(each) ?? 0) + 1)
      for (const each of texts(small)) {
        const count = left.get(each) ?? 0
        expect(count).toBeGreaterThan(0)
        left.set(each, count - 1)
      }
    },
  )

  test('has the load in the mean', () => {
    const calls = (load: number) =>
      Array.from({ length: 200 }, (_, seed) => at(load, seed).arrival.length).reduce((sum, each) => sum + each) / 200
    // 120 calls are expected. The standard error of a mean over 200 seeds is less than 2.
    for (const load of [0.2, 0.5, 1.5, 3]) expect(Math.abs(calls(load) / 120 - load)).toBeLessThan(0.08)
  })

  test('has no more calls than a workload may have', () => {
    const all: Case = { ...plain, arrivals: { kind: 'at-once', calls: 250_000 } }
    expect(() => at(100, 1, all)).toThrow(/at most 20000000 calls, got about 25000000 at 10000 %/)
  })

  test('of calls at once multiplies the calls', () => {
    const all: Case = { ...plain, arrivals: { kind: 'at-once', calls: 100 } }
    expect(at(3, 1, all).arrival).toHaveLength(300)
    expect(new Set(at(3, 1, all).arrival)).toEqual(new Set([0]))
    expect(at(2.5, 1, all).arrival.length).toBeGreaterThan(220)
    expect(at(2.5, 1, all).arrival.length).toBeLessThan(280)
  })
})

test('the load of a closed loop is the number of its workers', () => {
  const closed: Case = {
    ...(burst.cases[0] as Case),
    arrivals: { kind: 'closed', workers: 10, calls: 50, think: 0 },
    lengths: { kind: 'fixed', prompt: 1, output: 1 },
  }
  const workersAt = (load: number) =>
    workloadOf({ ...closed, sweep: { of: 'batch', load } }, seeded(1), undefined).loop!.workers
  expect([0.01, 0.5, 1, 2.5].map(workersAt)).toEqual([1, 5, 10, 25])
})
