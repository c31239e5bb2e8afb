import { afterEach, expect, test } from 'vitest'
import { control } from '../../sim/control/control.ts'
import { mock } from '../../sim/mock/mock.ts'
import { type ServerOptions, serve } from '../../sim/skins/http/server.ts'
import { type WallTimeline, wallTimeline } from '../../sim/time/wall-timeline.ts'
import { rawClient } from './raw-client.ts'

const open: { stop(): unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop()
})

const minute = 60_000
const json = { 'content-type': 'application/json' }

/** A served mock with a limit of one request a minute, whose clock moves only when the test advances it. */
async function served(options: ServerOptions = {}) {
  const timeline: WallTimeline = wallTimeline({ speed: 0 })
  const made = mock({ timeline, limits: { m: [{ rule: 'rpm', limit: 1, window: minute }] } })
  const server = await serve(made, { ...options, control: control(made) })
  open.push({ stop: () => server.close(0) }, timeline)
  const url = (path: string) => `${server.origin}${path}`
  const post = (path: string, body: unknown, headers = {}) =>
    fetch(url(path), { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) })
  const chat = () =>
    post(
      '/compatible-mode/v1/chat/completions',
      { model: 'm', messages: [{ role: 'user', content: 'Hello' }] },
      { authorization: 'Bearer sk-ratelab' },
    )
  return { timeline, made, url, post, chat, server }
}

test('the journal names the window that denied a request, and the instant from which it is admitted', async () => {
  const { url, post, chat } = await served()
  const first = chat()
  const isServed = async () => ((await (await fetch(url('/_ratelab/healthz'))).json()) as { inFlight: number }).inFlight
  while ((await isServed()) === 0);
  const denied = await chat()
  await post('/_ratelab/clock', { advance: 30_000 })
  expect((await first).status).toBe(200)
  expect(denied.status).toBe(429)
  const id = denied.headers.get('x-request-id')
  const { entries } = (await (await fetch(url(`/_ratelab/journal?id=${id}`))).json()) as {
    entries: { denial: { rule: string; admitsAfterMs: number }; why: string }[]
  }
  expect(entries[0]!.denial).toMatchObject({ rule: 'rpm', admitsAfterMs: minute })
  await post('/_ratelab/clock', { advance: entries[0]!.denial.admitsAfterMs - 30_000 })
  const again = chat()
  const settled = await Promise.race([again, fetch(url('/_ratelab/healthz')).then(() => 'under way')])
  expect(settled).toBe('under way')
  await post('/_ratelab/clock', { advance: 30_000 })
  expect((await again).status).toBe(200)
})

test('the control plane does not handle the paths of the wire, and does not change the process’s Response', async () => {
  const { url } = await served()
  const before = globalThis.Response
  for (const path of ['/', '/_ratelabs', '/_ratelab-x/state']) expect((await fetch(url(path))).status).toBe(404)
  const reply = await fetch(url('/_ratelab/metrics'))
  expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(await reply.text()).toMatch(/^# HELP ratelab_requests_total .*\n# TYPE ratelab_requests_total counter\n/)
  expect(globalThis.Response).toBe(before)
})

test('an endless body is cut off', async () => {
  const { url } = await served()
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
  })
  const asked = fetch(url('/_ratelab/reset'), { method: 'POST', headers: json, body, duplex: 'half' } as RequestInit)
  const status = await asked.then(
    (reply) => reply.status,
    () => 413,
  )
  expect(status).toBe(413)
  expect((await fetch(url('/_ratelab/healthz'))).status).toBe(200)
})

test('a body that is too long ends its connection, and the reply says so', async () => {
  const { server } = await served()
  const client = rawClient(server.port)
  client.send(
    `POST /_ratelab/reset HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 2000000\r\n\r\n`,
  )
  client.send(' '.repeat(1024 * 1024 + 1))
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 413 [\s\S]*\r\nconnection: close\r\n/i)
})

test('requests without a body and of unknown length are accepted', async () => {
  const { url } = await served()
  const faults = async () => ((await (await fetch(url('/_ratelab/state'))).json()) as { faults: object[] }).faults
  const plan = JSON.stringify({ faults: [{ when: 'always', do: { capacity: true } }] })
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(plan))
      controller.close()
    },
  })
  const sent = { method: 'POST', headers: json, body, duplex: 'half' } as RequestInit
  const chunked = await fetch(url('/_ratelab/faults'), sent)
  expect(chunked.status).toBe(200)
  expect(await faults()).toHaveLength(1)
  expect((await fetch(url('/_ratelab/faults'), { method: 'DELETE' })).status).toBe(200)
  expect(await faults()).toEqual([])
  expect((await fetch(url('/_ratelab/journal'), { method: 'DELETE' })).status).toBe(200)
})

