import { describe, expect, test } from 'vitest'
import { rampOf, summarizeOptimum, unrankedRow } from '../../../src/compare/comparison.ts'
import { rankRows } from '../../../src/compare/ranking.ts'
import type { Cell, Contestant } from '../../../src/compare/raw-result.ts'
import { summarize } from '../../../src/compare/summary.ts'
import { rules } from '../../../src/core/limit.ts'
import { Trace } from '../../../src/harness/trace.ts'

const contestant = (id: string): Contestant => ({
  id,
  label: `${id}(1)`,
  about: 'made by hand',
  quotaText: '1 account',
  limits: [],
})
const optimum = {
  bound: 10,
  boundMakespan: 1000,
  boundTokens: 90,
  reachable: 10,
  reachableMakespan: 1200,
  reachableTokens: 90,
  reachableShare: 0.9,
  waitP50: 5,
  waitP95: 9,
}
/** What is reached by nobody. */
const none = { answered: 0, lastAdmission: 0, makespan: 0, tokens: 0 }
const series = { admittedPerSecond: [1], deniedPerSecond: [], waitQuantiles: [0], reachableWaitQuantiles: [0] }

/** A cell whose efficiency, wait and success are given. Its other figures are those of a run without calls. */
function cell(efficiency: number, waitP95 = 1, withSeries = false, success = 0): Cell {
  const nothing = summarize(new Trace(0), {
    charges: {
      workload: { arrival: new Float64Array(0), promptTokens: new Uint32Array(0), outputTokens: new Uint32Array(0) },
      tokenCharge: 'split',
      refund: true,
      maxTokens: 1,
    },
    best: {
      bound: { ...none, admissions: new Float64Array(0) },
      reachable: { ...none, waits: new Float64Array(0) },
      meanService: 0,
    },
    span: 60_000,
    patience: 1000,
    horizon: 60_000,
  })
  const metrics = { ...nothing.metrics, efficiency, waitP95, success }
  return { case: 'c', strategy: 's', seed: 1, summary: { ...nothing, metrics }, optimum, ...(withSeries && { series }) }
}

const compareRows = (contestants: readonly Contestant[], cellsOf: (id: string) => readonly Cell[]) =>
  rankRows(
    contestants.map((each) => unrankedRow(each, cellsOf(each.id))),
    'efficiency',
  )

function compare(efficiencies: Readonly<Record<string, readonly number[]>>) {
  return compareRows(Object.keys(efficiencies).map(contestant), (id) =>
    efficiencies[id]!.map((value, seed) => cell(value, 1, seed === 0)),
  )
}
const ranks = (rows: ReturnType<typeof compare>) => rows.map(({ id, rank }) => [id, rank])

