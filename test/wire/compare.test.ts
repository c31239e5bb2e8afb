import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runExperiment, sharedDraw } from '../../lab/experiment.ts'
import { runStart } from '../../lab/run-start.ts'
import { prepareStudy } from '../../lab/study.ts'
import { mock } from '../../sim/mock/mock.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { type WallTimeline, wallTimeline } from '../../sim/time/wall-timeline.ts'
import { templateTokens } from '../../sim/wire/model/tokens.ts'
import { summarizeOptimum } from '../../src/compare/comparison.ts'
import type { Cell } from '../../src/compare/raw-result.ts'
import { regressionOf } from '../../src/compare/regression.ts'
import { summarize } from '../../src/compare/summary.ts'
import { type Outlet, run } from '../../src/harness/run.ts'
import type { Case, Scenario } from '../../src/scenario/scenario.ts'
import { type Switches, switchesOf } from '../../src/scenario/switches.ts'

const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
const lengths = { kind: 'fixed', prompt: 100, output: 60 } as const
const limits = { 'qwen-plus': [{ rule: 'rps' as const, limit: 3, window: 1000 }] }

interface Usage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
}

/** With the tokens that the mock adds for the message, every prompt has its length. */
const tokenCount = () => lengths.prompt - templateTokens(1)

/** The network has no simulated delay, since there is a real one; and the model takes as long for a call whatever its number is. */
const switches = { networkDelay: 0, latencySpread: 0, gridPhase: 'start' } as const
const offered: Case = {
  name: 'overload',
  title: '{arrivals.perSecond} calls a second for 12 s',
  arrivals: { kind: 'poisson', perSecond: 4, until: 12_000 },
  lengths,
  maxTokens: 200,
  patience: 120_000,
  horizon: 300_000,
}
const scenario: Scenario = {
  name: 'wire',
  title: 'A limit of three calls a second',
  question: 'Does virtual time agree with the wire?',
  model: 'qwen-plus',
  world: {
    profile: 'intl',
    accounts: [{ name: 'ours', keys: ['sk-ours'], workspaces: [{ name: 'team', keys: ['sk-ours'], limits }] }],
    switches,
  },
  strategies: ['retry-pace', 'retry-full:attempts=3,base=500'],
  cases: [offered],
}

/**
 * Lets time pass as fast as the sockets do: by another millisecond whenever each request that a client waits for is being served. So no
 * figure depends on how busy the machine is.
 */
async function passTime(clock: WallTimeline, finished: Promise<void>, isSettled: () => boolean): Promise<void> {
  let isOver = false
  const end = () => {
    isOver = true
  }
  finished.then(end, end)
  while (!isOver) {
    await setImmediate()
    if (isSettled()) clock.advance(1)
  }
  await finished
}

/** Runs one job over HTTP, as `runJob` runs it in virtual time: the same calls, strategy and draws. `chosen` are the switches of the mock. */
async function cellOverHttp({ strategy: strategyId, seed }: Cell, chosen: Partial<Switches>): Promise<Cell> {
  const experiment = { scenario, chosen: offered, strategy: strategyId, seed, shared: sharedDraw(offered, seed) }
  const { best, span } = await runExperiment(experiment)
  const { options } = runStart(experiment)
  const { trace, workload, maxTokens, patience, horizon } = options
  const clock = wallTimeline({ origin: 0, speed: 0 })
  const { profile, accounts } = scenario.world
  const wire = { answerTokens: lengths.output, answerSpread: 0 }
  const provider = mock({ timeline: clock, profile, accounts, switches: chosen, wire, tokenCount })
  const server = await serve(provider)
  let sent = 0
  const outlet: Outlet = async ({ id, target }, attempt) => {
    sent++
    const response = await fetch(`${server.origin}/compatible-mode/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${target.key}` },
      body: JSON.stringify({ model: target.model, messages: [{ role: 'user', content: `Question ${id}` }] }),
    })
    const body = (await response.json()) as { model: string; usage: Usage }
    sent--
    const requestId = response.headers.get('x-request-id')
    const {
      verdict,
      decidedAt,
      denial,
      money = 0,
    } = provider.journal.entries().find((record) => record.id === requestId)!
    trace.decided(attempt, decidedAt!, verdict!, denial?.rules ?? [])
    trace.billed(attempt, money)
    if (response.status === 429) return { kind: 'throttled', body }
    expect(response.status).toBe(200)
    trace.answered(attempt)
    const { prompt_tokens: promptTokens, completion_tokens: outputTokens } = body.usage
    return { kind: 'ok', usage: { promptTokens, outputTokens }, model: body.model, body }
  }
  try {
    await passTime(clock, run({ ...options, clock, outlet }).finished, () => sent === provider.inFlight)
  } finally {
    await server.close(0)
    clock.stop()
  }
  const { tokenCharge, refund } = switchesOf(chosen)
  const summary = summarize(trace, {
    charges: { workload, tokenCharge, refund, maxTokens },
    best,
    span,
    patience,
    horizon,
  })
  return { case: offered.name, strategy: strategyId, seed, summary, optimum: summarizeOptimum(best) }
}

/** Compares a study in virtual time with the same one over HTTP. Returns the rows that are relevant. */
async function toldApart(chosen: Partial<Switches>): Promise<string[]> {
  const study = await prepareStudy(scenario, { seeds })
  const virtual = await study.run()
  const cells = await Promise.all(virtual.cells.map((cell) => cellOverHttp(cell, chosen)))
  const {
    rows,
    remarks,
    seeds: matched,
  } = regressionOf({ label: 'virtual time', result: virtual }, { label: 'HTTP', result: { study: study.facts, cells } })
  // Both were throttled, so that it matters when the provider saw each attempt.
  const denied = rows.filter(({ metric }) => metric === 'deniedShare')
  expect(denied.map(({ before, after }) => Math.min(before.value, after.value) > 0.1)).toEqual([true, true])
  expect(remarks).toEqual([])
  expect(matched).toEqual({ arePaired: true, before: seeds.length, after: seeds.length })
  return rows
    .filter(({ conclusion }) => !['too small', 'not distinguishable'].includes(conclusion))
    .map(({ strategyAfter, metric, conclusion }) => `${strategyAfter} ${metric} ${conclusion}`)
}

test('a study in virtual time and over HTTP are told apart by no metric', async () => {
  expect(await toldApart(switches)).toEqual([])
})

test('a provider that is slower over HTTP is told apart', async () => {
  const told = await toldApart({ ...switches, firstToken: 700 })
  expect(told).toEqual(expect.arrayContaining(['retry-pace latencyP50 worse']))
})
