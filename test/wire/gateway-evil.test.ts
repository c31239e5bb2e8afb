import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type FetchGateway, fetchGateway } from '../../sim/gateway/http/fetch-gateway.ts'
import type { GatewayRecord } from '../../sim/gateway/http/record.ts'
import { upstreamFetch } from '../../sim/gateway/http/upstream-fetch.ts'
import { type ServerOptions, serve } from '../../sim/skins/http/server.ts'
import { systemClock } from '../../src/core/system-clock.ts'

const key = 'sk-pool-0123456789'
const timeouts = { firstByte: 400, idle: 400 }

/** What an upstream does on a connection when a request has come. */
type Behaviour = (socket: Socket) => void

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

interface Upstream {
  readonly port: number
  /** The connections that are open. */
  readonly open: ReadonlySet<Socket>
}

async function upstreamOf(behave: Behaviour): Promise<Upstream> {
  const open = new Set<Socket>()
  const server: Server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => {})
    socket.once('data', () => behave(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return { port: (server.address() as { port: number }).port, open }
}

interface Front {
  readonly gateway: FetchGateway
  readonly origin: string
  readonly records: readonly GatewayRecord[]
}

/** A gateway before these accounts, behind a socket. */
async function frontOf(baseUrls: readonly string[], options: ServerOptions = {}, total = 1500): Promise<Front> {
  const records: GatewayRecord[] = []
  const gateway = fetchGateway({
    spec: { balance: 'round-robin', failover: 9, hopDelay: 0, priceFactor: 1, timeouts: { ...timeouts, total } },
    accounts: baseUrls.map((baseUrl, i) => ({ baseUrl, key: `${key}${i}` })),
    fetch: upstreamFetch({ clock: systemClock, connect: 200 }),
    clock: systemClock,
    seed: 1,
    ended: (record) => records.push(record),
  })
  const server = await serve(gateway, options)
  closing.push(() => server.close(0))
  return { gateway, origin: server.origin, records }
}

const ask = (origin: string, init: RequestInit = {}) =>
  fetch(`${origin}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer customer' },
    body: '{"messages":[]}',
    ...init,
  })

/** Sends the pieces, one every 100 ms, and again from the first until the connection is closed. */
function trickle(socket: Socket, piece: string): void {
  const next = () => {
    if (socket.destroyed) return
    socket.write(piece)
    systemClock.sleep(100).then(next)
  }
  next()
}

const head = (line: string, ...headers: readonly string[]) => `HTTP/1.1 ${line}\r\n${headers.join('\r\n')}\r\n\r\n`
const json = 'content-type: application/json'
const sse = 'content-type: text/event-stream'
const chunked = 'transfer-encoding: chunked'
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const whole = (status: string, body: string, ...headers: readonly string[]) =>
  head(status, json, `content-length: ${Buffer.byteLength(body)}`, ...headers) + body
const stream = (...frames: readonly string[]) => head('200 OK', sse, chunked) + frames.map(chunk).join('')
const says =
  (text: string): Behaviour =>
  (socket) =>
    socket.write(text, 'latin1')
const saysAndEnds =
  (text: string): Behaviour =>
  (socket) =>
    socket.end(text, 'latin1')
const first = 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'

const useless: readonly (readonly [what: string, Behaviour])[] = [
  ['never replies', () => {}],
  ['closes the connection', (socket) => socket.end()],
  ['resets the connection', (socket) => socket.resetAndDestroy()],
  ['sends what is not HTTP', says('220 smtp.example ESMTP\r\n')],
  ['sends half a status line', says('HTTP/1.1 2')],
  ['sends headers without end', (socket) => trickle(socket, `x-a: ${'b'.repeat(4096)}\r\n`.repeat(4))],
  ['sends one header without end', (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(99_999)}`)],
  ['sends 103 for ever', (socket) => trickle(socket, head('103 Early Hints', 'link: <x>'))],
  ['sends 100 and no more', says(head('100 Continue'))],
  ['switches protocols', says(head('101 Switching Protocols', 'connection: upgrade', 'upgrade: websocket'))],
  ['switches protocols without a name', says(head('101 Switching Protocols'))],
  ['has the status 099', says(whole('099 Odd', '{}'))],
  ['has the status 600', says(whole('600 Odd', '{}'))],
  ['has the status 999', says(whole('999 Odd', '{}'))],
  ['redirects to an address with the key', says(whole('302 Found', '{}', `location: https://x.example/?k=${key}0`))],
  ['redirects to itself', says(whole('307 Temporary Redirect', '{}', 'location: /v1/chat/completions'))],
  ['ends before its content-length', saysAndEnds(`${head('200 OK', json, 'content-length: 100')}{"a":`)],
  ['stops before its content-length', says(`${head('200 OK', json, 'content-length: 100')}{"a":`)],
  ['has a length and chunks', says(head('200 OK', json, 'content-length: 5', chunked) + chunk('{}'))],
  ['has two lengths', says(`${head('200 OK', json, 'content-length: 5', 'content-length: 6')}{    }`)],
  ['has a chunk that is none', says(`${head('200 OK', json, chunked)}zz\r\n`)],
  ['ends within a chunk', saysAndEnds(`${head('200 OK', json, chunked)}ff\r\n{"a"`)],
  ['ends before the last chunk', saysAndEnds(head('200 OK', json, chunked) + chunk('{}'))],
  ['says that its body is compressed', says(whole('200 OK', '{}', 'content-encoding: gzip'))],
  ['has a control character in a header', says(whole('200 OK', '{}', 'x-request-id: a\x01b'))],
  ['begins a stream and no more', says(stream())],
  [
    'sends comments instead of frames',
    (socket) => {
      socket.write(stream())
      trickle(socket, chunk(': wait\n\n'))
    },
  ],
  ['ends a stream within its first frame', saysAndEnds(stream('data: {"choices"'))],
]

