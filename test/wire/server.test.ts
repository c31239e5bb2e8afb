import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { mock } from '../../sim/mock/mock.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { chatBody, chatRequest, rawClient } from './raw-client.ts'
import { type StoppedServer, stoppedServer } from './stopped-server.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const headers = { authorization: 'Bearer sk-ratelab' }
const post = (url: string, body: NonNullable<RequestInit['body']>, more: RequestInit = {}) =>
  fetch(url, { method: 'POST', headers, body, ...more })

async function underWay({ provider }: StoppedServer, count: number): Promise<void> {
  await expect.poll(() => provider.inFlight, { timeout: 5000, interval: 5 }).toBe(count)
}

describe('an answer', () => {
  test('is chunked, as captured, and its connection is kept open', async () => {
    const { server, timeline } = await stoppedServer({}, { wire: { answerTokens: 3, answerSpread: 0 } })
    const client = rawClient(server.port).send(chatRequest(chatBody()) + chatRequest(chatBody()))
    await expect.poll(() => timeline.advance(1000) ?? client.heard().match(/\r\n0\r\n\r\n/g)?.length).toBe(2)
    expect(client.heard()).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(client.heard()).toContain('\r\nTransfer-Encoding: chunked\r\n')
    expect(client.heard()).toContain('\r\nConnection: keep-alive\r\n')
    client.socket.destroy()
  })

  test('is the same for a request with an absolute address, as proxies’ clients send it', async () => {
    const { server } = await stoppedServer()
    const path = '/compatible-mode/v1/chat/completions'
    const client = rawClient(server.port)
    const request = chatRequest('{').replace(path, `http://dashscope-intl.aliyuncs.com${path}?a=b`)
    expect(await client.send(request).until('0\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*Required body invalid/s)
    const bare = chatRequest('{').replace(path, 'http://mock')
    expect(await client.send(bare).until('"not_found"')).toContain('HTTP/1.1 404')
    client.socket.destroy()
  })

  test.each([
    ['HEAD', 405],
    ['OPTIONS', 405],
    ['GET', 405],
    ['DELETE', 405],
  ])('to %s is %i', async (method, status) => {
    const { url } = await stoppedServer()
    const response = await fetch(url, { method, headers })
    expect(response.status).toBe(status)
    const text = await response.text()
    expect(text === '').toBe(method === 'HEAD')
  })

  test.each(['/compatible-mode/v1/../v1/chat/completions', '/compatible-mode%2Fv1/chat/completions', '//', '/%', '/?'])(
    'to %s is 404, because paths must be exact',
    async (path) => {
      const { server } = await stoppedServer()
      const request = chatRequest(chatBody()).replace('/compatible-mode/v1/chat/completions', path)
      const client = rawClient(server.port).send(request)
      expect(await client.until('0\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 .*"code":"not_found"/s)
      client.socket.destroy()
    },
  )

  test('to a body that is not UTF-8 is the same as to a body that is not JSON', async () => {
    const { url } = await stoppedServer()
    const bytes = Buffer.from(chatBody().replace('Hello', 'H\xffllo'), 'latin1')
    const response = await post(url, bytes)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining('Required body invalid') },
    })
  })
})

describe('a body that is too long', () => {
  const tooLong = { error: { type: 'invalid_request_error', message: expect.stringMatching(/: 1000\b/) } }

  test('gets an error in the documented envelope after all of it is sent, and the connection is closed', async () => {
    const { url, provider } = await stoppedServer({ maxBodyBytes: 1000 })
    const response = await post(url, chatBody({ x: 'x'.repeat(5_000_000) }))
    expect(response.status).toBe(413)
    expect(response.headers.get('connection')).toBe('close')
    expect(await response.json()).toMatchObject(tooLong)
    expect(provider.journal.entries()).toMatchObject([{ error: 'too-large', status: 413, end: 'answered' }])
  })

  test('gets the error as soon as it is too long when it does not state its length', async () => {
    const { url } = await stoppedServer({ maxBodyBytes: 1000 })
    const piece = new TextEncoder().encode('x'.repeat(600))
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(piece) })
    const response = await post(url, body, { duplex: 'half' } as RequestInit)
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject(tooLong)
  })

  test('is not sent by a client that expects 100-continue', async () => {
    const { server } = await stoppedServer({ maxBodyBytes: 1000 })
    const [head] = chatRequest('x'.repeat(2000), ['expect: 100-continue']).split('xxx')
    const client = rawClient(server.port).send(head!)
    expect(await client.until('}')).toMatch(/^HTTP\/1\.1 413/)
    await client.closed()
  })

  test('needs no memory: a hundred megabytes are not kept', async () => {
    const { server } = await stoppedServer()
    const client = rawClient(server.port)
    const length = 100 * 1024 * 1024
    client.send(`POST /compatible-mode/v1/chat/completions HTTP/1.1\r\nhost: mock\r\ncontent-length: ${length}\r\n\r\n`)
    const piece = Buffer.alloc(1024 * 1024, 'x')
    const kept = () => {
      collectGarbage()
      return process.memoryUsage().arrayBuffers
    }
    const before = kept()
    let most = 0
    for (let sent = 0; sent < length && !client.socket.destroyed; sent += piece.length) {
      if (!client.socket.write(piece)) await Promise.race([once(client.socket, 'drain'), client.closed()])
      if (sent % (10 * piece.length) === 0) most = Math.max(most, kept() - before)
    }
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 413 .*request_too_large/s)
    expect(most).toBeLessThan(20 * 1024 * 1024)
  })

  test('may have exactly the greatest length', async () => {
    const { url } = await stoppedServer({ maxBodyBytes: 1000 })
    expect((await post(url, 'x'.repeat(1000))).status).toBe(400)
    expect((await post(url, 'x'.repeat(1001))).status).toBe(413)
  })
})

