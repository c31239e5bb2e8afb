import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import type { MockOptions } from '../../../sim/mock/mock.ts'
import { type Strategy, stack } from '../../../src/core/strategy.ts'
import type { ToFetchOptions } from '../../../src/fetch.ts'
import { pace } from '../../../src/strategies/pacing/pace.ts'
import { retry } from '../../../src/strategies/retry/retry.ts'
import { key as apiKey, baseUrl as baseURL, mockedFetch } from './rig.ts'

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
