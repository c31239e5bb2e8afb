import { ReadableStream } from 'node:stream/web'
import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { Call } from '../../../src/core/call.ts'
import { seeded } from '../../../src/core/random.ts'
import type { Strategy } from '../../../src/core/strategy.ts'
import { type CallFacts, type ToFetchOptions, toFetch } from '../../../src/fetch.ts'
import { retry } from '../../../src/strategies/retry/retry.ts'
import { rotation } from '../../../src/strategies/targets/rotation.ts'
import { baseUrl, chat, chatUrl, key, scripted } from './rig.ts'

const throttle = () => Response.json({ error: { code: 'limit_requests', message: '' } }, { status: 429 })
const answer = () => Response.json({ model: 'm', choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } })

/** Sends a request through a strategy to responses that are given in turn, and returns what was sent. */
async function sent(
  strategy: Strategy,
  input: Parameters<typeof fetch>[0],
  init?: RequestInit,
  responses = [throttle, answer],
) {
  const { requests, fetch } = scripted(...responses)
  // Not a virtual clock: Node reads blobs and forms outside of its event loop.
  const clock = { now: () => 0, sleep: async () => {} }
  const response = await toFetch(strategy, { fetch, clock, random: seeded(1) })(input, init)
  return { response, requests, bodies: await Promise.all(requests.map((each) => each.bytes())) }
}

/** A strategy that changes calls, and keeps those that it got. */
function changing(change: (call: Call) => Partial<Call>, got: Call[] = []): Strategy {
  return {
    name: 'changing',
    wrap: (next) => async (call) => {
      got.push(call)
      return next({ ...call, ...change(call) })
    },
  }
}

const json = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Grüße 😀' }] })
const bytes = new TextEncoder().encode(json)
const pooled = new Uint8Array([0, 0, ...bytes, 0])

describe('a body is sent again byte by byte', () => {
  test.each<[string, () => NonNullable<RequestInit['body']>]>([
    ['a text', () => json],
    ['bytes', () => bytes],
    ['bytes amid others', () => pooled.subarray(2, 2 + bytes.length)],
    ['an ArrayBuffer', () => bytes.slice().buffer],
    ['a DataView', () => new DataView(pooled.buffer, 2, bytes.length)],
    ['a Blob', () => new Blob([bytes])],
    ['a stream', () => ReadableStream.from([bytes.slice(0, 30), bytes.slice(30)]) as NonNullable<RequestInit['body']>],
  ])('%s', async (_what, body) => {
    const { response, bodies } = await sent(retry(), chatUrl, { ...chat(), body: body() })
    expect(response.status).toBe(200)
    expect(bodies).toEqual([bytes, bytes])
  })

  test('URLSearchParams, and a form', async () => {
    const form = new FormData()
    form.set('model', 'm')
    form.set('file', new Blob(['audio']), 'a.wav')
    for (const body of [new URLSearchParams({ model: 'm' }), form]) {
      const { requests, bodies } = await sent(retry(), chatUrl, { method: 'POST', body })
      expect(bodies).toHaveLength(2)
      expect(bodies[1]).toEqual(bodies[0])
      expect(bodies[0]!.length).toBeGreaterThan(5)
      expect(requests[1]!.headers.get('content-type')).toBe(requests[0]!.headers.get('content-type'))
      expect(requests[0]!.headers.get('content-type')).toMatch(/form/)
    }
  })

  test('a Request', async () => {
    const request = new Request(chatUrl, { ...chat(), body: json, redirect: 'manual' })
    const { requests, bodies } = await sent(retry(), request)
    expect(bodies).toEqual([bytes, bytes])
    expect(requests.map(({ url, redirect }) => [url, redirect])).toEqual(Array(2).fill([chatUrl, 'manual']))
    expect(requests[1]!.headers.get('authorization')).toBe(`Bearer ${key}`)
  })

  test('a Request, with other fields beside it', async () => {
    const { bodies, requests } = await sent(retry(), new Request(chatUrl, chat()), { body: json, headers: { a: 'b' } })
    expect(bodies).toEqual([bytes, bytes])
    expect(requests[1]!.headers.get('a')).toBe('b')
  })

  test('even if its owner changes it meanwhile', async () => {
    const own = bytes.slice()
    const { fetch, requests } = scripted(throttle, answer)
    const clock = virtualClock()
    const response = toFetch(retry(), { fetch, clock })(chatUrl, { ...chat(), body: own })
    own.fill(0)
    await clock.run(response)
    expect(await requests[1]!.bytes()).toEqual(bytes)
  })
})

test('a stream that is too long to be kept is refused before anything is sent', async () => {
  let isCancelled = false
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(16 * 1024 * 1024)),
    cancel: () => {
      isCancelled = true
    },
  })
  const { fetch, requests } = scripted(answer)
  const call = toFetch(retry(), { fetch })(chatUrl, {
    method: 'POST',
    body: endless as NonNullable<RequestInit['body']>,
  })
  await expect(call).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: 'Expected `body` to have at most 67108864 bytes, so that it can be sent again, got more',
  })
  expect([requests.length, isCancelled]).toEqual([0, true])
})