/** The status line and the content type of the reply to a request that is sent as it is written here, and whether the control plane wrote it. */
async function rawReply(port: number, head: readonly string[], body = '') {
  const client = rawClient(port)
  client.send(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n${body}`)
  const heard = await client.closed()
  return {
    status: Number(heard.split(' ')[1]),
    isControl: heard.includes('"problems"') || heard.includes('"profile"'),
    heard,
  }
}

test.each([
  ['/_ratelab/state', 200],
  ['/_ratelab', 404],
  ['/_ratelab/', 404],
  ['/_ratelab?x', 404],
  ['/_ratelab/../_ratelab/state', 404],
  ['/_ratelab/../compatible-mode/v1/models', 404],
  ['/_ratelab/./state', 404],
  ['/_ratelab/%73tate', 404],
  ['/_ratelab/state/', 404],
  ['/_ratelab/state;x=1', 404],
  ['/_ratelab/x\\..\\state', 400],
  ['/_ratelab/state?x=%zz', 400],
])('the control plane answers %s with %i', async (target, status) => {
  const { server } = await served()
  expect(await rawReply(server.port, [`GET ${target} HTTP/1.1`, 'host: localhost'])).toMatchObject({
    status,
    isControl: true,
  })
})

test.each([
  '/%5fratelab/state',
  '/%5Fratelab/state',
  '//_ratelab/state',
  '/./_ratelab/state',
  '/v1/../_ratelab/state',
  '/_RATELAB/state',
  '/_ratelab%2fstate',
  '/_ratelab\\state',
  '/_ratelab#/state',
  'http://localhost/_ratelab/state',
  'http://evil.example/_ratelab/state',
  'HTTP://localhost/_ratelab/state',
  '*',
])('the wire answers %s', async (target) => {
  const { server } = await served()
  expect(await rawReply(server.port, [`GET ${target} HTTP/1.1`, 'host: localhost'])).toMatchObject({ isControl: false })
})

test.each<[string, readonly string[], number]>([
  ['HEAD', ['HEAD /_ratelab/state HTTP/1.1', 'host: localhost'], 200],
  ['TRACE', ['TRACE /_ratelab/state HTTP/1.1', 'host: localhost'], 405],
  ['OPTIONS', ['OPTIONS /_ratelab/state HTTP/1.1', 'host: localhost'], 405],
  ['a method in small letters', ['get /_ratelab/state HTTP/1.1', 'host: localhost'], 400],
  ['no host', ['GET /_ratelab/state HTTP/1.1'], 400],
  ['no host, as HTTP/1.0 allows', ['GET /_ratelab/state HTTP/1.0'], 400],
  ['an empty host', ['GET /_ratelab/state HTTP/1.1', 'host:'], 400],
  ['a host that is none', ['GET /_ratelab/state HTTP/1.1', 'host: a b'], 400],
  ['a user before the host', ['GET /_ratelab/state HTTP/1.1', 'host: localhost@evil.example'], 400],
  ['another host', ['GET /_ratelab/state HTTP/1.1', 'host: evil.example'], 403],
  ['another host after the own one', ['GET /_ratelab/state HTTP/1.1', 'host: localhost', 'host: evil.example'], 403],
  ['another host before the own one', ['GET /_ratelab/state HTTP/1.1', 'host: evil.example', 'host: localhost'], 403],
  ['a proxy', ['GET /_ratelab/state HTTP/1.1', 'host: localhost', 'via: 1.1 proxy'], 403],
])('%s', async (_name, head, status) => {
  const { server } = await served()
  expect((await rawReply(server.port, head)).status).toBe(status)
})

test('a body that its request should not have is ignored', async () => {
  const { server } = await served()
  for (const method of ['GET', 'DELETE', 'HEAD']) {
    const head = [`${method} /_ratelab/journal HTTP/1.1`, 'host: localhost', 'content-length: 8']
    expect((await rawReply(server.port, head, '{"a": 1}')).status, method).toBe(200)
  }
})

test('a body without a type, which a page of any site can send, is refused', async () => {
  const { server, made } = await served()
  const head = ['POST /_ratelab/reset HTTP/1.1', 'host: localhost', 'content-length: 11']
  expect((await rawReply(server.port, head, '{"seed": 7}')).status).toBe(415)
  expect(made.seed).toBe(1)
})

test('a body that ends too early changes nothing', async () => {
  const { server, url, made } = await served()
  const head =
    'POST /_ratelab/reset HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 12'
  const client = rawClient(server.port).send(`${head}\r\n\r\n{"seed": 7}`)
  await fetch(url('/_ratelab/healthz'))
  client.socket.destroy()
  await client.closed()
  await fetch(url('/_ratelab/healthz'))
  expect(made.seed).toBe(1)
})

test('a body that is too slow is given up', async () => {
  const { server, made } = await served({ requestTimeout: 300 })
  const head = [
    'POST /_ratelab/reset HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    'content-length: 12',
  ]
  expect((await rawReply(server.port, head, '{"seed": 7')).status).toBe(408)
  expect(made.seed).toBe(1)
})
