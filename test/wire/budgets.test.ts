import { createServer, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { type MockOptions, mock } from '../../sim/mock/mock.ts'
import { Connections } from '../../sim/skins/http/connections.ts'
import { type ServerOptions, serve } from '../../sim/skins/http/server.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { chatBody, chatRequest, type RawClient, rawClient } from './raw-client.ts'
import { ends, type StoppedServer, stoppedServer } from './stopped-server.ts'

/** A server without limits of the provider. */
const rig = (options?: ServerOptions, setup?: Partial<MockOptions>): Promise<StoppedServer> => {
  const switches = { burstGuard: false, latencySpread: 0 }
  return stoppedServer(options, { limits: { 'qwen-plus': [] }, switches, ...setup })
}

function clientOf({ server }: StoppedServer): RawClient {
  const client = rawClient(server.port)
  ends.push(() => client.socket.destroy())
  return client
}

const arrived = ({ provider }: StoppedServer, count: number) =>
  expect.poll(() => provider.journal.entries().length, { timeout: 10_000, interval: 5 }).toBe(count)

const overloaded = /^HTTP\/1\.1 503 .*\r\nretry-after: 1\r\nconnection: close\r\n.*"message":"The server has as many/s

describe('pipelining', () => {
  test.each([
    ['chat requests', chatRequest(chatBody()), /"object":"chat\.completion"/g],
    ['requests without a body', 'GET /compatible-mode/v1/models HTTP/1.1\r\nhost: mock\r\n\r\n', /HTTP\/1\.1 401/g],
  ])(
    'stops the reading of a connection: not all %s are under way, and all are answered',
    async (_what, request, answer) => {
      const it = await rig({ maxPipelined: 10 }, { wire: { answerTokens: 1 } })
      const client = clientOf(it)
      const count = 10_000
      client.send(request.repeat(count))
      let most = 0
      let answered = 0
      client.socket.on('data', (bytes) => {
        answered += bytes.toString('latin1').match(answer)?.length ?? 0
      })
      await expect
        .poll(
          () => {
            most = Math.max(most, it.provider.inFlight)
            it.timeline.advance(500)
            return answered
          },
          { timeout: 30_000, interval: 1 },
        )
        .toBeGreaterThan(0.99 * count)
      expect(most).toBeLessThan(10 + 1)
    },
    40_000,
  )
})

test.each([
  ['without bodies', 'GET / HTTP/1.1\r\nhost: mock\r\n\r\n'],
  ['with bodies', chatRequest('x'.repeat(500))],
])('requests %s that wait on a connection keep it from being read', async (_what, request) => {
  let seen = 0
  const answers: (() => void)[] = []
  const server = createServer((incoming, outgoing) => {
    seen++
    const connection = connections.of(incoming.socket)
    connection.begin(outgoing, () => {
      incoming.resume().on('end', () => connection.pauseWhileWaiting())
      answers.push(() => outgoing.end())
    })
  })
  const limits = { maxBodyBytes: 1000, maxHeldBytes: 1e6, maxUnreadBytes: 1e6, maxRequests: 100, maxPipelined: 10 }
  const connections = new Connections(server, limits)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  const client = rawClient((server.address() as AddressInfo).port)
  ends.push(() => client.socket.destroy())
  client.send(request.repeat(20_000))
  await expect.poll(() => answers.length).toBe(10)
  await systemClock.sleep(200)
  // Node parses all that it has read in one piece, which is at most 64 KiB.
  const piece = 65_536 / request.length
  expect(seen).toBeLessThan(10 + 2 * piece)
  const before = seen
  for (const answer of answers.splice(0)) answer()
  await expect.poll(() => answers.length).toBe(10)
  expect(seen).toBeLessThan(before + 10 + 2 * piece)
})

describe('more requests than may be under way', () => {
  test.each([
    ['/compatible-mode/v1/chat/completions', /"code":"server_overloaded"/],
    ['/apps/anthropic/v1/messages', /"type":"api_error"/],
    ['/api/v1/services/aigc/text-generation/generation', /"code":"ServerOverloaded"/],
  ])('get 503 in the envelope of %s, and are admitted again later', async (path, envelope) => {
    const it = await rig({ maxRequests: 2 })
    const waiting = [clientOf(it), clientOf(it)].map((client) => client.send(chatRequest(chatBody())))
    await arrived(it, 2)
    const request = chatRequest('{}').replace('/compatible-mode/v1/chat/completions', path)
    const refused = await clientOf(it).send(request).closed()
    expect(refused).toMatch(overloaded)
    expect(refused).toMatch(envelope)
    expect(it.provider.journal.entries().at(-1)).toMatchObject({ error: 'overloaded', status: 503, end: 'answered' })
    it.timeline.advance(60_000)
    for (const client of waiting) await client.until('chat.completion')
    expect(await clientOf(it).send(request).until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('end a connection that pipelines: an error would wait behind earlier answers', async () => {
    const it = await rig({ maxRequests: 2 })
    expect(await clientOf(it).send(chatRequest(chatBody()).repeat(3)).closed()).toBe('')
    await expect.poll(() => it.provider.inFlight).toBe(0)
  })
})

describe('more bytes of bodies than may be in memory', () => {
  const part = chatRequest('x'.repeat(20_000)).slice(0, -5000)

  test('get 503 on the connections that hold more than their share, and small requests pass', async () => {
    const it = await rig({ maxHeldBytes: 25_000 })
    const slow = clientOf(it).send(part)
    await systemClock.sleep(50)
    expect(await clientOf(it).send(part).closed()).toMatch(overloaded)
    expect(await clientOf(it).send(chatRequest('{')).until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    // The bytes of the one that was refused are no longer counted, and so this one goes on.
    expect(await slow.send('x'.repeat(5000)).until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  })

  test.each([
    ['of a declared length', 'content-length: 20000\r\n\r\n'],
    ['of an unknown length', 'transfer-encoding: chunked\r\n\r\n1\r\n'],
  ])('end connections to the control plane with bodies %s, and small requests pass', async (_what, rest) => {
    const control = {
      fetch: async (request: Request) => new Response(`read ${(await request.text().catch(() => '')).length}`),
    }
    const it = await rig({ maxHeldBytes: 25_000, maxBodyBytes: 20_000, control })
    const post = 'POST /_ratelab/faults HTTP/1.1\r\nhost: mock\r\n'
    const slow = clientOf(it).send(`${post}${rest}`)
    await systemClock.sleep(50)
    expect(await clientOf(it).send(`${post}${rest}`).closed()).toBe('')
    expect(await clientOf(it).send(`${post}content-length: 2\r\n\r\n{}`).until('read 2')).toMatch(/ 200 OK/)
    slow.socket.destroy()
    await slow.closed()
    expect(
      await clientOf(it)
        .send(`${post}content-length: 15000\r\n\r\n${' '.repeat(15_000)}`)
        .until('read 15000'),
    ).toMatch(/ 200 OK/)
  })

  test('are counted no more when their connections break', async () => {
    const it = await rig({ maxHeldBytes: 25_000 })
    for (let i = 0; i < 5; i++) {
      const client = clientOf(it).send(part)
      await systemClock.sleep(20)
      client.socket.destroy()
      await client.closed()
    }
    const last = clientOf(it).send(part)
    await systemClock.sleep(50)
    expect(await last.send('x'.repeat(5000)).until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('answers that nobody reads', () => {
  const long = { wire: { answerTokens: 1_000_000, answerSpread: 0, maxTokens: 1_000_000 } }

  test.each([
    ['the connection', { maxUnreadBytes: 1_000_000 }],
    ['the server', { maxHeldBytes: 1_000_000, maxBodyBytes: 10_000 }],
  ])('break the connection when they are more than %s may hold', async (_whose, options) => {
    const it = await rig(options, long)
    const client = clientOf(it)
    client.socket.pause()
    client.send(chatRequest(chatBody()).repeat(20))
    await arrived(it, 20)
    it.timeline.advance(1e9)
    await systemClock.sleep(100)
    client.socket.resume()
    const heard = await client.closed()
    expect(heard.match(/HTTP\/1\.1 200/g)!.length).toBeLessThan(20)
    expect(it.provider.inFlight).toBe(0)
  })

  test.each([
    ['the connection', { maxUnreadBytes: 1_000_000 }],
    ['the server', { maxHeldBytes: 1_000_000, maxBodyBytes: 10_000 }],
  ])('of the control plane break the connection when they are more than %s may hold', async (_whose, options) => {
    const control = { fetch: () => new Response('x'.repeat(1_000_000)) }
    const it = await rig({ ...options, control })
    const client = clientOf(it)
    client.socket.pause()
    client.send('GET /_ratelab/journal HTTP/1.1\r\nhost: mock\r\n\r\n'.repeat(50))
    await systemClock.sleep(500)
    client.socket.resume()
    const heard = await client.closed()
    expect(heard.length).toBeLessThan(20_000_000)
  })

  test('are not written on when the connection is broken, in the same turn of the event loop', async () => {
    const it = await rig({ maxUnreadBytes: 1_000_000 }, { wire: { ...long.wire, answerTokens: 50_000 } })
    const client = clientOf(it)
    client.socket.pause()
    client.send(chatRequest(chatBody({ stream: true })).repeat(20))
    await arrived(it, 20)
    const write = vi.spyOn(ServerResponse.prototype, 'write')
    ends.push(() => write.mockRestore())
    // All have begun.
    it.timeline.advance(1000)
    await expect.poll(() => write.mock.calls.length).toBeGreaterThanOrEqual(20)
    it.timeline.advance(1e9)
    client.socket.resume()
    await client.closed()
    const written = write.mock.calls.reduce((sum, [text]) => sum + String(text).length, 0)
    expect(written).toBeGreaterThan(1_000_000)
    expect(written).toBeLessThan(2_000_000)
  })

  test('are not broken by their length alone', async () => {
    const it = await rig({ maxUnreadBytes: 1000 }, long)
    const client = clientOf(it).send(chatRequest(chatBody()))
    await arrived(it, 1)
    it.timeline.advance(1e9)
    expect(await client.until('\r\n0\r\n\r\n')).toContain('"object":"chat.completion"')
  })
})

test.each(['maxHeldBytes', 'maxRequests', 'maxPipelined'])('%s must be a whole number above 0', async (field) => {
  const provider = mock({ timeline: wallTimeline({ speed: 0 }) })
  await expect(serve(provider, { [field]: 0.5 })).rejects.toThrow(
    `Expected \`${field}\` to be a whole number > 0, got 0.5`,
  )
})