test('an abort ends the reading of a stream that has come to a halt', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const cancelled: unknown[] = []
  const halted = new ReadableStream({ cancel: (why) => void cancelled.push(why) })
  const { fetch, requests } = scripted(answer)
  const init = { method: 'POST', body: halted as NonNullable<RequestInit['body']>, signal: controller.signal }
  const call = toFetch(retry(), { fetch })(chatUrl, init)
  await Promise.resolve()
  controller.abort(reason)
  await expect(call).rejects.toBe(reason)
  expect([requests.length, cancelled]).toEqual([0, [reason]])
})

describe('a call', () => {
  async function callOf(
    body: object,
    headers: Readonly<Record<string, string>> = {},
    options: ToFetchOptions = {},
    url = chatUrl,
  ) {
    const got: Call[] = []
    await toFetch(
      changing(() => ({}), got),
      { fetch: scripted(answer).fetch, ...options },
    )(url, chat(body, headers))
    return got[0]!
  }

  test('has its target from the request', async () => {
    expect((await callOf({})).target).toEqual({ endpoint: baseUrl, key, model: 'm' })
    const native = 'https://dashscope.example/api/v1/services/aigc/text-generation/generation?a=b'
    expect((await callOf({}, {}, {}, native)).target.endpoint).toBe('https://dashscope.example/api/v1')
    const azure = 'https://x.example/openai/deployments/gpt/chat/completions?api-version=1'
    expect((await callOf({}, { authorization: '', 'api-key': 'k' }, {}, azure)).target).toMatchObject({
      endpoint: 'https://x.example/openai/deployments/gpt',
      key: 'k',
    })
    expect(
      (await callOf({}, { authorization: '', 'x-api-key': 'k' }, {}, 'https://a.example/v1/messages')).target,
    ).toMatchObject({
      endpoint: 'https://a.example',
      key: 'k',
    })
  })

  test.each([
    [{ max_tokens: 5 }, 5],
    [{ max_completion_tokens: 6, max_tokens: 5 }, 6],
    [{ max_output_tokens: 7 }, 7],
    [{ parameters: { max_tokens: 8 } }, 8],
    [{ max_tokens: -1 }, 2048],
    [{ max_tokens: '9' }, 2048],
    [{}, 2048],
  ])('with the body %j has at most %i output tokens', async (body, maxTokens) => {
    expect(await callOf(body)).toMatchObject({ maxTokens })
  })

  test('has an estimate of its prompt', async () => {
    const content = 'What is a rate limit? '.repeat(100)
    const { promptTokens } = await callOf({ messages: [{ role: 'user', content }] })
    expect(promptTokens).toBe(content.length / 4)
  })

  test('has the wait for the burst guard in milliseconds', async () => {
    expect((await callOf({}, { 'X-DashScope-Wait-Timeout': '30' })).serverWait).toBe(30_000)
    expect((await callOf({}, { 'X-DashScope-Wait-Timeout': 'soon' })).serverWait).toBe(0)
  })

  test('has what a user tells of it', async () => {
    const describe = () => ({ tenant: 'a', priority: 2, promptTokens: 77 })
    expect(await callOf({}, {}, { describe })).toMatchObject({
      tenant: 'a',
      priority: 2,
      promptTokens: 77,
      maxTokens: 2048,
    })
  })

  test('has nothing else for what a user leaves out or tells wrongly', async () => {
    const partly = () => ({ tenant: undefined, promptTokens: undefined }) as unknown as CallFacts
    expect(await callOf({}, {}, { describe: partly })).toMatchObject({ promptTokens: 3, maxTokens: 2048 })
    const wrongly = callOf({}, {}, { describe: () => ({ promptTokens: 1.5 }) })
    await expect(wrongly).rejects.toThrow('Expected `describe(…).promptTokens` to be a whole number >= 0, got 1.5')
  })

  test('has a deadline by its patience', async () => {
    const clock = virtualClock(1000)
    expect((await callOf({}, {}, { clock, patience: 500 })).deadline).toBe(1500)
    expect((await callOf({}, {}, { clock })).deadline).toBe(Infinity)
  })
})

test.each([`${chatUrl}/`, `${chatUrl}?a=b#c`, chatUrl.replace('/chat', '//chat')])(
  'the address %s is sent as it is',
  async (url) => {
    const { requests } = await sent(retry(), url, chat(), [answer])
    expect(requests[0]!.url).toBe(url)
    const asUrl = await sent(retry(), new URL(url), { ...chat(), body: new Blob([json]) }, [answer])
    expect(asUrl.requests[0]!.url).toBe(url)
  },
)

test('an address with a password is refused without it, as the platform refuses it', async () => {
  const request = toFetch(retry())(chatUrl.replace('//', '//user:pass-word@'), chat())
  await expect(request).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: 'Expected the address to have no user and no password, got one that has: send them in a header',
  })
})

