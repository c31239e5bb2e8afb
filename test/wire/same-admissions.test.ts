import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { prepareLoad } from '../../lab/load/wire-study.ts'
import { prepareStudy } from '../../lab/study.ts'
import { control } from '../../sim/control/control.ts'
import { upstreamFetch } from '../../sim/gateway/http/upstream-fetch.ts'
import { type Mock, mock } from '../../sim/mock/mock.ts'
import { altered } from '../../sim/profiles/altered.ts'
import { profileOf } from '../../sim/profiles/profiles.ts'
import { mockFetch } from '../../sim/skins/fetch/virtual-fetch.ts'
import { serve } from '../../sim/skins/http/server.ts'
import type { Timeline } from '../../sim/time/virtual-clock.ts'
import { virtualClock } from '../../sim/time/virtual-clock.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import type { Millis } from '../../src/core/clock.ts'
import { seeded } from '../../src/core/random.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { toFetch } from '../../src/fetch.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { recommended } from '../../src/strategies/recommended/recommended.ts'
import { tide } from '../../src/strategies/recommended/tide.ts'
import { ends } from './stopped-server.ts'

const model = 'qwen-plus'
const switches = {
  gridPhase: 'start',
  firstToken: 100,
  tokensPerSecond: 200,
  latencySpread: 0,
  networkDelay: 0,
} as const
const limits = { [model]: [{ rule: 'rps' as const, limit: 10, window: 1000 }] }
const profile = { ...altered(profileOf('intl'), limits), name: 'ten-a-second' }
const [prompt, output] = [50, 20]
const strategies = { recommended: recommended(), tide: tide() }
type Name = keyof typeof strategies
const names = Object.keys(strategies) as Name[]

/** So many calls at once. */
function batchOf(calls: number, burstGuard: boolean): Scenario {
  return {
    name: 'wired',
    title: 'Calls at once',
    question: 'Are the same calls admitted at the same instants?',
    model,
    world: { profile, accounts: [{ name: 'main', keys: ['sk-ratelab'] }], switches: { ...switches, burstGuard } },
    strategies: names,
    cases: [
      {
        name: 'batch',
        title: '{arrivals.calls} calls at once',
        arrivals: { kind: 'at-once', calls },
        lengths: { kind: 'fixed', prompt, output },
        maxTokens: 100,
        patience: 600_000,
        horizon: 600_000,
      },
    ],
  }
}

/** A mock of the world of a scenario, whose answers are as long as a request allows. */
function mockOf({ world }: Scenario, timeline: Timeline): Mock {
  return mock({ timeline, profile, switches: world.switches!, wire: { answerTokens: 1000, answerSpread: 0 }, seed: 1 })
}

/** The instants at which attempts were admitted, in their order. */
function admissions(of: Mock): readonly Millis[] {
  const admitted = of.journal.entries().filter(({ verdict }) => verdict === 'admitted')
  return admitted.map(({ arrivedAt }) => arrivedAt).sort((a, b) => a - b)
}

/** Makes the calls of a scenario with the OpenAI SDK in virtual time. Returns the mock that answered them. */
async function throughSdk(name: Name, scenario: Scenario, calls: number): Promise<Mock> {
  const clock = virtualClock()
  const provider = mockOf(scenario, clock)
  // The laboratory's strategies have this stream of random draws.
  const random = seeded(1).fork('strategy')
  const fetch = toFetch(strategies[name], { fetch: mockFetch(provider), clock, random })
  const { chat } = new OpenAI({
    apiKey: 'sk-ratelab',
    baseURL: 'http://mock.test/compatible-mode/v1',
    fetch,
    maxRetries: 0,
  })
  const content = 'word'.repeat(prompt)
  const ask = () => chat.completions.create({ model, max_tokens: output, messages: [{ role: 'user', content }] })
  await clock.run(Promise.all(Array.from({ length: calls }, ask)))
  return provider
}

describe.each(names)('the admissions of %s', (name) => {
  test.each([false, true])(
    'are the same in the laboratory and in the OpenAI SDK, to the millisecond; burst guard: %s',
    async (guard) => {
      const scenario = batchOf(200, guard)
      const study = await prepareStudy(scenario, { seeds: [1], strategies: [name] })
      const [cell] = (await study.run()).cells
      const provider = await throughSdk(name, scenario, 200)
      const at = admissions(provider)
      const perSecond = cell!.series!.admittedPerSecond.map(
        (_, second) => at.filter((each) => Math.floor(each / 1000) === second).length,
      )
      expect(at).toHaveLength(200)
      expect(provider.journal.entries()).toHaveLength(cell!.summary.attempts)
      expect(cell!.summary.attempts).toBeGreaterThan(200)
      expect(perSecond).toEqual(cell!.series!.admittedPerSecond)
      expect(provider.timeline.now()).toBe(cell!.summary.metrics.makespan)
    },
  )

  // Real timers fire some milliseconds late, and a busy machine delays them more. At a quarter of the speed that counts for a quarter.
  test('are the same over HTTP, within 1 %', { retry: 2, timeout: 90_000 }, async () => {
    const scenario = batchOf(40, false)
    const timeline = wallTimeline({ origin: 0, speed: 0.25 })
    const provider = mockOf(scenario, timeline)
    const server = await serve(provider, { control: control(provider) })
    ends.push(() => server.close(0), timeline.stop)
    const url = `${server.origin}/compatible-mode/v1`
    const send = upstreamFetch({ clock: systemClock, connect: 10_000 })
    const load = await prepareLoad(scenario, { seeds: [1], strategies: [name] }, { url, keys: ['sk-ratelab'], send })
    await load.run()
    const [heard, expected] = [admissions(provider), admissions(await throughSdk(name, scenario, 40))]
    expect(heard).toHaveLength(40)
    const makespan = expected.at(-1)!
    for (const [k, at] of heard.entries())
      expect(Math.abs(at - heard[0]! - (expected[k]! - expected[0]!)) / makespan).toBeLessThan(0.01)
  })
})
