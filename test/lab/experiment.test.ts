import { describe, expect, test } from 'vitest'
import { jobRunner, runExperiment, runJob, sharedDraw } from '../../lab/experiment.ts'
import burst from '../../scenarios/burst.ts'
import type { Call } from '../../src/core/call.ts'
import type { Case, OwnStrategy, Scenario } from '../../src/scenario/scenario.ts'

const chosen: Case = {
  ...burst.cases[0]!,
  arrivals: { kind: 'poisson', perSecond: 20, until: 20_000 },
}
const scenario: Scenario = { ...burst, cases: [chosen] }
const experiment = (strategy: string, seed: number, shared = sharedDraw(chosen, seed)) => ({
  scenario,
  chosen,
  strategy,
  seed,
  shared,
})

describe('common random numbers', () => {
  test.each(['article-backoff', 'retry-pace', 'rotation'])(
    'give none and %s the same arrivals, lengths and network on one seed',
    async (other) => {
      const [one, two] = [experiment('none', 7), experiment(other, 7)]
      const [a, b] = await Promise.all([runExperiment(one), runExperiment(two)])
      expect(one.shared.workload).toEqual(two.shared.workload)
      expect(one.shared.workload.arrival.length).toBeGreaterThan(300)
      // The network delay of each call's first attempt is decided − sent. It does not depend on what the strategy did before.
      expect(firstTrips(a.trace)).toEqual(firstTrips(b.trace))
    },
  )

  test('give a different workload and network on another seed', async () => {
    const [one, two] = [experiment('none', 7), experiment('none', 8)]
    const [a, b] = await Promise.all([runExperiment(one), runExperiment(two)])
    expect(one.shared.workload.arrival).not.toEqual(two.shared.workload.arrival)
    expect(firstTrips(a.trace)).not.toEqual(firstTrips(b.trace))
  })
})

describe('a run', () => {
  test('is a pure function of its seed', async () => {
    const first = await runJob({ ...experiment('retry-full', 3), withSeries: true })
    const second = await runJob({ ...experiment('retry-full', 3), withSeries: true })
    expect(second).toEqual(first)
    expect(first).toMatchObject({ case: 'batch', strategy: 'retry-full', seed: 3 })
  })

  test.each(['retry-full', 'article-rotation-accounts', 'article-fallback'])(
    'of %s gives the same cell, no matter which strategies used the shared draw before it',
    async (strategy) => {
      const shared = sharedDraw(chosen, 3)
      for (const other of ['none', 'rotation', strategy]) await runJob(experiment(other, 3, shared))
      expect(await runJob(experiment(strategy, 3, shared))).toEqual(await runJob(experiment(strategy, 3)))
    },
  )

  test('replays the recorded trace', async () => {
    const replayed: Case = { ...chosen, arrivals: { kind: 'trace', speed: 1 }, lengths: { kind: 'trace' } }
    const recorded = (calls: number) => ({
      arrival: new Float64Array(calls),
      promptTokens: new Uint32Array(calls).fill(10),
      outputTokens: new Uint32Array(calls).fill(10),
    })
    for (const calls of [3, 5]) {
      const shared = sharedDraw(replayed, 1, { recorded: recorded(calls) })
      const { summary } = await runJob({ ...experiment('none', 1, shared), chosen: replayed })
      expect(summary.calls).toBe(calls)
    }
  })

  test('is never better than its bound', async () => {
    for (const strategy of burst.strategies) {
      const { summary, optimum } = await runJob(experiment(strategy, 5))
      expect(summary.outcomes.ok, strategy).toBeLessThanOrEqual(optimum.bound)
      expect(summary.metrics.ofBound, strategy).toBeLessThanOrEqual(1)
      expect(
        Object.values(summary.outcomes).reduce((a, b) => a + b),
        strategy,
      ).toBe(summary.calls)
    }
  })

  test('with rotation over the keys of one account gives the summary of a run without rotation', async () => {
    const plain = await runJob(experiment('none', 2))
    const rotated = await runJob(experiment('bare-rotation', 2))
    expect(rotated.summary).toEqual(plain.summary)
  })
})

