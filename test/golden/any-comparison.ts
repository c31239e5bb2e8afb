import { fc } from '@fast-check/vitest'
import { type CaseComparison, type Comparison, optimumNames, type Row } from '../../src/compare/comparison.ts'
import { metricKinds, metricNames } from '../../src/compare/metric-kinds.ts'
import type { Metrics } from '../../src/compare/raw-result.ts'
import type { Estimate } from '../../src/compare/statistics.ts'
import { rules } from '../../src/core/limit.ts'
import { outcomes } from '../../src/harness/trace.ts'
import { comparison as made } from './comparison.ts'

// These comparisons need not be possible results of a run, but every field has a value of its type.

const size = fc.oneof(
  fc.constantFrom(0, 1, 0.5, 1e-12, 999.6, 59_970, 1e12, 12_345_678.9),
  fc.double({ min: 0, max: 1e9, noNaN: true }),
)
const share = fc.oneof(fc.constantFrom(0, 1, 0.9999999, 1e-9), fc.double({ min: 0, max: 1, noNaN: true }))
const count = fc.oneof(fc.constantFrom(0, 0.05, 9999.5), fc.double({ min: 0, max: 1e7, noNaN: true }))
const wait = fc.oneof({ weight: 4, arbitrary: size }, { weight: 1, arbitrary: fc.constant(Infinity) })
const quantiles = fc
  .array(wait, { minLength: 101, maxLength: 101 })
  .map((waits) => Array.from(Float64Array.from(waits).sort()))

function estimate(value: fc.Arbitrary<number>, seeds: number): fc.Arbitrary<Estimate> {
  if (seeds < 2) return value.map((value) => ({ value, low: Number.NaN, high: Number.NaN }))
  return fc.oneof(
    fc
      .tuple(value, fc.double({ min: 0, max: 10, noNaN: true }))
      .map(([value, half]) => ({ value, low: value - half, high: value + half })),
    fc.tuple(value, value, value).map((values) => {
      const [low = 0, middle = 0, high = 0] = values.sort((a, b) => a - b)
      return { value: middle, low, high }
    }),
  )
}

function each<K extends string, V>(
  names: readonly K[],
  value: (name: K) => fc.Arbitrary<V>,
): fc.Arbitrary<Record<K, V>> {
  return fc.record(
    Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, fc.Arbitrary<V>>,
  ) as fc.Arbitrary<Record<K, V>>
}

function metric(name: keyof Metrics, seeds: number): fc.Arbitrary<Estimate> {
  const { kind } = metricKinds[name]
  if (kind === 'share') return estimate(share, seeds)
  return estimate(kind === 'time' || kind === 'money' ? wait : size, seeds)
}

function optimumFigure(name: keyof Row['optimum']): fc.Arbitrary<number> {
  if (/Share|Success/.test(name)) return share
  return /Makespan|wait/.test(name) ? wait : count
}

function anyRow(seeds: number): fc.Arbitrary<Omit<Row, 'id' | 'rank'>> {
  return fc.record(
    {
      label: fc.constantFrom('none', 'retry(full, 10) + pace(9/s)', 'a | b'),
      about: fc.constantFrom('Sends once.', 'One | two\nlines'),
      quotaText: fc.constantFrom('1 account', '3 accounts', 'pool of 5 accounts'),
      solution: fc.constantFrom(1, 2, 3, 4, 5),
      terms: fc.constant('Check the terms.'),
      metrics: each(metricNames, (name) => metric(name, seeds)),
      outcomes: each(outcomes, () => count),
      denials: each(rules, () => count),
      deniedBy: each(rules, () => count),
      limits: fc.array(
        fc.record({
          unit: fc.constantFrom('requests' as const, 'tokens' as const),
          window: fc.integer({ min: 1, max: 86_400_000 }),
          phases: fc.array(fc.record({ from: fc.nat(), limit: fc.integer({ min: 1 }) }), {
            minLength: 1,
            maxLength: 2,
          }),
        }),
        { maxLength: 3 },
      ),
      optimum: each([...optimumNames, 'boundSuccess', 'reachableSuccess'] as const, (name) =>
        estimate(optimumFigure(name), seeds),
      ),
      tenants: fc.array(
        fc.record({
          name: fc.constantFrom('web', 'a | b', '<b>'),
          calls: count,
          success: estimate(share, seeds),
          amplification: estimate(size, seeds),
          waitP50: estimate(wait, seeds),
          waitP95: estimate(wait, seeds),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      pAgainstHead: fc.oneof(share, fc.constant(Number.NaN)),
      valuesBySeed: fc.record({
        efficiency: fc.array(share, { minLength: seeds, maxLength: seeds }),
        excessWait: fc.array(wait, { minLength: seeds, maxLength: seeds }),
      }),
      series: fc.record({
        admittedPerSecond: fc.array(fc.nat(50), { maxLength: 400 }),
        deniedPerSecond: fc.array(fc.nat(3000), { maxLength: 400 }),
        waitQuantiles: quantiles,
        reachableWaitQuantiles: quantiles,
      }),
    },
    {
      requiredKeys: [
        'label',
        'about',
        'quotaText',
        'limits',
        'metrics',
        'outcomes',
        'denials',
        'deniedBy',
        'optimum',
        'pAgainstHead',
        'valuesBySeed',
        'series',
      ],
    },
  )
}

function anyCase(seeds: number, index: number): fc.Arbitrary<CaseComparison> {
  return fc.record({
    name: fc.constant(`case-${index}`),
    title: fc.constantFrom(
      '2,000 calls at once',
      'A | title\nof two lines, which is much longer than any title ought to be '.repeat(3),
    ),
    calls: fc.oneof(fc.constant(0), count),
    patience: wait,
    horizon: wait,
    span: size,
    rankedBy: fc.constantFrom('efficiency' as const, 'excessWait' as const),
    limitPerSecond: fc.oneof(fc.constantFrom(10, 0.05, 500), fc.constant(Infinity)),
    raises: fc
      .array(fc.record({ at: size, perSecond: fc.double({ min: 0.05, max: 1e4, noNaN: true }) }), { maxLength: 4 })
      .map((raises) => raises.sort((a, b) => a.at - b.at)),
    rows: fc
      .array(anyRow(seeds), { maxLength: 16 })
      .map((rows) => [...rows].sort((a, b) => b.metrics.efficiency.value - a.metrics.efficiency.value))
      .map((rows) => {
        let rank = 1
        return rows.map((row, i) => {
          if (i > 0 && row.pAgainstHead < 0.05) rank = i + 1
          return { ...row, id: `strategy-${'x'.repeat(i)}${i}`, rank }
        })
      }),
  })
}

/** Comparisons with any number of rows and seeds, among them those in which nothing is answered, nothing denied or nothing limited. */
export const anyComparison: fc.Arbitrary<Comparison> = fc
  .tuple(fc.constantFrom(1, 2, 20), fc.integer({ min: 0, max: 2 }))
  .chain(([seeds, cases]) =>
    fc.tuple(...Array.from({ length: cases }, (_, index) => anyCase(seeds, index))).map((drawn) => ({
      ...made,
      seeds: Array.from({ length: seeds }, (_, i) => i),
      cases: drawn,
    })),
  )
