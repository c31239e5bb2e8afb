import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { ComparedResult } from '../../../src/compare/matched-runs.ts'
import { metricKinds, metricNames } from '../../../src/compare/metric-kinds.ts'
import type { Metrics } from '../../../src/compare/raw-result.ts'
import { hasWorse, type RegressionOptions, regressionOf } from '../../../src/compare/regression.ts'
import { anyStudy } from '../../golden/any-study.ts'
import { comparison } from '../../golden/comparison.ts'
import { type Figures, madeResult, type ResultChanges } from '../../golden/made-result.ts'

const made = (label: string, figures: Figures, changes?: ResultChanges): ComparedResult => ({
  label,
  result: madeResult(figures, changes),
})
const compare = (before: ComparedResult, after: ComparedResult, options: Partial<RegressionOptions> = {}) =>
  regressionOf(before, after, options)
const success = (...values: number[]) => values.map((each) => ({ success: each }))
const waits = (...values: number[]) => values.map((each) => ({ waitP95: each }))
const only = (metric: keyof Metrics) => ({ metrics: [metric] })

/** The remarks without the one that there are too few seeds, which most tests have. */
const withoutFew = (remarks: readonly string[]) => remarks.filter((each) => !each.startsWith('With fewer than 6 seeds'))

describe('the differences of two results', () => {
  test.prop([anyStudy])('of a result from itself are all 0 and not distinguishable', (result) => {
    const { rows, remarks, failed } = compare({ label: 'a', result }, { label: 'a', result })
    expect(failed).toEqual(result.study.failed ?? [])
    expect(rows).toHaveLength(result.study.cases.flatMap(({ contestants }) => contestants).length * metricNames.length)
    expect(new Set(rows.map(({ conclusion }) => conclusion))).toEqual(new Set(['not distinguishable']))
    for (const { difference } of rows) expect(Number.isNaN(difference.value) || difference.value === 0).toBe(true)
    expect(withoutFew(remarks).filter((each) => !/failed in a and has no figures there/.test(each))).toEqual([])
  })

  const values = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 6, maxLength: 6 }),
    fc.integer({ min: 0, max: 20 }).map((each) => new Array<number>(6).fill(each)),
    fc.array(fc.constantFrom(5, 6, Infinity), { minLength: 6, maxLength: 6 }),
  )
  const metric = fc.constantFrom(...metricNames)
  const seeds = fc.constantFrom([1, 2, 3, 4, 5, 6], [4, 5, 6, 7, 8, 9], [11, 12, 13, 14, 15, 16])

  test.prop([metric, values, values, seeds])('change places with better and worse', (name, a, b, ofAfter) => {
    const figures = (list: readonly number[]) => ({ c: { s: list.map((each) => ({ [name]: each })) } })
    const [before, after] = [made('a', figures(a)), made('b', figures(b), { seeds: ofAfter })]
    const [there, back] = [compare(before, after, only(name)).rows[0]!, compare(after, before, only(name)).rows[0]!]
    const mirror: Record<string, string> = { better: 'worse', worse: 'better' }
    expect(back.conclusion).toBe(mirror[there.conclusion] ?? there.conclusion)
  })

  test.prop([metric, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 }), fc.boolean()])(
    'are found when they exceed the interval, and have the right sign',
    (name, noise, isUp) => {
      const base = noise.map((each) => 1000 + each)
      const shifted = noise.map((each, i) => base[i]! + (isUp ? 100 : -100) + ((each * 7) % 5))
      const figures = (list: readonly number[]) => ({ c: { s: list.map((each) => ({ [name]: each })) } })
      const { conclusion, difference } = compare(made('a', figures(base)), made('b', figures(shifted)), only(name))
        .rows[0]!
      expect(isUp ? difference.low > 0 : difference.high < 0).toBe(true)
      const { better } = metricKinds[name]
      if (better === 'neither') expect(conclusion).toBe('different')
      else expect(conclusion).toBe(isUp === (better === 'higher') ? 'better' : 'worse')
    },
  )

  test('are too small below the least relevant difference, which is a share of the larger figure or the metric’s own', () => {
    const [a, b] = [made('a', { c: { s: waits(1000, 1000, 1000) } }), made('b', { c: { s: waits(1009, 1009, 1009) } })]
    const conclusion = (byMetric: Partial<Metrics>, share: number) =>
      compare(a, b, { ...only('waitP95'), least: { share, byMetric } }).rows[0]!.conclusion
    expect(conclusion({}, 0.01)).toBe('too small')
    expect(conclusion({}, 0.008)).toBe('worse')
    expect(conclusion({ waitP95: 9 }, 0.5)).toBe('worse')
    expect(conclusion({ waitP95: 10 }, 0)).toBe('too small')
  })

  test('are a share of the larger figure, whichever result has it', () => {
    const [a, b] = [made('a', { c: { s: waits(1000, 1000) } }), made('b', { c: { s: waits(1010, 1010) } })]
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const) {
      expect(compare(x, y, only('waitP95')).rows[0]!.conclusion).toBe('too small')
      expect(
        compare(x, y, { ...only('waitP95'), least: { share: 0.0099, byMetric: {} } }).rows[0]!.conclusion,
      ).not.toBe('too small')
    }
  })

  test('that are infinite are relevant: calls that never end in one of the results', () => {
    const [a, b] = [
      made('a', { c: { s: waits(5, 6, 7) } }),
      made('b', { c: { s: waits(Infinity, Infinity, Infinity) } }),
    ]
    expect(compare(a, b, only('waitP95')).rows[0]).toMatchObject({
      conclusion: 'worse',
      difference: { value: Infinity },
    })
    expect(hasWorse(compare(a, b))).toBe(true)
    expect(hasWorse(compare(b, a))).toBe(false)
  })

  test('count how many rows were looked at', () => {
    const [a, b] = [
      [0.5, 0.52, 0.49, 0.5, 0.5, 0.5],
      [0.52, 0.53, 0.52, 0.51, 0.53, 0.505],
    ]
    const [before, after] = [made('a', { c: { s: success(...a) } }), made('b', { c: { s: success(...b) } })]
    const alone = compare(before, after, only('success')).rows[0]!
    expect(alone.conclusion).toBe('better')
    const among = compare(before, after).rows.find((row) => row.metric === 'success')!
    expect(among.conclusion).toBe('not distinguishable')
    expect(among.difference).toMatchObject({ value: alone.difference.value, low: alone.difference.low })
  })
})