describe('a strategy of one’s own', () => {
  const own = (name: string, more: Partial<OwnStrategy>, changed: (call: Call) => Call): OwnStrategy => ({
    name,
    wrap: (next) => (call) => next(changed(call)),
    ...more,
  })
  const run = (strategy: OwnStrategy) => runJob({ ...experiment('none', 4), strategy })
  const batch = (call: Call): Call => ({ ...call, target: { ...call.target, endpoint: 'batch' } })
  const second = (call: Call): Call => ({ ...call, target: { ...call.target, key: 'sk-second' } })

  test('may send to every account and model that it names', async () => {
    const { summary } = await run(own('mine', { accounts: ['second'] }, second))
    expect(summary.outcomes.ok).toBeGreaterThan(0)
  })

  test('may send to Batch Chat as well when it says so, and is held to a provider without limits', async () => {
    const some = (call: Call) => (call.id % 2 === 0 ? call : batch(call))
    const { summary, optimum } = await run(own('mine', { beyondLimits: true }, some))
    expect(summary.outcomes.ok).toBeGreaterThan(0)
    expect(optimum.boundMakespan).toBe((await runJob(experiment('batch-lane', 4))).optimum.boundMakespan)
  })

  test.each([
    [
      'an account that it does not name',
      second,
      /got account `second` with model `qwen3-max`: name all of them in its `accounts`/,
    ],
    [
      'a model that it does not name',
      (call: Call) => ({ ...call, target: { ...call.target, model: 'qwen-plus' } }),
      /got account `main` with model `qwen-plus`/,
    ],
    [
      'Batch Chat, and does not say so',
      batch,
      /got account `main` with model `qwen3-max`: set its `beyondLimits` to true/,
    ],
    [
      'a shorter prompt',
      (call: Call) => ({ ...call, promptTokens: 1 }),
      /`promptTokens` and `maxTokens`, got 1 and 2048/,
    ],
    [
      'a smaller `max_tokens`',
      (call: Call) => ({ ...call, maxTokens: 5 }),
      /got \d+ and 5 instead of \d+ and 2048: pass both/,
    ],
  ])('fails when it sends %s', async (_what, changed, message) => {
    const failed = run(own('mine', {}, changed))
    await expect(failed).rejects.toThrow(message)
    await expect(failed).rejects.toMatchObject({ code: 'STRATEGY_FAILED' })
  })
})

describe('several processes', () => {
  const batch: Case = { ...chosen, arrivals: { kind: 'at-once', calls: 900 } }
  const cellOf = (changes: Partial<Case>, strategy = 'retry-pace') => {
    const own = { ...batch, ...changes }
    return runJob({ scenario, chosen: own, strategy, seed: 2, shared: sharedDraw(own, 2) })
  }

  test('of which there is one are a case without them', async () => {
    expect(await cellOf({ processes: 1, joinEvery: 1000 })).toEqual(await cellOf({}))
  })

  test('share the calls and the account: the same optimum, and each knows nothing of what the others send', async () => {
    const [one, three] = [await cellOf({}), await cellOf({ processes: 3 })]
    expect(three.optimum).toEqual(one.optimum)
    expect(three.summary.calls).toBe(900)
    // Three paces of 95 % of the limit are almost three times the limit.
    expect(three.summary.metrics.deniedShare).toBeGreaterThan(0.4)
    expect(one.summary.metrics.deniedShare).toBeLessThan(0.1)
    expect(three.summary.metrics.jain).toBeGreaterThan(0.95)
    expect(three.summary.metrics.convergence).toBeNaN()
    expect(one.summary.metrics).not.toHaveProperty('jain')
  })

  test('that join later are newcomers', async () => {
    const { summary } = await cellOf({ processes: 2, joinEvery: 20_000, arrivals: { kind: 'at-once', calls: 1800 } })
    expect(summary.metrics.convergence).toBeLessThan(30_000)
  })
})

describe('jobs that come in order', () => {
  const cases = ['one', 'two'].map((name) => ({ ...chosen, name }))
  const strategies = ['none', 'article-backoff', 'retry-pace']
  const jobs = cases.flatMap(({ name: caseName }) =>
    [1, 2].flatMap((seed) =>
      strategies.map((strategy) => ({ caseName, strategy, seed, withSeries: false, isRepeated: false })),
    ),
  )

  test('draw the workload of each case and seed once', async () => {
    let draws = 0
    const counted: Case['arrivals'] = {
      kind: 'custom',
      generate() {
        draws++
        return [0, 100, 200]
      },
    }
    const run = jobRunner({ scenario: { ...scenario, cases: cases.map((c) => ({ ...c, arrivals: counted })) } })
    for (const job of jobs) await run(job)
    expect(draws).toBe(cases.length * 2)
  })

  test('give the same cells as when each runs by itself', async () => {
    const setup = { scenario: { ...scenario, cases } }
    const run = jobRunner(setup)
    for (const job of jobs) expect(await run(job)).toEqual(await jobRunner(setup)(job))
  })
})

function firstTrips(trace: Awaited<ReturnType<typeof runExperiment>>['trace']): Map<number, number> {
  const trips = new Map<number, number>()
  for (let attempt = 0; attempt < trace.attempts; attempt++) {
    const call = trace.callOf(attempt)
    if (!trips.has(call)) trips.set(call, trace.decidedAt(attempt) - trace.sentAt(attempt))
  }
  return trips
}
