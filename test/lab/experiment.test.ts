import { describe, expect, test } from 'vitest'
import { conduct, runJob } from '../../lab/experiment.ts'
import burst from '../../scenarios/burst.ts'
import type { Case, Scenario } from '../../src/scenario/scenario.ts'

const chosen: Case = {
  ...burst.cases[0]!,
  arrivals: { kind: 'poisson', perSecond: 20, until: 20_000 },
}
const scenario: Scenario = { ...burst, cases: [chosen] }
const job = (strategy: string, seed: number) => ({ chosen, strategy, seed, withSeries: false })

describe('common random numbers', () => {
  test.each(['article-backoff', 'retry-pace', 'rotation'])(
    'give none and %s the same arrivals, lengths and network on one seed',
    async (other) => {
      const [a, b] = await Promise.all([
        conduct(scenario, job('none', 7), undefined),
        conduct(scenario, job(other, 7), undefined),
      ])
      expect(a.workload).toEqual(b.workload)
      expect(a.workload.arrival.length).toBeGreaterThan(300)
      // The network delay of each call's first attempt is decided − sent. It does not depend on what the strategy did before.
      expect(firstTrips(a.trace)).toEqual(firstTrips(b.trace))
    },
  )

  test('give another workload and network on another seed', async () => {
    const [a, b] = await Promise.all([
      conduct(scenario, job('none', 7), undefined),
      conduct(scenario, job('none', 8), undefined),
    ])
    expect(a.workload.arrival).not.toEqual(b.workload.arrival)
    expect(firstTrips(a.trace)).not.toEqual(firstTrips(b.trace))
  })
})

describe('a run', () => {
  test('is a pure function of its seed', async () => {
    const once = await runJob(scenario, { ...job('retry-full', 3), withSeries: true }, undefined)
    const again = await runJob(scenario, { ...job('retry-full', 3), withSeries: true }, undefined)
    expect(again).toEqual(once)
  })

  test('replays the given trace, not the one of an earlier run', async () => {
    const replayed: Case = { ...chosen, arrivals: { kind: 'trace', speed: 1 }, lengths: { kind: 'trace' } }
    const recorded = (calls: number) => ({
      arrival: new Float64Array(calls),
      promptTokens: new Uint32Array(calls).fill(10),
      outputTokens: new Uint32Array(calls).fill(10),
    })
    for (const calls of [3, 5]) {
      const { summary } = await runJob(scenario, { ...job('none', 1), chosen: replayed }, recorded(calls))
      expect(summary.calls).toBe(calls)
    }
  })

  test('is never better than its optimum', async () => {
    for (const strategy of burst.strategies) {
      const { summary, optimum } = await runJob(scenario, job(strategy, 5), undefined)
      expect(summary.outcomes.ok, strategy).toBeLessThanOrEqual(optimum.answered)
      expect(summary.metrics.efficiency, strategy).toBeLessThanOrEqual(1)
      expect(
        Object.values(summary.outcomes).reduce((a, b) => a + b),
        strategy,
      ).toBe(summary.calls)
    }
  })

  test('rotating the keys of one account changes nothing', async () => {
    const alone = await runJob(scenario, job('none', 2), undefined)
    const rotated = await runJob(scenario, job('article-rotation', 2), undefined)
    expect(rotated.summary).toEqual(alone.summary)
  })
})

function firstTrips(trace: Awaited<ReturnType<typeof conduct>>['trace']): Map<number, number> {
  const trips = new Map<number, number>()
  for (let attempt = 0; attempt < trace.attempts; attempt++) {
    const call = trace.callOf(attempt)
    if (!trips.has(call)) trips.set(call, trace.decidedAt(attempt) - trace.sentAt(attempt))
  }
  return trips
}