describe('what has no counterpart', () => {
  const figures = { c: { s: success(1, 1), t: success(1, 1) }, d: { s: success(1, 1) } }

  test('is named: cases and strategies', () => {
    const after = made('b', { c: { s: success(1, 1), u: success(1, 1) }, e: { s: success(1, 1) } })
    const { rows, remarks } = compare(made('a', figures), after, only('success'))
    expect(rows.map((row) => [row.case, row.strategyBefore])).toEqual([['c', 's']])
    expect(withoutFew(remarks)).toEqual([
      'Only a has the case d: not compared.',
      'Only b has the case e: not compared.',
      'Only a has the strategy t in the case c: not compared.',
      'Only b has the strategy u in the case c: not compared.',
    ])
  })

  test('is named: seeds, which are paired by number in any order', () => {
    const before = made('a', { c: { s: success(0.1, 0.2, 0.3, 0.2, 0.2, 0.2, 0.2) } }, { seeds: [1, 2, 3, 4, 5, 6, 7] })
    const after = made('b', { c: { s: success(0.9, 0.4, 0.3, 0.3, 0.3, 0.3, 0.3) } }, { seeds: [9, 3, 2, 4, 5, 6, 7] })
    const { rows, remarks, seeds } = compare(before, after, only('success'))
    expect(seeds).toEqual({ arePaired: true, before: 6, after: 6 })
    expect(rows[0]!.difference.value).toBeCloseTo(0.1, 12)
    expect(remarks).toEqual([
      '1 seed that only a has is left out; 6 in common are compared pair by pair.',
      '1 seed that only b has is left out; 6 in common are compared pair by pair.',
    ])
  })

  test('is named: no seed in common, so that samples are independent', () => {
    const before = made('a', { c: { s: success(0.1, 0.2) } }, { seeds: [1, 2] })
    const after = made('b', { c: { s: success(0.9, 0.8, 0.9) } }, { seeds: [3, 4, 5] })
    const { remarks, seeds } = compare(before, after)
    expect(seeds).toEqual({ arePaired: false, before: 2, after: 3 })
    expect(remarks[0]).toMatch(/have no seed in common.*Mann and Whitney.*run both with the same seeds/)
  })

  test('is named: few seeds in common are less than two samples', () => {
    const before = made('a', { c: { s: success(0.1, 0.2) } }, { seeds: [1, 2] })
    const after = made('b', { c: { s: success(0.9, 0.8) } }, { seeds: [2, 3] })
    const { remarks, seeds } = compare(before, after)
    expect(seeds).toEqual({ arePaired: false, before: 2, after: 2 })
    expect(remarks[0]).toMatch(/have only 1 seed in common/)
  })

  test('with few seeds there is a difference, but neither interval nor conclusion', () => {
    const { rows, remarks } = compare(made('a', { c: { s: success(0.1) } }), made('b', { c: { s: success(0.9) } }))
    expect(rows[0]).toMatchObject({ conclusion: 'not distinguishable', difference: { value: 0.8, low: Number.NaN } })
    expect(remarks).toEqual([expect.stringMatching(/^With fewer than 6 seeds there is no interval/)])
  })

  test('is named: scenarios, profiles with another currency, switches, settings and workloads', () => {
    const study = {
      scenario: { ...comparison.scenario, name: 'other', model: 'm2' },
      profile: { name: 'cn', title: 'cn', currency: 'CNY' },
      switches: { ...comparison.switches, rejectsCount: true },
      changed: ['--seeds 2', '--profile cn', '--set patience=5'],
    }
    const { rows, remarks } = compare(made('a', figures), made('b', figures, { study, calls: 12 }))
    expect(rows.filter(({ metric }) => metricKinds[metric].kind === 'money')).toEqual([])
    expect(withoutFew(remarks)).toEqual([
      `The scenarios differ: ${comparison.scenario.name} and other.`,
      `The models differ: ${comparison.scenario.model} and m2.`,
      `The profiles differ: ${comparison.profile.name} and cn.`,
      'The values of the switch rejectsCount differ: false and true.',
      'The changed options differ: none and --set patience=5.',
      'Prices are in USD and in CNY, so metrics of money are not compared.',
      expect.stringMatching(/^The case c does not offer the same calls in both: 10 and 12 on average/),
      expect.stringMatching(/^The case d does not offer/),
    ])
  })
})

