import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import { seeded } from '../../../src/core/random.ts'
import { type Strategy, stack } from '../../../src/core/strategy.ts'
import type { CallEvent } from '../../../src/fetch/events.ts'
import { toFetch } from '../../../src/fetch.ts'
import { pace } from '../../../src/strategies/pacing/pace.ts'
import { recommended } from '../../../src/strategies/recommended/recommended.ts'
import { retry } from '../../../src/strategies/retry/retry.ts'
import { breaker } from '../../../src/strategies/targets/breaker.ts'
import { hedge } from '../../../src/strategies/targets/hedge.ts'
import { chat, chatUrl } from './rig.ts'

const strategies: readonly Strategy[] = [
  recommended(),
  recommended({ alone: true }),
  stack(retry({ attempts: 4 }), pace({ perSecond: 5 })),
  stack(retry({ attempts: 4 }), hedge(), breaker()),
]

const sse = { 'content-type': 'text/event-stream' }
const chunk = 'data: {"model":"m","choices":[{"delta":{"content":"Hi"}}]}\n\n'
const denial = '{"error":{"code":"limit_requests","message":"slow down"}}'

/** What a provider, or whatever stands before it, has been seen to do with a request. */
const deeds: Readonly<Record<string, (signal: AbortSignal) => Response | Promise<Response>>> = {
  answer: () => Response.json({ model: 'm', choices: [{ message: { content: 'Hi' } }] }),
  stream: () => new Response(`${chunk}data: [DONE]\n\n`, { headers: sse }),
  'a stream that breaks off': () =>
    new Response(
      new ReadableStream({
        start: (own) => own.enqueue(new TextEncoder().encode(chunk)),
        pull: (own) => own.error(new TypeError('terminated')),
      }),
      { headers: sse },
    ),
  'a stream that never ends': (signal) =>
    new Response(
      new ReadableStream({
        start(own) {
          own.enqueue(new TextEncoder().encode(chunk))
          signal.addEventListener('abort', () => own.error(signal.reason))
        },
      }),
      { headers: sse },
    ),
  'an error as the first frame': () => new Response(`: ping\r\n\r\ndata: ${denial}\r\n\r\n`, { headers: sse }),
  'an error as a later frame': () => new Response(`${chunk}data: ${denial}\n\n`, { headers: sse }),
  'an empty stream': () => new Response('', { headers: sse }),
  throttle: () => new Response(denial, { status: 429 }),
  'a throttle with advice': () => new Response(denial, { status: 429, headers: { 'retry-after': '1.5' } }),
  'a throttle with nonsense': () => new Response('<html>', { status: 429, headers: { 'retry-after': '-1' } }),
  'a used-up quota': () =>
    Response.json(
      { error: { code: 'insufficient_quota', message: 'Free allocated quota exceeded.' } },
      { status: 429 },
    ),
  unavailable: () => new Response('', { status: 503 }),
  unauthorized: () => Response.json({ error: { code: 'invalid_api_key' } }, { status: 401 }),
  'no connection': () => Promise.reject(new TypeError('fetch failed', { cause: new Error('ECONNRESET') })),
  'no answer': (signal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    }),
}

/** What a caller does: it comes at an instant, and reads its answer, leaves it, or aborts some time after it came. */
const callers = fc.array(
  fc.record({
    at: fc.nat(3000),
    ends: fc.constantFrom('reads', 'leaves', 'aborts'),
    after: fc.nat(5000),
    stream: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
)

test.prop([
  fc.constantFrom(...strategies),
  callers,
  fc.array(fc.constantFrom(...Object.keys(deeds)), { minLength: 1, maxLength: 20 }),
])(
  'whatever a provider and its callers do, each call ends and the strategy forgets it',
  async (strategy, callers, script) => {
    const clock = virtualClock(1_700_000_000_000)
    const calls: CallEvent[] = []
    let requests = 0
    const provider: typeof fetch = async (_input, init) => {
      const deed = deeds[script[requests++ % script.length]!]!
      await clock.sleep(20)
      init!.signal!.throwIfAborted()
      return deed(init!.signal!)
    }
    const through = toFetch(strategy, {
      fetch: provider,
      clock,
      random: seeded(1),
      patience: 60_000,
      onCall: (event) => calls.push(event),
    })
    const outcome = async ({ at, ends, after, stream }: (typeof callers)[number]): Promise<string> => {
      await clock.sleep(at)
      const controller = new AbortController()
      // Nobody waits for ever: an SDK has a time-out.
      clock.sleep(ends === 'aborts' ? after : 120_000).then(() => controller.abort(new Error('enough')))
      try {
        const response = await through(chatUrl, { ...chat({ stream }), signal: controller.signal })
        if (ends === 'leaves') await response.body?.cancel()
        else await response.text()
        return `${response.status}`
      } catch (error) {
        return (error as Error).message
      }
    }
    const outcomes = await clock.run(Promise.all(callers.map(outcome)))
    await clock.run(clock.sleep(300_000))
    for (const each of outcomes) expect(each).toMatch(/^(?:200|401|429|503|fetch failed|terminated|enough)$/)
    expect(through.inspect()).toMatchObject({ waiting: 0, inFlight: 0 })
    expect(calls.length).toBeLessThanOrEqual(callers.length)
    expect(calls.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(requests)
  },
)
