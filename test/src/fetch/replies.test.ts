import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { Reply } from '../../../src/core/call.ts'
import type { Strategy } from '../../../src/core/strategy.ts'
import { toFetch } from '../../../src/fetch.ts'
import { chat, chatUrl, scripted } from './rig.ts'

const utf8 = new TextEncoder()

/** A body that comes in these pieces, and then ends or breaks. */
function inPieces(pieces: readonly (string | Uint8Array)[], { breaksWith }: { breaksWith?: Error } = {}) {
  const state = { read: 0, isCancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = pieces[state.read++]
        if (piece !== undefined) controller.enqueue(typeof piece === 'string' ? utf8.encode(piece) : piece)
        else if (breaksWith) controller.error(breaksWith)
        else controller.close()
      },
      cancel() {
        state.isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { state, body }
}

const sse = { 'content-type': 'text/event-stream;charset=UTF-8' }

/** Sends one request, and returns the response, and the replies that the strategy gets. */
async function replied(response: Response, fields: object = {}) {
  const replies: Promise<Reply>[] = []
  const watching: Strategy = {
    name: 'watching',
    wrap: (next) => (call) => {
      const reply = next(call)
      replies.push(reply)
      return reply
    },
  }
  const through = toFetch(watching, { fetch: scripted(() => response).fetch, clock: virtualClock() })
  const got = await through(chatUrl, chat(fields))
  return { got, reply: replies[0]! }
}

test('an answer as JSON can be read as any response: cloned, in pieces of the size that a reader wants, and once', async () => {
  const text = JSON.stringify({ model: 'm', choices: [], usage: { prompt_tokens: 9, completion_tokens: 7 } })
  const { got } = await replied(Response.json(JSON.parse(text)))
  expect(await got.clone().json()).toEqual(JSON.parse(text))
  const reader = got.body!.getReader({ mode: 'byob' })
  let read = ''
  for (let piece = await reader.read(new Uint8Array(5)); !piece.done; piece = await reader.read(new Uint8Array(5)))
    read += new TextDecoder().decode(piece.value)
  expect(read).toBe(text)
  expect(got.bodyUsed).toBe(true)
  await expect(got.text()).rejects.toThrow(TypeError)
})

const chunk = (content: string) =>
  `data: ${JSON.stringify({ model: 'm', choices: [{ delta: { content } }], usage: null })}\n\n`
const lastChunk = 'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":7}}\n\n'
const done = 'data: [DONE]\n\n'
const throttle =
  'data: {"error":{"code":"limit_burst_rate","message":"Request rate increased too quickly.","type":"limit_burst_rate"}}\n\n'
const native =
  'id:1\nevent:error\n:HTTP_STATUS/429\ndata:{"request_id":"x","code":"Throttling.AllocationQuota","message":"Allocated quota exceeded"}\n\n'

describe('a stream', () => {
  test('is passed on as it is, and its usage is read at the end', async () => {
    const pieces = [chunk('Hel'), chunk('lo'), lastChunk, done]
    const { got, reply } = await replied(new Response(inPieces(pieces).body, { headers: sse }), { stream: true })
    expect(await got.text()).toBe(pieces.join(''))
    expect(await reply).toMatchObject({ kind: 'ok', usage: { promptTokens: 9, outputTokens: 7 }, model: 'm' })
  })

  test('without usage has an estimate of it', async () => {
    const { got, reply } = await replied(new Response(inPieces([chunk('x'.repeat(40)), done]).body, { headers: sse }))
    await got.text()
    expect(await reply).toMatchObject({ kind: 'ok', usage: { promptTokens: 3, outputTokens: 10 } })
  })

  test('of Anthropic reports its prompt first', async () => {
    const start =
      'event:message_start\ndata:{"type":"message_start","message":{"model":"claude","usage":{"input_tokens":25,"output_tokens":1}}}\n\n'
    const end = 'event:message_delta\ndata:{"type":"message_delta","usage":{"output_tokens":15}}\n\n'
    const { got, reply } = await replied(new Response(inPieces([start, end]).body, { headers: sse }))
    await got.text()
    expect(await reply).toMatchObject({ usage: { promptTokens: 25, outputTokens: 15 }, model: 'claude' })
  })

  test.each([
    ['compatible', throttle, 'burst'],
    ['native', native, 'tokens'],
    ['native without its status', native.replace(':HTTP_STATUS/429\n', ''), 'tokens'],
    ['after a comment and an empty frame', `: ping\n\nevent: x\n\n${throttle}`, 'burst'],
    ['without its end', throttle.trimEnd(), 'burst'],
    ['with carriage returns', throttle.replaceAll('\n', '\r\n'), 'burst'],
  ])('whose first frame is an error is a throttle: %s', async (_what, text, cause) => {
    const { body } = inPieces([...text])
    const { got, reply } = await replied(new Response(body, { headers: sse }), { stream: true })
    expect(await reply).toMatchObject({ kind: 'throttled', cause })
    expect(text.trimEnd()).toBe((await got.text()).trimEnd())
  })

  test('is dropped behind a first frame that is an error, and its connection with it', async () => {
    const { body, state } = inPieces([throttle, done])
    const { got } = await replied(new Response(body, { headers: sse }), { stream: true })
    expect(await got.text()).toBe(throttle)
    expect(state).toEqual({ read: 1, isCancelled: true })
  })

  test('with a later error is a failure, is not made again, and is passed on as it is', async () => {
    const pieces = [chunk('Hel'), throttle]
    const { got, reply } = await replied(new Response(inPieces(pieces).body, { headers: sse }))
    expect(await got.text()).toBe(pieces.join(''))
    expect(await reply).toMatchObject({ kind: 'failed', status: 429, code: 'limit_burst_rate', retryable: false })
  })

  test('with a later error in the same piece, too', async () => {
    const { got, reply } = await replied(new Response(inPieces([chunk('Hel') + throttle]).body, { headers: sse }))
    expect(await got.text()).toBe(chunk('Hel') + throttle)
    expect(await reply).toMatchObject({ kind: 'failed', status: 429, retryable: false })
  })

  test('that breaks off breaks for its reader, and rejects for the strategy', async () => {
    const fault = new TypeError('terminated')
    const { got, reply } = await replied(
      new Response(inPieces([chunk('Hel')], { breaksWith: fault }).body, { headers: sse }),
    )
    await expect(got.text()).rejects.toBe(fault)
    await expect(reply).rejects.toBe(fault)
  })

  test('that its reader cancels is cancelled, and has the usage so far', async () => {
    const { body, state } = inPieces([chunk('x'.repeat(40)), chunk('x'.repeat(40)), done])
    const { got, reply } = await replied(new Response(body, { headers: sse }))
    const reader = got.body!.getReader()
    await reader.read()
    await reader.cancel()
    expect(state).toEqual({ read: 1, isCancelled: true })
    expect(await reply).toMatchObject({ kind: 'ok', usage: { outputTokens: 10 } })
  })

  test('is read no faster than its reader reads', async () => {
    const { body, state } = inPieces([chunk('a'), chunk('b'), chunk('c'), done])
    const { got } = await replied(new Response(body, { headers: sse }))
    expect(state.read).toBe(1)
    const reader = got.body!.getReader()
    await reader.read()
    expect(state.read).toBe(1)
    await reader.read()
    expect(state.read).toBe(2)
  })

  test('without a frame in its first megabyte is passed on', async () => {
    const pieces = Array.from({ length: 40 }, () => ': '.padEnd(64 * 1024, 'x'))
    const { got, reply } = await replied(new Response(inPieces([...pieces, done]).body, { headers: sse }))
    expect((await got.text()).length).toBe(40 * 64 * 1024 + done.length)
    expect(await reply).toMatchObject({ kind: 'ok' })
  })
})

describe('headers that lie', () => {
  test('a stream that is called JSON', async () => {
    const { got, reply } = await replied(
      new Response(inPieces([throttle]).body, { headers: { 'content-type': 'application/json' } }),
      { stream: true },
    )
    expect(await reply).toMatchObject({ kind: 'throttled', cause: 'burst' })
    expect(await got.text()).toBe(throttle)
  })

  test('JSON that is called a stream', async () => {
    const text = JSON.stringify({ error: { code: 'limit_requests', message: '' } }, null, 2)
    const { got, reply } = await replied(new Response(inPieces([...text]).body, { headers: sse }), { stream: true })
    expect(await reply).toMatchObject({ kind: 'throttled', cause: 'requests' })
    expect(await got.text()).toBe(text)
  })

  test('an error as JSON with status 200', async () => {
    const { got, reply } = await replied(Response.json({ code: 'Throttling.RateQuota', message: 'm', request_id: 'x' }))
    expect(await reply).toMatchObject({ kind: 'throttled', cause: 'requests' })
    expect(got.status).toBe(200)
  })

  test('nonsense in each header that is read', async () => {
    const headers = {
      'retry-after': '١',
      'retry-after-ms': '-',
      date: 'x',
      'req-arrive-time': '17e11',
      'x-should-retry': '?',
      'content-length': '1',
    }
    const ascii = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace(/[^ -~]/g, '?')]),
    )
    const { reply } = await replied(new Response('', { status: 429, headers: ascii }))
    expect(await reply).toEqual({ kind: 'throttled', body: expect.any(Response) })
  })
})