describe('before an upstream that', () => {
  test.each(useless)('%s, the customer gets a 502, and the next account is asked', async (_what, behave) => {
    const evil = await upstreamOf(behave)
    const good = await upstreamOf(says(whole('200 OK', '{"ok":true}')))
    const at = ({ port }: Upstream) => `http://127.0.0.1:${port}/v1`
    const alone = await frontOf([at(evil)])
    const answer = await ask(alone.origin)
    expect(answer.status).toBe(502)
    expect(await answer.json()).toMatchObject({ error: { code: 'bad_gateway' } })
    expect(alone.gateway.inFlight).toBe(0)
    expect(JSON.stringify(alone.records)).not.toContain(key)
    while (evil.open.size > 0) await systemClock.sleep(5)
    const both = await frontOf([at(evil), at(good)])
    const other = await ask(both.origin)
    expect([other.status, await other.json()]).toEqual([200, { ok: true }])
    expect(both.records[0]!.attempts).toMatchObject([
      { account: 1, status: 0 },
      { account: 2, status: 200 },
    ])
  })

  test('trickles a whole reply, the customer gets a 502 when the time for the request is over', async () => {
    const { port, open } = await upstreamOf((socket) => {
      socket.write(head('200 OK', json, chunked))
      trickle(socket, chunk(' '))
    })
    const { origin, records } = await frontOf([`http://127.0.0.1:${port}/v1`, `http://127.0.0.1:${port}/v1`])
    expect((await ask(origin)).status).toBe(502)
    expect(records[0]!.attempts.map(({ reason }) => reason)).toEqual(['total timeout'])
    while (open.size > 0) await systemClock.sleep(5)
  })

  test('does not listen, or does not speak TLS, the customer gets a 502', async () => {
    const { port } = await upstreamOf(() => {})
    const { origin, records } = await frontOf([`https://127.0.0.1:${port}/v1`, 'http://127.0.0.1:1/v1'])
    expect((await ask(origin)).status).toBe(502)
    expect(records[0]!.attempts.map(({ reason }) => reason)).toEqual(['connect timeout', 'ECONNREFUSED'])
  })

  test.each<[what: string, Behaviour, status: number, body: string]>([
    ['has a body where none may be', says(whole('204 No Content', '{}')), 204, ''],
    [
      'has more bytes than its content-length',
      saysAndEnds(`${head('200 OK', json, 'content-length: 2')}{}{}{}`),
      200,
      '{}',
    ],
    ['sends bytes that are not UTF-8', says(whole('200 OK', '"??"').replace('??', '\xff\xfe')), 200, '"\ufffd\ufffd"'],
    [
      'names the coding that is none, in capitals',
      says(whole('200 OK', '{}', 'content-encoding: IDENTITY')),
      200,
      '{}',
    ],
    ['has a header that cannot be sent on', says(whole('200 OK', '{}', 'x-request-id: caf\xe9')), 200, '{}'],
    [
      'shows the key in its error',
      says(whole('401 Unauthorized', `{"error":"Incorrect API key provided: ${key}0"}`, `x-request-id: ${key}0`)),
      401,
      '{"error":"Incorrect API key provided: [redacted]"}',
    ],
    [
      'shows the key in a stream, in two pieces',
      saysAndEnds(`${stream(first, `data: ${key.slice(0, 9)}`, `${key.slice(9)}0\n\n`)}0\r\n\r\n`),
      200,
      `${first}data: [redacted]\n\n`,
    ],
    [
      'begins a stream with an error',
      saysAndEnds(`${stream('data: {"error":{"code":"x"}}\n\n')}0\r\n\r\n`),
      200,
      'data: {"error":{"code":"x"}}\n\n',
    ],
  ])('%s, the customer gets what can be passed on', async (_what, behave, status, body) => {
    const { port } = await upstreamOf(behave)
    const { origin, gateway, records } = await frontOf([`http://127.0.0.1:${port}/v1`])
    const answer = await ask(origin)
    expect([answer.status, await answer.text()]).toEqual([status, body])
    expect(JSON.stringify([...answer.headers])).not.toContain(key)
    expect(JSON.stringify(records)).not.toContain(key)
    expect(gateway.inFlight).toBe(0)
  })

  test.each<[what: string, Behaviour]>([
    ['stops within a stream', says(stream(first))],
    ['breaks off a stream', saysAndEnds(stream(first))],
    [
      'resets a stream',
      (socket) => socket.write(stream(first), () => systemClock.sleep(50).then(() => socket.resetAndDestroy())),
    ],
    [
      'sends a line without end',
      (socket) => {
        socket.write(stream('data: '))
        trickle(socket, chunk('x'.repeat(20_000)))
      },
    ],
    [
      'trickles a stream',
      (socket) => {
        socket.write(stream(first))
        trickle(socket, chunk('.'))
      },
    ],
  ])('%s, the connection to the customer breaks, and that to the account is closed', async (_what, behave) => {
    const { port, open } = await upstreamOf(behave)
    const { origin, gateway, records } = await frontOf([`http://127.0.0.1:${port}/v1`])
    const answer = await ask(origin)
    expect(answer.status).toBe(200)
    await expect(answer.text()).rejects.toThrow()
    while (gateway.inFlight > 0 || open.size > 0) await systemClock.sleep(5)
    expect(records[0]!.end).toBe('broken')
  })

  test.each<[when: string, Behaviour, untilLeaving: (answer: Promise<Response>) => Promise<unknown>]>([
    ['before the reply', () => {}, () => systemClock.sleep(100)],
    ['within a whole reply', says(`${head('200 OK', json, 'content-length: 100')}{`), () => systemClock.sleep(100)],
    ['within a stream', says(stream(first)), (answer) => answer],
  ])(
    'does nothing more, and a customer who leaves %s, the connection to the account is closed',
    async (_when, behave, leaving) => {
      const { port, open } = await upstreamOf(behave)
      const { origin, gateway, records } = await frontOf([`http://127.0.0.1:${port}/v1`])
      const left = new AbortController()
      const answer = ask(origin, { signal: left.signal })
      answer.catch(() => {})
      await leaving(answer)
      expect([gateway.inFlight, open.size]).toEqual([1, 1])
      left.abort()
      while (gateway.inFlight > 0 || open.size > 0) await systemClock.sleep(5)
      expect(records[0]!.end).toBe('left')
    },
  )
})