describe('a strategy changes', () => {
  test('the key, in whichever header it stands', async () => {
    const keys = rotation({ keys: ['sk-a', 'sk-b'] })
    const { requests } = await sent(keys, chatUrl, chat())
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer sk-a', 'Bearer sk-b'])
    const { requests: others } = await sent(
      keys,
      'https://a.example/v1/messages',
      chat({}, { authorization: '', 'x-api-key': 'old' }),
    )
    expect(others.map(({ headers }) => headers.get('x-api-key'))).toEqual(['sk-a', 'sk-b'])
    const { requests: without } = await sent(keys, chatUrl, { method: 'POST', body: json })
    expect(without.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer sk-a', 'Bearer sk-b'])
  })

  test('the key, where credentials of another kind stand', async () => {
    const { requests } = await sent(rotation({ keys: ['sk-a'] }), chatUrl, chat({}, { authorization: 'Basic abc' }), [
      answer,
    ])
    expect(requests[0]!.headers.get('authorization')).toBe('Bearer sk-a')
  })

  test('the model, and with it the length that a header gives', async () => {
    const other = changing(({ target }) => ({ target: { ...target, model: 'longer' } }))
    const { requests } = await sent(other, chatUrl, chat({}, { 'content-length': '77' }), [answer])
    expect(requests[0]!.headers.get('content-length')).toBeNull()
  })

  test('the model, and nothing else of the body', async () => {
    const other = changing(({ target }) => ({ target: { ...target, model: 'n' } }))
    const { bodies } = await sent(other, chatUrl, { ...chat(), body: json }, [answer])
    expect(new TextDecoder().decode(bodies[0])).toBe(json.replace('"m"', '"n"'))
    const asBlob = await sent(other, chatUrl, { ...chat(), body: new Blob([json]) }, [answer])
    expect(asBlob.bodies).toEqual(bodies)
  })

  test('the endpoint, and the query remains', async () => {
    const other = changing(({ target }) => ({ target: { ...target, endpoint: 'https://proxy.example/base/v1/' } }))
    const { requests } = await sent(other, `${chatUrl}?a=b`, chat(), [answer])
    expect(requests[0]!.url).toBe('https://proxy.example/base/v1/chat/completions?a=b')
    const asRequest = await sent(other, new Request(`${chatUrl}?a=b`, chat()), undefined, [answer])
    expect(asRequest.requests[0]!.url).toBe('https://proxy.example/base/v1/chat/completions?a=b')
    expect(asRequest.bodies[0]!.length).toBeGreaterThan(10)
  })

  test('the wait for the burst guard', async () => {
    const { requests } = await sent(
      changing(() => ({ serverWait: 2500 })),
      chatUrl,
      chat(),
      [answer],
    )
    expect(requests[0]!.headers.get('x-dashscope-wait-timeout')).toBe('3')
  })

  test.each([
    [
      { endpoint: 'gateway' },
      json,
      'Expected `endpoint` of a target to be an address such as https://example.com/v1, got "gateway"',
    ],
    [
      { model: 'n' },
      'no JSON',
      'Expected the body to be a JSON object, so that the strategy can change its `model`, got another',
    ],
    [{ key: 'sk-secret\n' }, json, 'Expected a key to be visible ASCII characters, got one that is not'],
    [{ key: '' }, json, 'Expected a key to be visible ASCII characters, got one that is not'],
  ])('to %j, of which no request can be made', async (target, body, message) => {
    const other = changing((call) => ({ target: { ...call.target, ...target } }))
    await expect(sent(other, chatUrl, { ...chat(), body })).rejects.toThrow(message)
  })
})

test.each<[string, string, RequestInit | undefined]>([
  ['a list of models', `${baseUrl}/models`, undefined],
  ['a file', `${baseUrl}/files`, { method: 'POST', body: new FormData() }],
  ['another method', chatUrl, { method: 'DELETE' }],
  ['a message of a thread', `${baseUrl}/threads/t/messages`, { method: 'POST', body: '{}' }],
])('%s passes untouched', async (_what, url, init) => {
  const given: unknown[] = []
  const response = new Response('x', { status: 429 })
  const fetch = (...args: unknown[]) => {
    given.push(...args)
    return Promise.resolve(response)
  }
  const refusing: Strategy = { name: 'refusing', wrap: () => () => Promise.reject(new Error('was asked')) }
  expect(await toFetch(refusing, { fetch: fetch as typeof globalThis.fetch })(url, init)).toBe(response)
  expect(given[0]).toBe(url)
  expect(given[1]).toBe(init)
})

test('a wrong header is refused without its value, which may be a key', async () => {
  const request = toFetch(retry())(chatUrl, { ...chat(), headers: { authorization: 'Bearer sk-secret\u0000' } })
  await expect(request).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.not.stringContaining('secret'),
  })
})
