import { describe, expect, test } from 'vitest'
import { clientKnowledgeOf } from '../../lab/catalogue/client-knowledge.ts'
import { quotaOf } from '../../lab/contestants.ts'
import { runJob, sharedDraw } from '../../lab/experiment.ts'
import { problemsOf } from '../../lab/load-scenario.ts'
import { applySettings, titleOf } from '../../lab/settings.ts'
import { prepareStudy } from '../../lab/study.ts'
import { altered } from '../../sim/profiles/altered.ts'
import { profileOf } from '../../sim/profiles/profiles.ts'
import type { Background } from '../../src/scenario/background.ts'
import type { Case, Scenario } from '../../src/scenario/scenario.ts'
import type { World } from '../../src/scenario/world.ts'

// Worlds that state their limits, and what others use of them.

const model = 'a-model-of-our-own'
const chosen: Case = {
  name: 'own',
  title: '{quota.second} a second, {quota.minute} a minute',
  arrivals: { kind: 'at-once', calls: 300 },
  lengths: { kind: 'fixed', prompt: 100, output: 20 },
  maxTokens: 100,
  patience: Infinity,
  horizon: 900_000,
}
const scenarioIn = (world: Partial<World>, changes: Partial<Case> = {}): Scenario => ({
  name: 'own',
  title: 'Our own',
  question: 'How much is left?',
  model,
  world: {
    profile: 'article',
    accounts: [{ name: 'main', keys: ['sk-1'] }],
    switches: { burstGuard: false },
    ...world,
  },
  strategies: ['retry-pace'],
  cases: [{ ...chosen, ...changes }],
})
const titleIn = (scenario: Scenario) => titleOf(scenario.cases[0]!, clientKnowledgeOf(scenario, scenario.cases[0]!))
async function cellOf(scenario: Scenario, strategy = 'retry-pace') {
  expect(problemsOf(scenario)).toEqual([])
  const [only] = scenario.cases as [Case]
  return runJob({ scenario, chosen: only, strategy, seed: 1, shared: sharedDraw(only, 1) })
}

describe('stated limits', () => {
  const limits = 'requests:3/1s,rpm:120,tpm:30000/60s'

  test('are those of the scenario’s model, which the profile may lack', () => {
    const scenario = scenarioIn({ limits })
    expect(problemsOf(scenario)).toEqual([])
    expect(quotaOf(clientKnowledgeOf(scenario, chosen), 'main', model).limits).toEqual([
      { rule: 'rps', limit: 3, window: 1000 },
      { rule: 'rpm', limit: 120, window: 60_000 },
      { rule: 'tpm', limit: 30_000, window: 60_000 },
    ])
    expect(titleIn(scenario)).toBe('3 a second, 120 a minute')
  })

  test('of a case replace those of the scenario', () => {
    expect(titleIn(scenarioIn({ limits: 'rps:9' }, { world: { limits } }))).toBe('3 a second, 120 a minute')
  })

  test('of `--set` replace all others', () => {
    const scenario = scenarioIn({ limits: 'rps:9' }, { world: { limits: 'rps:8' } })
    expect(titleIn(applySettings(scenario, { set: [`limits=${limits}`] }))).toBe('3 a second, 120 a minute')
  })

  test.each([
    [
      'rpm=3',
      'Expected `world.limits` to be limits such as rpm:60,tpm:100000 or requests:500/6s, or none, got "rpm=3"',
    ],
    ['rpm:0', 'Expected `world.limits rpm` to be a whole number > 0, got "0"'],
    [
      'requests:5',
      'Expected `world.limits requests` to have a window such as 1s, 6s, 500ms or 1m after a slash, got none',
    ],
    ['rpm:1,rpm:2', 'Expected `world.limits[1]` to differ from `world.limits[0]`, got "rpm in 60000 ms" twice'],
    [7, 'Expected `world.limits` to be a list of limits or a text such as rpm:60,tpm:100000, got 7'],
  ])('%s are refused', (wrong, problem) => {
    expect(problemsOf(scenarioIn({ limits: wrong as string }))).toEqual([problem])
  })

  test('that `--set` cannot read are refused', () => {
    expect(() => applySettings(scenarioIn({}), { set: ['limits=rmp:3'] })).toThrow(
      'Expected `--set limits` to limit one of rps, rpm, tps, tpm, requests, tokens, plan-hour, plan-week, plan-month, got "rmp"; did you mean rpm?',
    )
  })

  test('bound what is answered', async () => {
    const { optimum } = await cellOf(scenarioIn({ limits: 'rpm:30' }))
    expect(optimum).toMatchObject({ bound: 300, boundMakespan: expect.closeTo(540_000, -5) })
    expect(optimum.boundMakespan).toBeGreaterThanOrEqual(9 * 60_000)
  })
})

