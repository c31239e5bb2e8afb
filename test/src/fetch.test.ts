import { describe, expect, test } from 'vitest'
import type { Reply } from '../../src/core/call.ts'
import { type Strategy, stack } from '../../src/core/strategy.ts'
import type { AttemptEvent, CallEvent, WaitEvent } from '../../src/fetch/events.ts'
import { concurrency } from '../../src/strategies/pacing/concurrency.ts'
import { retry } from '../../src/strategies/retry/retry.ts'
import { chat, chatUrl, mockedFetch } from './fetch/rig.ts'

/** A strategy that only looks at replies. */
function watching(seen: Reply[]): Strategy {
  return {
    name: 'watching',
    wrap: (next) => async (call) => {
      const reply = await next(call)
      seen.push(reply)
      return reply
    },
  }
}

describe('an answer', () => {
  test('is the provider’s response', async () => {
    const seen: Reply[] = []
    const { clock, fetch, mock } = mockedFetch(watching(seen))
    const response = await clock.run(fetch(chatUrl, chat()))
    expect(response.status).toBe(200)
    expect(response.url).toBe(chatUrl)
    expect(response.headers.get('x-request-id')).toBe(mock.journal.entries()[0]!.id)
    const body = await response.json()
    expect(body).toMatchObject({ model: 'm', usage: { prompt_tokens: 11, completion_tokens: 10 } })
    expect(seen).toMatchObject([
      { kind: 'ok', usage: { promptTokens: 11, outputTokens: 10 }, model: 'm', receivedAt: 1_700_000_000_000 },
    ])
  })

  test('of a stream comes frame by frame, and the strategy’s reply at the end', async () => {
    const seen: Reply[] = []
    const { clock, fetch } = mockedFetch(watching(seen))
    const work = async () => {
      const response = await fetch(chatUrl, chat({ stream: true, stream_options: { include_usage: true } }))
      const began = clock.now()
      expect(seen).toEqual([])
      expect(fetch.inspect()).toMatchObject({ waiting: 0, inFlight: 1 })
      const text = await response.text()
      // The strategy hears of the end in the same instant.
      await clock.sleep(0)
      return { began, text }
    }
    const { began, text } = await clock.run(work())
    expect(clock.now()).toBeGreaterThan(began)
    expect(text).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s)
    expect(seen).toMatchObject([{ kind: 'ok', usage: { promptTokens: 11, outputTokens: 10 } }])
    expect(fetch.inspect()).toMatchObject({ waiting: 0, inFlight: 0 })
  })
})

test('a throttled call is tried again', async () => {
  const limits = { m: [{ rule: 'rps' as const, limit: 1, window: 1000 }] }
  const attempts: AttemptEvent[] = []
  const waits: WaitEvent[] = []
  const calls: CallEvent[] = []
  const listeners = {
    onAttempt: (event: AttemptEvent) => attempts.push(event),
    onWait: (event: WaitEvent) => waits.push(event),
    onCall: (event: CallEvent) => calls.push(event),
  }
  const { clock, fetch } = mockedFetch(retry({ jitter: 'none' }), { limits }, listeners)
  const responses = await clock.run(Promise.all([fetch(chatUrl, chat()), fetch(chatUrl, chat())]))
  expect(responses.map(({ status }) => status)).toEqual([200, 200])
  expect(attempts.map(({ reply }) => reply)).toMatchObject([
    { kind: 'throttled', cause: 'requests' },
    { kind: 'ok' },
    { kind: 'ok' },
  ])
  expect(waits.map((each) => each.endedAt - each.startedAt)).toEqual([1000])
  expect(calls).toMatchObject([
    { call: 0, attempts: 1 },
    { call: 1, attempts: 2, target: { key: 'sk-1234…1234', model: 'm' } },
  ])
})

test('a slot of `concurrency` is held until a stream ends', async () => {
  const { clock, fetch, mock } = mockedFetch(stack(concurrency({ limit: 1 })))
  const read = async () => (await fetch(chatUrl, chat({ stream: true }))).text()
  await clock.run(Promise.all([read(), read()]))
  const [first, second] = mock.journal.entries()
  expect(second!.arrivedAt).toBeGreaterThanOrEqual(first!.endedAt!)
})