describe('a status', () => {
  test('429 with HTML, or with nothing', async () => {
    for (const body of ['<html>429 Too Many Requests</html>', '', null]) {
      const { got, reply } = await replied(new Response(body, { status: 429, headers: { 'retry-after': '2' } }))
      expect(await reply).toMatchObject({ kind: 'throttled', retryAfter: 2000 })
      expect(await got.text()).toBe(body ?? '')
    }
  })

  test.each([
    [500, undefined, true],
    [503, undefined, true],
    [529, undefined, true],
    [408, undefined, true],
    [400, undefined, false],
    [401, undefined, false],
    [302, undefined, false],
    [503, 'false', false],
    [400, 'true', true],
  ])('%i with x-should-retry %s: retryable is %s', async (status, told, retryable) => {
    const headers: Record<string, string> = told === undefined ? {} : { 'x-should-retry': told }
    const { got, reply } = await replied(new Response('{}', { status, headers }))
    expect(await reply).toMatchObject({ kind: 'failed', status, retryable })
    expect(got.status).toBe(status)
  })

  test('204 and 304 without a body', async () => {
    expect(await (await replied(new Response(null, { status: 204 }))).reply).toMatchObject({ kind: 'ok' })
    const { got, reply } = await replied(new Response(null, { status: 304 }))
    expect(await reply).toMatchObject({ kind: 'failed', status: 304, retryable: false })
    expect(got.status).toBe(304)
  })

  test('999, which no `Response` can be made with', async () => {
    const strange = Object.defineProperty(new Response('denied', { status: 500 }), 'status', { value: 999 })
    const { got, reply } = await replied(strange)
    expect(await reply).toMatchObject({ kind: 'failed', status: 999 })
    expect([got.status, await got.text()]).toEqual([999, 'denied'])
  })

  test('429 with an endless body: its beginning is kept, and the rest is dropped', async () => {
    const { body, state } = inPieces(Array.from({ length: 1000 }, () => 'x'.repeat(64 * 1024)))
    const { got, reply } = await replied(new Response(body, { status: 429 }))
    expect(await reply).toMatchObject({ kind: 'throttled' })
    expect(state).toEqual({ read: 17, isCancelled: true })
    expect((await got.text()).length).toBe(17 * 64 * 1024)
  })
})

