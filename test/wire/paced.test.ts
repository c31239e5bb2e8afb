import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { mock } from '../../sim/mock/mock.ts'
import { mockFetch } from '../../sim/skins/fetch/virtual-fetch.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { type Timeline, virtualClock } from '../../sim/time/virtual-clock.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import type { Call, Send } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import { seeded } from '../../src/core/random.ts'
import { stack } from '../../src/core/strategy.ts'
import { toFetch } from '../../src/fetch.ts'
import { pace } from '../../src/strategies/pacing/pace.ts'
import { retry } from '../../src/strategies/retry/retry.ts'

const model = 'qwen-plus'
/** Three requests a second, so that a pace of 3.65 is throttled sometimes. No attempt comes within 90 ms of the end of a window. */
const limits = { [model]: [{ rule: 'rps' as const, limit: 3, window: 1000 }] }
const wire = { answerTokens: 20, answerSpread: 0.5 }
const switches = { firstToken: 100, tokensPerSecond: 200, burstGuard: false }
const calls = 12

const strategy = stack(retry({ attempts: 8, base: 200, cap: 1000, jitter: 'none' }), pace({ perSecond: 3.65 }))

/** Makes the calls of a run, and returns the instants at which they were settled, from the start. `ask` makes one and waits for its answer. */
async function settledAt(timeline: Timeline, ask: (id: number) => Promise<unknown>): Promise<readonly Millis[]> {
  const start = timeline.now()
  const settled = async (id: number): Promise<Millis> => {
    await ask(id)
    return timeline.now() - start
  }
  return Promise.all(Array.from({ length: calls }, (_, id) => settled(id)))
}

/** A way to make the calls of a paced run with retries. */
type Way = (timeline: Timeline, fetch: typeof globalThis.fetch, origin: string) => Promise<readonly Millis[]>

const bare: Way = async (timeline, fetch, origin) => {
  const send: Send = async ({ id, target, signal }) => {
    const response = await fetch(`${origin}/compatible-mode/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${target.key}` },
      body: JSON.stringify({ model: target.model, messages: [{ role: 'user', content: `Question ${id}` }] }),
      signal: signal as AbortSignal,
    })
    const body = await response.json()
    if (response.status === 429) return { kind: 'throttled', body }
    expect(response.status).toBe(200)
    return { kind: 'ok', usage: { promptTokens: 1, outputTokens: 1 }, model, body }
  }
  const ask = strategy.wrap(send, { clock: timeline, random: seeded(1) })
  const { signal } = new AbortController()
  return settledAt(timeline, async (id) => {
    const target = { endpoint: 'dashscope', key: 'sk-ratelab', model }
    const call: Call = { id, target, promptTokens: 1, maxTokens: 100, signal, deadline: Infinity }
    expect(await ask(call)).toMatchObject({ kind: 'ok' })
  })
}

const throughFetch: Way = async (timeline, fetch, origin) => {
  const through = toFetch(strategy, { fetch, clock: timeline, random: seeded(1) })
  return settledAt(timeline, async (id) => {
    const response = await through(`${origin}/compatible-mode/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-ratelab' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: `Question ${id}` }] }),
    })
    expect(response.status).toBe(200)
    await response.json()
  })
}

const throughOpenai: Way = async (timeline, fetch, origin) => {
  const through = toFetch(strategy, { fetch, clock: timeline, random: seeded(1) })
  const { chat } = new OpenAI({
    apiKey: 'sk-ratelab',
    baseURL: `${origin}/compatible-mode/v1`,
    fetch: through,
    maxRetries: 0,
  })
  return settledAt(timeline, (id) =>
    chat.completions.create({ model, messages: [{ role: 'user', content: `Question ${id}` }] }),
  )
}

// Real timers fire about a millisecond late. A busy machine delays them more.
test.each<[string, Way]>([
  ['a strategy of one’s own caller', bare],
  ['toFetch', throughFetch],
  ['toFetch in the OpenAI SDK', throughOpenai],
])('virtual time agrees with the wall clock, within 1 %: %s', { retry: 2 }, async (_what, way) => {
  const clock = virtualClock()
  const virtual = mock({ timeline: clock, limits, wire, switches })
  const expected = await clock.run(bare(clock, mockFetch(virtual), 'http://mock.test'))

  const timeline = wallTimeline({ origin: 0 })
  const provider = mock({ timeline, limits, wire, switches })
  const server = await serve(provider)
  try {
    // The first request of a process takes longer, because code is compiled for it.
    for (let i = 0; i < 20; i++) await (await fetch(server.origin)).text()
    provider.reset()
    const heard = await way(timeline, fetch, server.origin)
    const makespan = Math.max(...expected)
    expect(makespan).toBeGreaterThan(3000)
    for (const [id, at] of heard.entries()) expect(Math.abs(at - expected[id]!) / makespan).toBeLessThan(0.01)
    const verdicts = (of: typeof provider) => of.journal.entries().map(({ verdict }) => verdict)
    expect(verdicts(virtual)).toContain('rps')
    expect(verdicts(provider)).toEqual(verdicts(virtual))
  } finally {
    await server.close(0)
    timeline.stop()
  }
})