describe('ranking', () => {
  test('is by median efficiency when the differences over the seeds are significant', () => {
    const rows = compare({
      slow: [0.1, 0.11, 0.1, 0.12, 0.1, 0.1],
      fast: [0.9, 0.91, 0.9, 0.92, 0.9, 0.91],
      middle: [0.5, 0.51, 0.5, 0.52, 0.5, 0.5],
    })
    expect(ranks(rows)).toEqual([
      ['fast', 1],
      ['middle', 2],
      ['slow', 3],
    ])
    expect(rows[0]!.pAgainstHead).toBeNaN()
    expect(rows[1]!.pAgainstHead).toBeLessThan(0.001)
  })

  test('gives rows one rank when their difference is not significant, and counts all of them for the next rank', () => {
    const rows = compare({
      b: [0.9, 0.7, 0.7, 0.9, 0.7, 0.8],
      a: [0.7, 0.9, 0.9, 0.8, 0.8, 0.8],
      c: [0.2, 0.1, 0.2, 0.1, 0.2, 0.1],
    })
    expect(ranks(rows)).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 3],
    ])
    expect(rows[1]!.pAgainstHead).toBeGreaterThan(0.05)
  })

  test('tests each row against the head of the rank, not against the row above', () => {
    const head = [0.9, 0.9, 0.91, 0.9, 0.91, 0.9]
    const rows = compare({
      head,
      near: [0.95, 0.84, 0.93, 0.89, 0.92, 0.85],
      // Each value is 0.03 below the head’s, which is significant. The difference from `near`, whose values scatter, is not.
      below: head.map((value) => value - 0.03),
    })
    expect(ranks(rows)).toEqual([
      ['head', 1],
      ['near', 1],
      ['below', 3],
    ])
  })

  test('puts the row that answers more calls first among rows that share a rank', () => {
    const rows = compareRows([contestant('quick'), contestant('full')], (id) =>
      [0.8, 0.81, 0.79, 0.8, 0.81, 0.79].map((value, seed) =>
        cell(id === 'quick' ? value + 0.001 * (-1) ** seed : value, 1, seed === 0, id === 'full' ? 1 : 0.9),
      ),
    )
    expect(ranks(rows)).toEqual([
      ['full', 1],
      ['quick', 1],
    ])
  })

  test('tests a row against the head of the rank before it, not against the best row', () => {
    const rows = compare({
      a: [0.9, 0.91, 0.9, 0.92, 0.9, 0.9],
      b: [0.5, 0.4, 0.46, 0.5, 0.4, 0.47],
      c: [0.4, 0.5, 0.45, 0.4, 0.48, 0.41],
    })
    expect(rows.map(({ rank }) => rank)).toEqual([1, 2, 2])
  })

  test('gives equal strategies one rank, in the order in which they were given', () => {
    const values = [0.5, 0.6, 0.7, 0.5, 0.6, 0.7]
    const rows = compare({ y: values, x: values, z: values })
    expect(ranks(rows)).toEqual([
      ['y', 1],
      ['x', 1],
      ['z', 1],
    ])
    expect(rows[2]!.pAgainstHead).toBe(1)
  })

  test('gives no ranks when there are fewer seeds than an interval needs, but an order', () => {
    for (const seeds of [1, 5]) {
      const rows = compare({ b: new Array(seeds).fill(0.1), a: new Array(seeds).fill(0.9) })
      expect(ranks(rows)).toEqual([
        ['a', Number.NaN],
        ['b', Number.NaN],
      ])
      expect(rows[1]!.pAgainstHead).toBeNaN()
    }
  })

  test('needs a difference that is relevant: one of less than half a percentage point opens no rank, though it is certain', () => {
    const a = [0.52, 0.54, 0.56, 0.58, 0.6, 0.62]
    const below = (by: number) => compare({ a, b: a.map((value) => value - by) }).map(({ rank }) => rank)
    expect(below(0.0049)).toEqual([1, 1])
    expect(below(0.0051)).toEqual([1, 2])
  })

  test('needs a difference of the median: one seed that is far off decides nothing', () => {
    const a = [0.9, 0.91, 0.9, 0.92, 0.9, 0.91]
    expect(compare({ a, b: [...a.slice(0, 5), 0.1] }).map(({ rank }) => rank)).toEqual([1, 1])
  })

  test('corrects p-values for the number of comparisons', () => {
    // The differences are 0.01, 0.01, 0.01, 0.05, 0.05 and 0.01, so t = 2.75 and p = 0.040. With three comparisons it is not significant.
    const a = [0.52, 0.54, 0.56, 0.58, 0.6, 0.62]
    const b = [0.51, 0.53, 0.55, 0.53, 0.55, 0.61]
    const noise = [0.3, 0.2, 0.25, 0.3, 0.28, 0.22]
    expect(compare({ a, b })[1]).toMatchObject({ id: 'b', rank: 2 })
    expect(compare({ a, b, c: noise, d: noise }).map(({ rank }) => rank)).not.toEqual([1, 2, 3, 3])
    expect(compare({ a, b, c: noise, d: noise })[1]).toMatchObject({ id: 'b', rank: 1 })
  })
})