test('two strategies are compared in every case in which both take part', () => {
  const result = madeResult({ c: { s: success(0.1, 0.1), t: success(0.9, 0.9) }, d: { s: success(1, 1) } })
  const { rows } = compare(
    { label: 's', result, strategy: 's' },
    { label: 't', result, strategy: 't' },
    only('success'),
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ case: 'c', strategyBefore: 's', strategyAfter: 't', conclusion: 'better' })
})

test('only the strategies that are asked for are compared', () => {
  const side = made('a', { c: { s: success(1, 1), t: success(1, 1) } })
  expect(compare(side, side, { ...only('success'), strategies: ['t'] }).rows.map((row) => row.strategyAfter)).toEqual([
    't',
  ])
})

describe('a strategy that failed', () => {
  const withFailed = (result: ComparedResult, ...ids: string[]): ComparedResult => ({
    ...result,
    result: {
      ...result.result,
      study: { ...result.result.study, failed: ids.map((id) => ({ id, message: `${id} threw\n  x.ts:2` })) },
    },
  })
  const both = { c: { s: success(1, 1), t: success(1, 1) } }
  const one = { c: { t: success(1, 1) } }

  test('in the second result is told with its fault, and is worse than having figures', () => {
    const regression = compare(made('old', both), withFailed(made('new', one), 's'))
    expect(withoutFew(regression.remarks)).toEqual(['s failed in new and has no figures there: s threw, x.ts:2'])
    expect(regression.failed.map(({ id }) => id)).toEqual(['s'])
    expect(hasWorse(regression)).toBe(true)
  })

  test('in the first result is told, too, and leaves the gate open', () => {
    const regression = compare(withFailed(made('old', one), 's'), made('new', both))
    expect(withoutFew(regression.remarks)).toEqual(['s failed in old and has no figures there: s threw, x.ts:2'])
    expect([regression.failed, hasWorse(regression)]).toEqual([[], false])
  })

  test('does not count where only others are compared', () => {
    const after = withFailed(made('new', one), 's')
    expect(hasWorse(compare(made('old', both), after, { strategies: ['t'] }))).toBe(false)
    const chosen = compare({ ...made('old', both), strategy: 's' }, { ...after, strategy: 't' })
    expect([withoutFew(chosen.remarks), hasWorse(chosen)]).toEqual([[], false])
  })
})