describe('soft limits', () => {
  const switches = { burstGuard: false, softCycle: 20_000 }
  const figures = async (limits: string, softRoom = 0.5, strategy = 'retry-pace') => {
    const scenario = scenarioIn({ limits, switches: { ...switches, softRoom } })
    const { optimum, summary } = await cellOf(scenario, strategy)
    const { bound, boundMakespan, reachable, reachableMakespan } = optimum
    return { bound, boundMakespan, reachable, reachableMakespan, served: summary.served.calls }
  }

  test('are none for the bound, and cost the reachable what they deny without room', async () => {
    const [none, soft, hard] = [await figures('none', 0, 'none'), await figures('soft-rpm:60'), await figures('rpm:60')]
    expect([soft.bound, soft.boundMakespan]).toEqual([none.bound, none.boundMakespan])
    expect(soft.reachableMakespan).toBeGreaterThan(none.reachableMakespan)
    expect(soft.reachableMakespan).toBeLessThan(hard.reachableMakespan)
    expect([none.served, soft.served, hard.served]).toEqual([300, 300, 300])
  })

  test('are hard where there is never room, and none where there always is', async () => {
    const { bound: _, boundMakespan: __, ...never } = await figures('soft-rpm:60', 0)
    expect(await figures('rpm:60')).toMatchObject(never)
    expect(await figures('soft-rpm:60', 1, 'none')).toEqual(await figures('none', 0, 'none'))
  })

  test('are as soft for a call that is longer than they are', async () => {
    // Its 100 tokens fit no window of 50, so that it is answered as soon as there is room.
    const { reachable, served } = await figures('soft-tpm:50', 0.5, 'retry-full:attempts=40')
    expect([reachable, served]).toEqual([300, 300])
  })

  test('are named by the facts of a case, those of a profile too', async () => {
    const facts = async (world: Partial<World>) => (await prepareStudy(scenarioIn(world))).facts.cases[0]!
    expect(await facts({ limits: 'soft-rpm:60,tpm:9' })).toMatchObject({
      limits: [
        { rule: 'rpm', limit: 60, window: 60_000, soft: true },
        { rule: 'tpm', limit: 9, window: 60_000 },
      ],
      limitPerSecond: Infinity,
    })
    const profile = { ...altered(profileOf('article'), { [model]: 'soft-rpm:50' }), name: 'mine' }
    expect((await facts({ profile })).limits).toEqual([{ rule: 'rpm', limit: 50, window: 60_000, soft: true }])
  })
})

describe('the windows of a plan', () => {
  test('hold the reachable, those of the calendar not the bound, over a week and more', async () => {
    const days = 86_400_000
    const week = scenarioIn(
      { limits: 'plan-hour:20,plan-week:200' },
      { arrivals: { kind: 'poisson', perSecond: 0.001, until: 10 * days }, patience: 600_000, horizon: 11 * days },
    )
    const { optimum, summary } = await cellOf(week, 'none')
    // The run begins 88 hours before a week ends, and ends in the third week.
    expect(optimum.reachable).toBeLessThanOrEqual(2 * 200 + 200)
    expect(summary.calls).toBeGreaterThan(800)
    expect(optimum.bound).toBeGreaterThan(optimum.reachable)
    expect(summary.served.calls).toBeLessThanOrEqual(optimum.reachable)
    expect(summary.deniedBy['plan-week']).toBeGreaterThan(0)
    expect(problemsOf(week)).toEqual([])
  })
})

