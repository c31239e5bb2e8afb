import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import type { MockOptions } from '../../../sim/mock/mock.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import { type Strategy, stack } from '../../../src/core/strategy.ts'
import { type ToFetchOptions, toFetch } from '../../../src/fetch.ts'
import { pace } from '../../../src/strategies/pacing/pace.ts'
import { retry } from '../../../src/strategies/retry/retry.ts'
import { key as apiKey, baseUrl as baseURL, mockedFetch, scripted } from './rig.ts'

type Fetch = typeof globalThis.fetch

/** Asks once with each SDK as its users do, without the retries of its own, and returns the text of the answer. */
const sdks: Readonly<Record<string, (fetch: Fetch, stream: boolean) => Promise<string>>> = {
  openai: async (fetch, stream) => {
    const { chat } = new OpenAI({ apiKey, baseURL, fetch, maxRetries: 0 })
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello there' }] }
    if (!stream) return (await chat.completions.create(request)).choices[0]!.message.content!
    let text = ''
    for await (const { choices } of await chat.completions.create({ ...request, stream }))
      text += choices[0]?.delta.content ?? ''
    return text
  },
  'AI SDK': async (fetch, stream) => {
    const model = createOpenAICompatible({ name: 'dashscope', apiKey, baseURL, fetch })('m')
    const request = { model, prompt: 'Hello there', maxRetries: 0 }
    if (!stream) return (await generateText(request)).text
    let text = ''
    for await (const part of streamText({ ...request, onError: () => {} }).textStream) text += part
    return text
  },
  LangChain: async (fetch, stream) => {
    const chat = new ChatOpenAI({ model: 'm', apiKey, configuration: { baseURL, fetch }, maxRetries: 0 })
    if (!stream) return (await chat.invoke('Hello there')).text
    let text = ''
    for await (const chunk of await chat.stream('Hello there')) text += chunk.text
    return text
  },
}

const denial = '{"error":{"code":"limit_burst_rate","message":"Request rate increased too quickly."}}'