test('a reader who is slow slows the account, and gets everything', async () => {
  const mebibyte = 1024 * 1024
  const size = 64 * mebibyte
  const piece = chunk(`data: ${'x'.repeat(mebibyte - 8)}\n\n`)
  let written = 0
  const { port } = await upstreamOf((socket) => {
    socket.write(head('200 OK', sse, chunked))
    const next = (): void => {
      written += mebibyte
      if (written > size) socket.end('0\r\n\r\n')
      else socket.write(piece, next)
    }
    next()
  })
  const { origin } = await frontOf([`http://127.0.0.1:${port}/v1`], { maxUnreadBytes: 2 * mebibyte }, 60_000)
  const answer = await ask(origin)
  // The account is held up when it has written nothing more for a while.
  for (let seen = -1; seen !== written; await systemClock.sleep(200)) seen = written
  expect(written).toBeLessThan(size / 2)
  expect((await answer.bytes()).length).toBe(size)
})

test('a reader who stops reading holds the account no longer than a request may take', async () => {
  const { port, open } = await upstreamOf((socket) => {
    socket.write(head('200 OK', sse, chunked) + chunk(first))
    const next = (): void => void socket.write(chunk(`data: ${'x'.repeat(60_000)}\n\n`), () => setImmediate(next))
    next()
  })
  const { origin, gateway, records } = await frontOf([`http://127.0.0.1:${port}/v1`])
  const answer = await ask(origin)
  while (gateway.inFlight > 0 || open.size > 0) await systemClock.sleep(5)
  expect(records[0]!.end).toBe('broken')
  await expect(answer.bytes()).rejects.toThrow()
})

test('chunks of a byte that have come are read together', async () => {
  const chunks = 50_000
  const { port } = await upstreamOf(says(`${head('200 OK', json, chunked)}${chunk('x').repeat(chunks)}0\r\n\r\n`))
  const send = upstreamFetch({ clock: systemClock, connect: 200 })
  const { body } = await send(`http://127.0.0.1:${port}/`, { method: 'GET', headers: {} })
  let [reads, size] = [0, 0]
  for await (const piece of body!) {
    reads++
    size += piece.length
  }
  expect(size).toBe(chunks)
  expect(reads).toBeLessThan(chunks / 100)
})

test('a caller who leaves a reply that has come harms nobody else', async () => {
  const { port } = await upstreamOf(says(`${head('200 OK', json, 'content-length: 2')}{}`))
  const send = upstreamFetch({ clock: systemClock, connect: 200 })
  const leaving = new AbortController()
  const uncaught: unknown[] = []
  const note = (error: unknown) => void uncaught.push(error)
  process.on('uncaughtException', note)
  try {
    const answer = await send(`http://127.0.0.1:${port}/`, { method: 'GET', headers: {}, signal: leaving.signal })
    const body = answer.text()
    leaving.abort()
    await body.catch(() => {})
    await systemClock.sleep(5)
  } finally {
    process.off('uncaughtException', note)
  }
  expect(uncaught).toEqual([])
})