describe('Batch Chat', () => {
  test('answers at half the price what waits longer than a minute, beyond the limits', async () => {
    const world = { profile: 'cn-beijing', limits: 'rpm:60' }
    const scenario = { ...scenarioIn(world, { horizon: 5_000_000 }), model: 'qwen3-max' }
    const online = await cellOf(scenario, 'retry-pace')
    const lane = await cellOf(scenario, 'batch-lane')
    expect(online.summary.served.calls).toBe(300)
    expect(lane.summary.served.calls).toBe(300)
    // Some 61 calls are sent online within the minute, and the others cost half.
    const share = lane.summary.metrics.cost / online.summary.metrics.cost
    expect(share).toBeGreaterThan(0.55)
    expect(share).toBeLessThan(0.65)
    expect(lane.optimum.boundMakespan).toBeLessThan(online.optimum.boundMakespan)
    expect(lane.optimum.reachable).toBe(300)
    expect((await prepareStudy(scenario, { strategies: ['batch-lane'] })).facts.cases[0]!.contestants[0]).toMatchObject(
      {
        quotaText: '1 account and Batch Chat',
        limits: [],
      },
    )
  })
})

describe('others', () => {
  const other = (perSecond: number): Background => ({
    account: 'main',
    model,
    arrivals: { kind: 'poisson', perSecond, until: 900_000 },
    lengths: { kind: 'fixed', prompt: 100, output: 20 },
    maxTokens: 100,
  })
  const limits = 'rps:5'
  const times = async (background: readonly Background[]) => {
    const { optimum, summary } = await cellOf(scenarioIn({ limits, background }))
    return { ...optimum, served: summary.served.calls }
  }

  test('take from the reachable what they use, and nothing from the bound', async () => {
    const [alone, beside] = [await times([]), await times([other(3)])]
    expect(alone.reachableMakespan).toBeLessThan(65_000)
    // Three of five calls a second are theirs.
    expect(beside.reachableMakespan).toBeGreaterThan(100_000)
    expect(beside.reachableMakespan).toBeLessThan(200_000)
    expect([beside.bound, beside.boundMakespan]).toEqual([alone.bound, alone.boundMakespan])
    expect([alone.served, beside.served]).toEqual([300, 300])
  })

  test('are not a quota that the strategy uses', async () => {
    const scenario = scenarioIn({ limits, background: [other(1)] })
    const accounts = [...scenario.world.accounts, { name: 'theirs', keys: ['sk-2'] }]
    const elsewhere = scenarioIn({ limits, accounts, background: [{ ...other(1), account: 'theirs' }] })
    const own = { name: 'mine', wrap: (next: (call: never) => unknown) => next } as never
    const [only] = elsewhere.cases as [Case]
    const run = runJob({ scenario: elsewhere, chosen: only, strategy: own, seed: 1, shared: sharedDraw(only, 1) })
    await expect(run).resolves.toMatchObject({ strategy: 'mine' })
  })

  test.each<[string, object, string]>([
    ['of an account that is not', { account: 'man' }, '.account` to be one of main, got "man"; did you mean main?'],
    [
      'with a trace',
      { arrivals: { kind: 'trace', speed: 1 } },
      '.arrivals.kind` to be one of at-once, poisson, gamma, step, on-off, diurnal, flash-crowd, got "trace"',
    ],
    [
      'with lengths of a trace',
      { lengths: { kind: 'trace' } },
      '.lengths.kind` to be one of fixed, log-normal, quantiles, shape, got "trace"',
    ],
    [
      'without a rate',
      { arrivals: { kind: 'poisson', until: 9 } },
      '.arrivals.perSecond` to be a finite number > 0 and <= 1000000, got undefined',
    ],
    [
      'with a negative length',
      { lengths: { kind: 'fixed', prompt: -1, output: 0 } },
      '.lengths.prompt` to be >= 1 and <= 10000000, got -1',
    ],
    [
      'without end',
      { arrivals: { kind: 'poisson', perSecond: 1e6, until: 1e9 } },
      '.arrivals` to be at most 20000000 calls, got 1000000000000: lower the rate, or `until`',
    ],
    ['with no answer', { maxTokens: 0 }, '.maxTokens` to be >= 1 and <= 10000000, got 0'],
  ])('%s are refused', (_what, changes, problem) => {
    const background = [{ ...other(1), ...changes }] as Background[]
    expect(problemsOf(scenarioIn({ limits, background }))).toEqual([`Expected \`world.background[0]${problem}`])
  })
})
