import { describe, expect, test, vi } from 'vitest'
import { type Mock, mock } from '../../sim/mock/mock.ts'
import { mockFetch } from '../../sim/skins/fetch/virtual-fetch.ts'
import { type ControlApp, serve } from '../../sim/skins/http/server.ts'
import { virtualClock } from '../../sim/time/virtual-clock.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import type { Answer, Handling, RequestHandler, Sink } from '../../sim/wire/exchange.ts'
import { chatBody, chatRequest, rawClient } from './raw-client.ts'
import { ends } from './stopped-server.ts'

// The handlers of these tests break their contract, each at another place. The skins must answer all the same.

const defect = new Error('thrown on purpose')
const fail = (): never => {
  throw defect
}

/** Sends one chat request to a handler, through a skin. */
type Send = (handler: RequestHandler, control?: ControlApp) => Promise<(path?: string) => Promise<Response>>

const init = { method: 'POST', headers: { authorization: 'Bearer sk-ratelab' }, body: chatBody() }
const chat = '/compatible-mode/v1/chat/completions'

const skins: Readonly<Record<string, Send>> = {
  async HTTP(handler, control) {
    const server = await serve(handler, control ? { control } : {})
    ends.push(() => server.close(0))
    return (path = chat) => fetch(server.origin + path, init)
  },
  async fetch(handler) {
    const send = mockFetch({ timeline: virtualClock(), ...handler } as Partial<Mock> as Mock)
    return (path = chat) => send(`http://mock.test${path}`, init)
  },
}

const whole = (more: object): Answer => ({ kind: 'whole', status: 200, headers: {}, body: 'fine', ...more })
const stream = (start: (sink: Sink) => void): Answer => ({ kind: 'stream', status: 200, headers: {}, start })
const answered = (answer: Answer, hangUp = () => {}): Handling => ({ answer: Promise.resolve(answer), hangUp })

const before: Readonly<Record<string, () => Handling>> = {
  'that throws': fail,
  'that gives nothing': () => undefined as unknown as Handling,
  'whose answer rejects': () => ({ answer: Promise.reject(defect), hangUp: () => {} }),
  'whose header has a line break': () => answered(whole({ headers: { 'x-model': 'a\r\nb: c' } })),
  'whose header is not Latin-1': () => answered(whole({ headers: { 'x-account': '账户' } })),
  'whose header has no valid name': () => answered(whole({ headers: { 'a b': 'c' } })),
  'whose status is none': () => answered(whole({ status: 42 })),
  'whose stream has such a header': () => answered({ ...stream(() => {}), headers: { a: 'b\nc' } } as Answer),
  'that throws when its client is gone': () => answered(whole({ status: 1 }), fail),
}

describe.each(Object.entries(skins))('over %s', (_skin, skin) => {
  test.each(Object.entries(before))(
    'a handler %s: the answer is the error 500, and the next is served',
    async (_, make) => {
      const onDefect = vi.fn()
      let handle = make
      const send = await skin({ handle: () => handle(), onDefect })
      for (const [path, name] of [
        [chat, 'internal_error'],
        ['/apps/anthropic/v1/messages', 'api_error'],
        ['/api/v1/services/aigc/text-generation/generation', 'InternalError'],
      ] as const) {
        const response = await send(path)
        expect(response.status).toBe(500)
        expect(await response.text()).toContain(name)
      }
      expect(onDefect).toHaveBeenCalled()
      handle = () => answered(whole({}))
      expect(await (await send()).text()).toBe('fine')
    },
  )

  test('a stream that throws when it starts breaks, and its request ends', async () => {
    const [onDefect, hangUp] = [vi.fn(), vi.fn()]
    const send = await skin({ handle: () => answered(stream(fail), hangUp), onDefect })
    await expect(send().then((response) => response.text())).rejects.toThrow()
    expect(onDefect.mock.calls).toEqual([[defect]])
    expect(hangUp).toHaveBeenCalled()
  })

  test('a stream that writes after its end does no harm', async () => {
    const onDefect = vi.fn()
    const late = stream((sink) => {
      sink.write('fine')
      sink.end()
      sink.write('late')
      sink.end()
      sink.break()
    })
    const send = await skin({ handle: () => answered(late), onDefect })
    for (let i = 0; i < 3; i++)
      await send()
        .then((response) => response.text())
        .catch(() => {})
    expect((await send().catch(() => undefined))?.status ?? 200).toBe(200)
  })
})

test.each([
  ['throws', fail],
  ['rejects', async () => fail()],
  ['gives nothing', () => undefined as unknown as Response],
])('a control plane that %s: the answer is 500, and the wire is served', async (_what, control) => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const onDefect = vi.fn()
  const send = await skins.HTTP!({ handle: () => answered(whole({})), onDefect }, { fetch: control })
  expect((await send('/_ratelab/state')).status).toBe(500)
  expect(await (await send()).text()).toBe('fine')
  vi.restoreAllMocks()
})

test('an answer that comes when its connection is gone does no harm', async () => {
  const onDefect = vi.fn()
  const late = Promise.withResolvers<Answer>()
  const hangUp = vi.fn()
  const server = await serve({ handle: () => ({ answer: late.promise, hangUp }), onDefect })
  ends.push(() => server.close(0))
  const client = rawClient(server.port).send(chatRequest(chatBody()).repeat(3))
  await new Promise((resolve) => client.socket.once('ready', resolve))
  client.socket.resetAndDestroy()
  await expect.poll(() => hangUp.mock.calls.length).toBe(3)
  late.resolve(stream((sink) => sink.write('late')))
  await new Promise(setImmediate)
  expect(onDefect).not.toHaveBeenCalled()
})

test('a connection that breaks in answer to a pipelined request breaks after the earlier answers', async () => {
  const timeline = wallTimeline({ speed: 0 })
  const faults = [{ match: { stream: true }, when: 'always' as const, do: { break: 'before' as const } }]
  const provider = mock({ timeline, faults })
  const server = await serve(provider)
  ends.push(() => server.close(0), timeline.stop)
  const client = rawClient(server.port).send(chatRequest(chatBody()) + chatRequest(chatBody({ stream: true })))
  await expect.poll(() => provider.journal.entries().map(({ end }) => end)).toEqual([undefined, 'broken'])
  timeline.advance(60_000)
  expect(await client.closed()).toMatch(/"object":"chat\.completion".*\r\n0\r\n\r\n$/s)
})
