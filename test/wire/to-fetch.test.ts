import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText } from 'ai'
import OpenAI from 'openai'
import { describe, expect, test, vi } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import { toFetch } from '../../src/fetch.ts'
import { recommended } from '../../src/strategies/recommended/recommended.ts'
import { retry } from '../../src/strategies/retry/retry.ts'
import { ends } from './stopped-server.ts'

/** A clock whose waits take no time. */
const clock: Clock = { now: () => 0, sleep: async () => {} }
const sse = { 'content-type': 'text/event-stream' }
const chunk = 'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\n'
const denial = 'data: {"error":{"code":"limit_requests","message":"m"}}\n\n'

/** A server that answers requests in turn, the last listener again and again, until the end of the test. */
async function serving(...listeners: readonly RequestListener[]) {
  let requests = 0
  const server = createServer((request, response) => {
    request.resume()
    listeners[Math.min(requests++, listeners.length - 1)]!(request, response)
  })
  let connections = 0
  server.on('connection', () => connections++)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  ends.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const request = (fields: RequestInit = {}) => ({ method: 'POST', body: '{"model":"m","stream":true}', ...fields })
  const fetch = toFetch(retry({ attempts: 30 }), { clock })
  return {
    url,
    server,
    connections: () => connections,
    requests: () => requests,
    ask: (init?: RequestInit) => fetch(`${url}/chat/completions`, request(init)),
  }
}

const open = (server: Server) => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))

test('twenty throttled attempts share connections, since their bodies are read', async () => {
  const throttle: RequestListener = (_, response) =>
    response.writeHead(429).end(JSON.stringify({ error: { code: 'limit_requests' } }))
  const { ask, connections, requests } = await serving(...Array(20).fill(throttle), (_, response) =>
    response.end('{"model":"m"}'),
  )
  const response = await ask()
  expect(await response.json()).toEqual({ model: 'm' })
  expect(requests()).toBe(21)
  // A second one may open before the first is free again.
  expect(connections()).toBeLessThan(4)
})

test('a stream whose first frame is an error, and that does not end, is hung up on', async () => {
  const closed = vi.fn()
  const denied: RequestListener = (request, response) => {
    request.socket.once('close', closed)
    response.writeHead(200, sse).write(denial)
  }
  const { ask, requests } = await serving(denied, (_, response) => response.writeHead(200, sse).end(chunk))
  const response = await ask()
  expect(await response.text()).toBe(chunk)
  expect(requests()).toBe(2)
  await vi.waitFor(() => expect(closed).toHaveBeenCalled())
})

test.each([
  ['leaves', async (response: Response) => response.body!.cancel()],
  ['aborts', async (_: Response, controller: AbortController) => controller.abort()],
])('a stream whose reader %s it is hung up on', async (_what, leave) => {
  const { ask, server } = await serving((_, response) => response.writeHead(200, sse).write(chunk))
  const controller = new AbortController()
  const response = await ask({ signal: controller.signal })
  const reader = response.body!.getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe(chunk)
  reader.releaseLock()
  await leave(response, controller)
  await vi.waitFor(async () => expect(await open(server)).toBe(0))
})

test('an abort before the first frame hangs up', async () => {
  const arrived = Promise.withResolvers<void>()
  const { ask, server } = await serving((_, response) => {
    response.writeHead(200, sse).write(': wait\n\n')
    arrived.resolve()
  })
  const controller = new AbortController()
  const reply = ask({ signal: controller.signal })
  await arrived.promise
  controller.abort(new Error('enough'))
  await expect(reply).rejects.toThrow('enough')
  await vi.waitFor(async () => expect(await open(server)).toBe(0))
})

test('a body that breaks off is the platform’s error', async () => {
  const { ask } = await serving((_, response) => {
    response.writeHead(200, sse).write(chunk)
    setImmediate(() => response.destroy())
  })
  const response = await ask()
  await expect(response.text()).rejects.toThrow('terminated')
})

describe('a fault of the network', () => {
  const asked = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello' }] }
  const sdks: Readonly<Record<string, (fetch: typeof globalThis.fetch, baseURL: string) => Promise<unknown>>> = {
    openai: (fetch, baseURL) =>
      new OpenAI({ apiKey: 'sk-secret-1234', baseURL, fetch, maxRetries: 0 }).chat.completions.create(asked),
    'AI SDK': (fetch, baseURL) =>
      generateText({
        model: createOpenAICompatible({ name: 'dashscope', apiKey: 'sk-secret-1234', baseURL, fetch })('m'),
        prompt: 'Hello',
        maxRetries: 0,
      }),
  }
  const reset: RequestListener = (request) => request.socket.resetAndDestroy()
  const torn: RequestListener = (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }).write('{"model":')
    setImmediate(() => request.socket.resetAndDestroy())
  }
  const plain: RequestListener = (_, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"choices":[{"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}')

  test.each(
    Object.keys(sdks).flatMap(
      (sdk) =>
        [
          [sdk, 'a connection that is reset', reset],
          [sdk, 'an answer that is torn', torn],
        ] as const,
    ),
  )('%s: %s is the SDK’s own error, and the next call is answered', async (sdk, _what, listener) => {
    const { url } = await serving(listener, plain)
    const events: unknown[] = []
    const fetch = toFetch(recommended(), {
      onAttempt: (event) => events.push(event),
      onCall: (event) => events.push(event),
    })
    const error = await sdks[sdk]!(fetch, url).then(
      () => undefined,
      (error: Error) => error,
    )
    expect(error).toBeInstanceOf(Error)
    expect(JSON.stringify([events, String(error), String(error!.cause)])).not.toContain('secret-1234')
    await sdks[sdk]!(fetch, url)
    expect(events).toMatchObject([{ attempt: 1 }, { attempts: 1 }, { attempt: 1 }, { attempts: 1 }])
    expect(fetch.inspect()).toMatchObject({ waiting: 0, inFlight: 0 })
  })

  test.each(Object.keys(sdks))('%s: so is a name that nobody knows', async (sdk) => {
    const fetch = toFetch(recommended())
    await expect(sdks[sdk]!(fetch, 'http://nowhere.invalid/v1')).rejects.toThrow(/connect|connection/i)
    expect(fetch.inspect()).toMatchObject({ waiting: 0, inFlight: 0 })
  })
})
