import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { jobRunner } from '../../lab/experiment.ts'
import { prepareStudy } from '../../lab/study.ts'
import { comparisonOf } from '../../src/compare/comparison.ts'
import type { Cell, RawResult } from '../../src/compare/raw-result.ts'
import { contradictions } from '../../src/compare/self-check.ts'
import { anyClosedScenario, anyScenario } from './optimum/any-case.ts'

describe('the self-check', () => {
  test.prop([fc.oneof(anyScenario, anyClosedScenario), fc.nat(1000)], { numRuns: 40 })(
    'finds nothing in what the laboratory computes',
    async (scenario, seed) => {
      const { facts } = await prepareStudy(scenario, { seeds: [seed] })
      const run = jobRunner({ scenario })
      const cells: Cell[] = []
      for (const strategy of scenario.strategies as string[])
        cells.push(await run({ caseName: 'any', strategy, seed, withSeries: true, isRepeated: false }))
      expect(contradictions({ study: facts, cells })).toEqual([])
      for (const { summary } of cells) expect(summary.metrics.ofBound).toBeLessThanOrEqual(1)
    },
    60_000,
  )

  const options = { seeds: [1], set: ['arrivals.calls=300'], strategies: ['retry-pace'] }
  const result = prepareStudy('burst', options).then((study) => study.run())

  const changes: readonly (readonly [string, (cell: Cell) => Cell, RegExp])[] = [
    ['more answered calls than the bound', withServed({ calls: 301 }), /the answered calls \(301\) exceed .* \(300\)/],
    ['more reachable calls than the bound', withOptimum({ bound: 299, reachable: 300 }), /the reachable calls \(300\)/],
    ['a bound of more calls than were offered', withOptimum({ bound: 301 }), /the bound \(301\) exceed .* \(300\)/],
    [
      'a share of the bound above 1',
      withMetrics({ ofBound: 1.001 }),
      /the share of the bound \(1\.001\) exceed .* \(1\)/,
    ],
    ['a reachable share above 1', withOptimum({ reachableShare: 1.1 }), /the reachable share of the bound \(1\.1\)/],
    [
      'a makespan that is too short',
      withMetrics({ makespan: 2000 }),
      /calls answered until the makespan \(300\) .* \(30\)/,
    ],
    [
      'too many tokens',
      withServed({ tokens: 2_100_000 }),
      /the tokens admitted until the makespan \(2100000\) .* \(1000000\)/,
    ],
    ['a bound that is met too early', withOptimum({ boundMakespan: 5000 }), /the calls of the bound \(300\) .* \(60\)/],
    ['a bound of too many tokens', withOptimum({ boundTokens: 1_000_001 }), /the tokens of the bound \(1000001\)/],
    [
      'a reachable makespan that is too short',
      withOptimum({ reachableMakespan: 0 }),
      /the reachable calls until .* \(10\)/,
    ],
    ['a schedule of too many tokens', withOptimum({ reachableTokens: 1_000_001 }), /the reachable tokens until/],
    ['a share of answered calls above 1', withMetrics({ success: 1e308 }), /the share of answered calls \(1e\+308\)/],
    ['a throughput above the limit', withMetrics({ throughput: 900 }), /the answers within the span \(/],
    [
      'too many admissions in a second',
      (cell) => ({ ...cell, series: { ...cell.series!, admittedPerSecond: [3, 11] } }),
      /the admissions of second 1 \(11\) exceed what is possible \(10\)/,
    ],
  ]

  test.each(changes)('finds %s', async (_what, change, sentence) => {
    const { study, cells } = await result
    const tampered: RawResult = { study, cells: cells.map((cell, i) => (i === 0 ? change(cell) : cell)) }
    expect(contradictions(tampered)[0]).toMatch(/^case batch, strategy retry-pace, seed 1: the /)
    expect(contradictions(tampered).join('\n')).toMatch(sentence)
    expect(() => comparisonOf(tampered)).toThrow(
      /^The result contradicts the limits that it states.* Unless the cells were changed by hand, ratelab has computed a wrong figure/s,
    )
  })
})

function withServed(served: Partial<Cell['summary']['served']>) {
  return (cell: Cell): Cell => ({
    ...cell,
    summary: { ...cell.summary, served: { ...cell.summary.served, ...served } },
  })
}

function withMetrics(metrics: Partial<Cell['summary']['metrics']>) {
  return (cell: Cell): Cell => ({
    ...cell,
    summary: { ...cell.summary, metrics: { ...cell.summary.metrics, ...metrics } },
  })
}

function withOptimum(optimum: Partial<Cell['optimum']>) {
  return (cell: Cell): Cell => ({ ...cell, optimum: { ...cell.optimum, ...optimum } })
}
