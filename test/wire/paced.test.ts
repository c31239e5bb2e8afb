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
import { pace } from '../../src/strategies/pacing/pace.ts'
import { retry } from '../../src/strategies/retry/retry.ts'

const model = 'qwen-plus'
/** Three requests a second, so that a pace of 3.65 is throttled sometimes. No attempt comes within 90 ms of the end of a window. */
const limits = { [model]: [{ rule: 'rps' as const, limit: 3, window: 1000 }] }
const wire = { answerTokens: 20, answerSpread: 0.5 }
const switches = { firstToken: 100, tokensPerSecond: 200, burstGuard: false }
const calls = 12

/** Makes a paced run with retries, and returns the instants at which calls were settled, from the start. */
async function paced(timeline: Timeline, fetch: typeof globalThis.fetch, origin: string): Promise<readonly Millis[]> {
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
  const strategy = stack(retry({ attempts: 8, base: 200, cap: 1000, jitter: 'none' }), pace({ perSecond: 3.65 }))
  const ask = strategy.wrap(send, { clock: timeline, random: seeded(1) })
  const start = timeline.now()
  const { signal } = new AbortController()
  const settled = async (id: number): Promise<Millis> => {
    const target = { endpoint: 'dashscope', key: 'sk-ratelab', model }
    const call: Call = { id, target, promptTokens: 1, maxTokens: 100, signal, deadline: Infinity }
    const reply = await ask(call)
    expect(reply.kind).toBe('ok')
    return timeline.now() - start
  }
  return Promise.all(Array.from({ length: calls }, (_, id) => settled(id)))
}

// Real timers fire about a millisecond late, and a pace adds that up. A busy machine delays them more.
test('virtual time agrees with the wall clock, within 1 %', { retry: 2 }, async () => {
  const clock = virtualClock()
  const virtual = mock({ timeline: clock, limits, wire, switches })
  const expected = await clock.run(paced(clock, mockFetch(virtual), 'http://mock.test'))

  const timeline = wallTimeline({ origin: 0 })
  const provider = mock({ timeline, limits, wire, switches })
  const server = await serve(provider)
  try {
    // The first request of a process takes longer, because code is compiled for it.
    for (let i = 0; i < 20; i++) await (await fetch(server.origin)).text()
    provider.reset()
    const heard = await paced(timeline, fetch, server.origin)
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
