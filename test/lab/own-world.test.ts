import { describe, expect, test } from 'vitest'
import { runJob, sharedDraw } from '../../lab/experiment.ts'
import { problemsOf } from '../../lab/load-scenario.ts'
import { applySettings } from '../../lab/settings.ts'
import type { AccountSpec } from '../../src/scenario/accounts.ts'
import type { Case, Scenario } from '../../src/scenario/scenario.ts'

// The built-in scenarios use no free quota, no workspaces and no waits inside the provider. A user's scenario may use all of them.

/** 120 calls of 200 tokens, half a second apart. Neither a limit nor the burst guard denies any of them. */
const trickle: Case = {
  name: 'trickle',
  title: '{arrivals.perSecond} calls a second',
  arrivals: { kind: 'custom', generate: () => Array.from({ length: 120 }, (_, i) => 500 * i) },
  lengths: { kind: 'fixed', prompt: 100, output: 100 },
  maxTokens: 200,
  patience: 60_000,
  horizon: 300_000,
}

async function outcome(account: Partial<AccountSpec>, changes: Partial<Case> = {}) {
  const chosen = { ...trickle, title: 'Calls', ...changes }
  const scenario: Scenario = {
    name: 'own',
    title: 'Our own',
    question: 'What does it cost?',
    model: 'qwen3-max',
    world: { profile: 'article', accounts: [{ name: 'ours', keys: ['sk-1'], ...account }] },
    strategies: ['none'],
    cases: [chosen],
  }
  expect(problemsOf(scenario)).toEqual([])
  const { summary } = await runJob({ scenario, chosen, strategy: 'none', seed: 1, shared: sharedDraw(chosen, 1) })
  const { outcomes, denials, metrics } = summary
  return { ...outcomes, denied: denials, cost: metrics.cost }
}

describe('a free quota', () => {
  const freeTokens = 10_000

  test('reduces the bill by its share of the tokens', async () => {
    const [free, billed] = [await outcome({ freeTokens }), await outcome({})]
    expect([free.ok, billed.ok]).toEqual([120, 120])
    // The free quota is 10,000 of the 120 × 200 tokens.
    expect(free.cost / billed.cost).toBeCloseTo(14 / 24, 6)
  })

  test('makes every further call fail when it is used up and the stop switch is on', async () => {
    const { ok, failed, throttled, cost } = await outcome({ freeTokens, stopWhenFreeIsUsed: true })
    expect(ok).toBeGreaterThanOrEqual(50)
    expect(ok).toBeLessThan(60)
    expect([failed, throttled, cost]).toEqual([120 - ok, 0, 0])
  })

  test('gives every further call a 429 of the rule `free` when it is used up and the account cannot be billed', async () => {
    const { ok, failed, throttled, denied, cost } = await outcome({ freeTokens, payable: false })
    expect(ok).toBeGreaterThanOrEqual(50)
    expect(ok).toBeLessThan(60)
    expect([failed, throttled, denied.free, cost]).toEqual([0, 120 - ok, 120 - ok, 0])
  })

  test('does not help an account in arrears: every call fails', async () => {
    expect(await outcome({ freeTokens, arrears: true })).toMatchObject({ ok: 0, failed: 120, cost: 0 })
  })
})

describe('a workspace', () => {
  const limits = { 'qwen3-max': [{ rule: 'rps', limit: 1, window: 1000 }] } as const

  test('limits the keys that it shares with its account', async () => {
    const { ok, throttled, denied } = await outcome({ workspaces: [{ name: 'team', keys: ['sk-1'], limits }] })
    // It admits every second call, or every third when the network delivers the second one a moment too early.
    expect(ok).toBeGreaterThanOrEqual(40)
    expect(ok).toBeLessThanOrEqual(61)
    expect([throttled, denied.rps]).toEqual([120 - ok, 120 - ok])
  })

  test('does not limit other keys or other models', async () => {
    expect(await outcome({ workspaces: [{ name: 'team', keys: ['sk-2'], limits }] })).toMatchObject({ ok: 120 })
    const other = { 'qwen-plus': limits['qwen3-max'] }
    expect(await outcome({ workspaces: [{ name: 'team', keys: ['sk-1'], limits: other }] })).toMatchObject({ ok: 120 })
  })
})

describe('a wait inside the provider', () => {
  const rise = { arrivals: { kind: 'poisson', perSecond: 8, until: 20_000 } } as const

  test('holds calls that the burst guard would deny', async () => {
    const [denied, held] = [await outcome({}, rise), await outcome({}, { ...rise, serverWait: 60_000 })]
    expect(denied.denied.burst).toBeGreaterThan(10)
    expect(held.denied.burst).toBe(0)
    expect(held.ok).toBeGreaterThan(denied.ok)
  })

  test('of 300 s or longer is ignored, as documented', async () => {
    expect(await outcome({}, { ...rise, serverWait: 300_000 })).toEqual(await outcome({}, rise))
  })

  test('can be changed by --set in the cases that have one', () => {
    const scenario = { cases: [{ ...trickle, serverWait: 1 }, trickle] } as unknown as Scenario
    const { cases } = applySettings(scenario, { set: ['serverWait=5000'] })
    expect(cases.map(({ serverWait }) => serverWait)).toEqual([5000, undefined])
  })
})