describe('invalid HTTP', () => {
  test.each([
    ['garbage', 'garbage\r\n\r\n', /^HTTP\/1\.1 400 Bad Request\r\n/],
    ['a header of 32 KiB', `GET / HTTP/1.1\r\nhost: mock\r\nx: ${'x'.repeat(32 * 1024)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['ten thousand headers', `GET / HTTP/1.1\r\nhost: mock\r\n${'a: b\r\n'.repeat(10_000)}\r\n`, /^HTTP\/1\.1 431 /],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx',
      /^HTTP\/1\.1 400 /,
    ],
    ['a negative length', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['malformed chunks', 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', /^HTTP\/1\.1 400 /],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n', /^$/],
    ['TLS', Buffer.from('16030100a5010000a10303', 'hex').toString('latin1').padEnd(300, '\0'), /^HTTP\/1\.1 400 /],
    [
      'an unknown expectation',
      'GET / HTTP/1.1\r\nhost: a\r\nexpect: a miracle\r\nconnection: close\r\n\r\n',
      /^HTTP\/1\.1 417 /,
    ],
  ])('%s ends the connection', async (_what, text, heard) => {
    const { server, url } = await stoppedServer()
    expect(await rawClient(server.port).send(Buffer.from(text, 'latin1')).closed()).toMatch(heard)
    expect((await post(url, '{')).status).toBe(400)
  })

  test('after a good request ends the connection and the request', async () => {
    const it = await stoppedServer()
    const client = rawClient(it.server.port).send(`${chatRequest(chatBody())}garbage\r\n\r\n`)
    await client.closed()
    expect(it.provider.journal.entries()).toHaveLength(1)
    await underWay(it, 0)
  })

  test('an upgrade is an ordinary request', async () => {
    const { server } = await stoppedServer()
    const request = chatRequest('{', ['connection: upgrade', 'upgrade: websocket'])
    const client = rawClient(server.port).send(request)
    expect(await client.until('0\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*Required body invalid/s)
    client.socket.destroy()
  })
})

describe('a slow client', () => {
  test.each([
    ['first byte', ''],
    ['headers', 'POST /compatible-mode/v1/chat/completions HTTP/1.1\r\nhost: mock\r\n'],
    ['body', chatRequest(chatBody()).slice(0, -5)],
  ])('that takes too long for the %s is disconnected', async (_what, beginning) => {
    const it = await stoppedServer({ requestTimeout: 300 })
    const start = systemClock.now()
    const client = rawClient(it.server.port).send(beginning)
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 408 /)
    expect(systemClock.now() - start).toBeLessThan(5000)
    expect(it.provider.inFlight).toBe(0)
  })

  test('that reads a stream too slowly is disconnected when too much of it is kept', async () => {
    const it = await stoppedServer(
      { maxUnreadBytes: 100_000 },
      { wire: { answerTokens: 1_000_000, answerSpread: 0, maxTokens: 1_000_000, frameTokens: 1 } },
    )
    const client = rawClient(it.server.port)
    client.socket.pause()
    client.send(chatRequest(chatBody({ stream: true })))
    await underWay(it, 1)
    // It takes seconds until the buffers of the operating system are full.
    for (let second = 0; second < 20_000 && it.provider.inFlight > 0; second += 100) {
      it.timeline.advance(100_000)
      await systemClock.sleep(1)
    }
    expect(it.provider.journal.entries()).toMatchObject([{ end: 'left' }])
    client.socket.resume()
    await client.closed()
  })
})

describe('a client that hangs up', () => {
  test.each([
    ['before the answer', chatBody()],
    ['before the first token', chatBody({ stream: true })],
  ])('ends its request %s', async (_when, body) => {
    const it = await stoppedServer()
    const client = rawClient(it.server.port).send(chatRequest(body))
    await underWay(it, 1)
    client.socket.destroy()
    await underWay(it, 0)
    expect(it.provider.journal.entries()).toMatchObject([{ end: 'left' }])
  })

  test('ends its request during a stream', async () => {
    const it = await stoppedServer()
    const client = rawClient(it.server.port).send(chatRequest(chatBody({ stream: true })))
    await underWay(it, 1)
    await expect.poll(() => it.timeline.advance(100) ?? client.heard()).toContain('data: {')
    client.socket.destroy()
    await underWay(it, 0)
    expect(it.provider.journal.entries()).toMatchObject([{ end: 'left' }])
  })

  test('ends the requests that wait on its connection', async () => {
    const it = await stoppedServer()
    const client = rawClient(it.server.port).send(chatRequest(chatBody()).repeat(30))
    await expect.poll(() => it.provider.journal.entries().length).toBe(30)
    client.socket.destroy()
    await underWay(it, 0)
  })

  test('within a request body leaves nothing behind', async () => {
    const it = await stoppedServer()
    const client = rawClient(it.server.port).send(chatRequest(chatBody()).slice(0, -5))
    await new Promise((resolve) => client.socket.once('ready', resolve))
    client.socket.destroy()
    await client.closed()
    expect((await post(it.url, '{')).status).toBe(400)
    expect(it.provider.journal.entries()).toHaveLength(1)
  })
})

test('connections beyond the allowed number are closed', async () => {
  const { server } = await stoppedServer({ maxConnections: 2 })
  const [first, second] = [rawClient(server.port), rawClient(server.port)]
  for (const client of [first, second]) await client!.send(chatRequest('{')).until('0\r\n\r\n')
  expect(await rawClient(server.port).send(chatRequest('{')).closed()).toBe('')
  for (const client of [first, second]) client!.socket.destroy()
})

describe('closing', () => {
  test('ends idle connections at once', async () => {
    const { server } = await stoppedServer()
    const client = rawClient(server.port).send(chatRequest('{'))
    await client.until('0\r\n\r\n')
    const start = systemClock.now()
    await server.close()
    expect(systemClock.now() - start).toBeLessThan(1000)
    await client.closed()
  })

  test('lets a request in flight and a stream end, and takes no new ones', async () => {
    const it = await stoppedServer()
    const whole = rawClient(it.server.port).send(chatRequest(chatBody()))
    const stream = rawClient(it.server.port).send(chatRequest(chatBody({ stream: true })))
    await underWay(it, 2)
    await expect.poll(() => it.timeline.advance(100) ?? stream.heard()).toContain('data: {')
    let isClosed = false
    const closed = it.server.close(60_000).then(() => {
      isClosed = true
    })
    expect(await rawClient(it.server.port).closed()).toBe('')
    expect(isClosed).toBe(false)
    it.timeline.advance(60_000)
    expect(await whole.closed()).toMatch(/"object":"chat.completion".*0\r\n\r\n$/s)
    expect(await stream.closed()).toMatch(/data: \[DONE\]\n\n\r\n0\r\n\r\n$/)
    await closed
  })

  test('cuts off requests that have not ended after the grace period', async () => {
    const it = await stoppedServer()
    const client = rawClient(it.server.port).send(chatRequest(chatBody()))
    await underWay(it, 1)
    await it.server.close(50)
    expect(await client.closed()).toBe('')
    await underWay(it, 0)
  })

  test('lets a slow reader receive the last bytes', async () => {
    const it = await stoppedServer({}, { wire: { answerTokens: 1_000_000, answerSpread: 0, maxTokens: 1_000_000 } })
    const client = rawClient(it.server.port)
    client.socket.pause()
    client.send(chatRequest(chatBody()))
    await underWay(it, 1)
    it.timeline.advance(1e9)
    await systemClock.sleep(20)
    const closed = it.server.close(60_000)
    await systemClock.sleep(20)
    client.socket.resume()
    expect(await client.closed()).toMatch(/\r\n0\r\n\r\n$/)
    await closed
  })
})

test.each(['maxBodyBytes', 'maxUnreadBytes', 'maxConnections', 'requestTimeout'])(
  '%s must be a whole number above 0',
  async (field) => {
    const provider = mock({ timeline: wallTimeline({ speed: 0 }) })
    await expect(serve(provider, { [field]: 0 })).rejects.toThrow(`Expected \`${field}\` to be > 0, got 0`)
  },
)