describe('a row', () => {
  const cells = [cell(0.5, 10, true), cell(0.7, Infinity), cell(0.6, 30), cell(0.6, 30), cell(0.6, 30), cell(0.6, 30)]
  const [row] = compareRows([contestant('only')], () => cells)

  test('holds the description of its strategy', () => {
    expect(row).toMatchObject({ id: 'only', label: 'only(1)', about: 'made by hand', quotaText: '1 account', rank: 1 })
  })

  test('estimates every metric over the seeds', () => {
    expect(row!.metrics.efficiency.value).toBeCloseTo(0.6, 12)
    const inward = 5 / 14
    expect(row!.metrics.waitP95).toMatchObject({ value: 30, high: Infinity })
    expect(row!.metrics.waitP95.low).toBeCloseTo(10 + 20 * inward, 9)
    expect(Object.keys(row!.metrics)).toEqual(Object.keys(cells[0]!.summary.metrics))
    expect(row!.valuesBySeed.efficiency).toEqual([0.5, 0.7, 0.6, 0.6, 0.6, 0.6])
    expect(row!.optimum.boundMakespan).toEqual({ value: 1000, low: 1000, high: 1000 })
    expect(row!.series).toBe(series)
  })

  test('holds mean counts of outcomes and denials', () => {
    const counted = cells.map((each, i) => ({
      ...each,
      summary: {
        ...each.summary,
        outcomes: { ...each.summary.outcomes, ok: i, expired: 3 },
        denials: { ...each.summary.denials, rps: 2 * i },
      },
    }))
    const [only] = compareRows([contestant('only')], () => counted)
    expect(only!.outcomes).toEqual({ ok: 2.5, throttled: 0, failed: 0, expired: 3, unfinished: 0, dropped: 0 })
    expect(only!.denials).toEqual({ ...Object.fromEntries(rules.map((rule) => [rule, 0])), rps: 5 })
  })
})

test('the figures of an optimum are those of the bound and of the reachable, with percentiles over all offered calls', () => {
  const waits = Float64Array.of(Infinity, 3, 1, 2)
  const admissions = new Float64Array(4)
  const bound = { answered: 4, makespan: 60, lastAdmission: 50, tokens: 40, admissions }
  const reachable = { answered: 3, makespan: 70, lastAdmission: 65, tokens: 31, waits }
  expect(summarizeOptimum({ bound, reachable, meanService: 10 })).toEqual({
    bound: 4,
    boundMakespan: 60,
    boundTokens: 40,
    reachable: 3,
    reachableMakespan: 70,
    reachableTokens: 31,
    reachableShare: (3 / 4) * (60 / 75),
    waitP50: 2,
    waitP95: Infinity,
  })
})

test('the optimum is a share of the calls of each seed, since seeds may offer different numbers of calls', () => {
  const cells = [300, 310, 320, 330, 345, 400].map((calls, i): Cell => {
    const own = cell(1, 1, i === 0)
    const answered = { bound: calls, reachable: calls / 2 }
    return { ...own, seed: 1 + i, summary: { ...own.summary, calls }, optimum: { ...own.optimum, ...answered } }
  })
  const { boundSuccess, reachableSuccess } = unrankedRow(contestant('a'), cells).optimum
  expect([boundSuccess, reachableSuccess]).toEqual([
    { value: 1, low: 1, high: 1 },
    { value: 0.5, low: 0.5, high: 0.5 },
  ])
})

test('there is no ramp where the limits let no call through', () => {
  const ramp = (bound: number, reachableShare: number) => {
    const own = cell(1, 1, true)
    return rampOf(
      unrankedRow(contestant('a'), [{ ...own, optimum: { ...own.optimum, bound, reachableShare } }]).optimum,
    )
  }
  expect([ramp(0, 0), ramp(10, 0), ramp(10, 0.75)]).toEqual([Number.NaN, 1, 0.25])
})