/** A stream that comes in these pieces. */
function sse(pieces: readonly string[]): Response {
  const bytes = pieces.map((each) => new TextEncoder().encode(each))
  const body = new ReadableStream({
    pull(controller) {
      const piece = bytes.shift()
      if (piece) controller.enqueue(piece)
      else controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

const perSecond = { limits: { m: [{ rule: 'rps' as const, limit: 1, window: 1000 }] } }
const perMinute = { limits: { m: [{ rule: 'tpm' as const, limit: 25, window: 60_000 }] } }

/** Asks so many times at once. */
async function asked(
  sdk: string,
  times: number,
  setup: Partial<MockOptions>,
  options: ToFetchOptions & { stream?: boolean; strategy?: Strategy } = {},
) {
  const { stream = false, strategy = retry({ attempts: 20 }), ...rest } = options
  const { clock, fetch, mock } = mockedFetch(strategy, setup, rest)
  const calls = Array.from({ length: times }, () => sdks[sdk]!(fetch, stream))
  return { results: await clock.run(Promise.allSettled(calls)), mock, fetch }
}

describe.each(Object.keys(sdks))('%s', (sdk) => {
  test.each([
    ['requests', perSecond, {}],
    ['requests, for a stream', perSecond, { stream: true }],
    ['tokens, called insufficient_quota', perMinute, {}],
    [
      'requests, as the first frame of a stream',
      { ...perSecond, wire: { errorPlacement: 'first-frame' as const } },
      { stream: true },
    ],
  ])('gets every answer under a limit of %s', async (_what, setup, options) => {
    const { results, mock } = await asked(sdk, 4, setup, options)
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('fulfilled'))
    const texts = results.map((each) => (each.status === 'fulfilled' ? each.value : ''))
    expect(texts.every((text) => text.length > 10)).toBe(true)
    expect(mock.journal.entries().filter(({ verdict }) => verdict === 'admitted')).toHaveLength(4)
    expect(mock.journal.entries().length).toBeGreaterThan(4)
  })

  test.each([
    [{ 'retry-after': '0.25' }, 250],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': 'Tue, 14 Nov 2023 22:13:25 GMT' }, 5000],
    [{ 'retry-after': 'Tue, 14 Nov 2023 22:13:25 GMT', date: 'Tue, 14 Nov 2023 22:13:24 GMT' }, 1000],
    [{ 'retry-after': 'Tue, 14 Nov 2023 22:13:19 GMT' }, 100],
    [{ 'retry-after-ms': '250.5', 'retry-after': '9' }, 251],
    [{ 'retry-after': '99999999' }, 120_000],
    [{ 'retry-after': '-5' }, 100],
    [{ 'retry-after': '1, 2' }, 100],
    [{ 'retry-after': 'soon', 'x-should-retry': 'true' }, 100],
  ])('waits after a 429 with %j for %i ms', async (headers, wait) => {
    const clock = virtualClock(1_700_000_000_000)
    const { fetch } = scripted(
      () => Response.json({ error: { code: 'limit_requests', message: 'slow down' } }, { status: 429, headers }),
      () =>
        Response.json({
          model: 'm',
          choices: [{ message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
        }),
    )
    const strategy = retry({ attempts: 2, base: 100, jitter: 'none' })
    expect(await clock.run(sdks[sdk]!(toFetch(strategy, { fetch, clock }), false))).toBe('Hello')
    expect(clock.now() - 1_700_000_000_000).toBe(wait)
  })

  test.each([
    ['in two pieces', [`data: ${denial.slice(0, 5)}`, `${denial.slice(5)}\n\n`]],
    [
      'behind a comment and an empty frame, with carriage returns',
      [': ping\r\n\r\nevent: x\r\n\r\n', `data: ${denial}\r\n\r\n`],
    ],
  ])('reads the stream that follows one whose first frame is an error: %s', async (_what, pieces) => {
    const clock = virtualClock()
    const chunk = JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'Hello' } }] })
    const streams = [
      pieces,
      [`: ping\r\n\r\ndata: ${chunk.slice(0, 9)}`, `${chunk.slice(9)}\r\n\r\ndata: [DONE]\r\n\r\n`],
    ]
    const { fetch } = scripted(...streams.map((each) => () => sse(each)))
    expect(await clock.run(sdks[sdk]!(toFetch(retry(), { fetch, clock }), true))).toBe('Hello')
  })

  test('raises its own error when the strategy gives up', async () => {
    const { results } = await asked(
      sdk,
      3,
      { limits: { m: [{ rule: 'rpm', limit: 1, window: 60_000 }] } },
      { strategy: retry({ attempts: 2 }) },
    )
    const errors = results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(errors).toHaveLength(2)
    expect(errors.map(({ status, statusCode }) => status ?? statusCode)).toEqual([429, 429])
  })

  test('raises an error that tells of the patience when that has ended', async () => {
    const { results, mock } = await asked(sdk, 3, {}, { strategy: pace({ perSecond: 1 }), patience: 1500 })
    const [late] = results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(late.message).toContain('The call was not sent, because its `patience` ended')
    expect(late.status ?? late.statusCode).toBe(429)
    expect(mock.journal.entries()).toHaveLength(2)
  })
})

test('the time-out of an SDK ends a wait of the strategy, and nothing is sent after it', async () => {
  const { fetch, mock } = mockedFetch(stack(pace({ perSecond: 0.01 })), {})
  const client = new OpenAI({ apiKey, baseURL, fetch, maxRetries: 0, timeout: 20 })
  const ask = () => client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'Hello there' }] })
  // Nobody moves the virtual clock: only the timer of the SDK, which is real, can end the calls.
  const [first, second] = await Promise.allSettled([ask(), ask()])
  for (const each of [first, second])
    expect(each).toMatchObject({ reason: { name: 'Error', message: 'Request timed out.' } })
  expect(mock.inFlight).toBe(0)
  await Promise.resolve()
  expect(fetch.inspect()).toMatchObject({ waiting: 0, inFlight: 0 })
})

test('several clients share the pace of one strategy', async () => {
  const { clock, fetch, mock } = mockedFetch(stack(retry(), pace({ perSecond: 2 })))
  const calls = Object.values(sdks).flatMap((ask) => [ask(fetch, false), ask(fetch, true)])
  await clock.run(Promise.all(calls))
  const starts = mock.journal.entries().map(({ arrivedAt }) => arrivedAt)
  expect(starts.map((at) => at - starts[0]!)).toEqual([0, 500, 1000, 1500, 2000, 2500])
})