test.each([
  [{ usage: { prompt_tokens: 3, completion_tokens: 4 } }, 3, 4],
  [{ usage: { input_tokens: 3, output_tokens: 4 } }, 3, 4],
  [{ usage: { prompt_tokens: 3, total_tokens: 3 } }, 3, 0],
  [{ usage: { prompt_tokens: -3, completion_tokens: 1e99 } }, 3, 0],
  [{ usage: 'x', choices: [{ message: { content: 'x'.repeat(40) } }] }, 3, 10],
  [{ choices: [{ message: { content: 'x'.repeat(40) } }] }, 3, 10],
])('the usage of %j', async (body, promptTokens, outputTokens) => {
  const { reply } = await replied(Response.json(body))
  expect(await reply).toMatchObject({ kind: 'ok', usage: { promptTokens, outputTokens } })
})

test.each(['audio/wav', 'application/x-ndjson', 'text/plain'])('%s is passed on as it comes', async (type) => {
  const { body, state } = inPieces(['a', 'b'])
  const { got, reply } = await replied(new Response(body, { headers: { 'content-type': type } }), { stream: true })
  expect(state.read).toBe(0)
  expect(await got.text()).toBe('ab')
  expect(await reply).toMatchObject({ kind: 'ok' })
})

const piece = fc.oneof(
  fc.constantFrom(
    chunk('你好😀'),
    lastChunk,
    done,
    throttle,
    native,
    ': ping\n\n',
    '\ufeff',
    '\r\n',
    '{',
    '[]',
    'data: {"error"',
    ' ',
  ),
  fc.string(),
  fc.uint8Array({ maxLength: 20 }),
)
property.prop([
  fc.array(piece),
  fc.constantFrom('text/event-stream', 'application/json', 'text/html', ''),
  fc.boolean(),
  fc.constantFrom(200, 429, 500),
])(
  'whatever comes, the caller gets it unchanged as far as it is kept, and the strategy gets a reply',
  async (pieces, type, stream, status) => {
    const response = new Response(inPieces(pieces).body, {
      status,
      headers: type === '' ? {} : { 'content-type': type },
    })
    const { got, reply } = await replied(response, { stream })
    const all = Buffer.concat(pieces.map((each) => (typeof each === 'string' ? utf8.encode(each) : each)))
    const bytes = Buffer.from(await got.arrayBuffer())
    const { kind } = await reply
    expect(all.subarray(0, bytes.length).equals(bytes)).toBe(true)
    // Only what follows an error that comes first is dropped.
    if (bytes.length < all.length) expect(kind).not.toBe('ok')
  },
)
