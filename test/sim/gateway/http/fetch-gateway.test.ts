import { describe, expect, test } from 'vitest'
import { type FetchGatewayOptions, fetchGateway } from '../../../../sim/gateway/http/fetch-gateway.ts'
import type { GatewayRecord } from '../../../../sim/gateway/http/record.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { Answer, WireRequest } from '../../../../sim/wire/exchange.ts'
import { systemClock } from '../../../../src/core/system-clock.ts'

const chat = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello there' }] })

function request(changes: Partial<WireRequest> = {}, headers: Readonly<Record<string, string>> = {}): WireRequest {
  const all: Readonly<Record<string, string>> = { authorization: 'Bearer sk-customer-1234567890', ...headers }
  const header = (name: string) => all[name]
  return { method: 'POST', path: '/v1/chat/completions', query: '', header, body: chat, ...changes }
}

const plain = { balance: 'round-robin', failover: 1, hopDelay: 0, priceFactor: 1 } as const
const twice = { name: 'a', keys: ['sk-secret'] }

interface Sent {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly hasBody: boolean
  readonly signal: AbortSignal
}

/** A gateway in front of two accounts with scripted replies: the nth request gets the nth reply, later ones the last. */
function gatewayOf(
  replies: readonly (() => Response)[],
  spec: Partial<FetchGatewayOptions['spec']> = {},
  options: Partial<FetchGatewayOptions> = {},
) {
  const clock = virtualClock()
  const sent: Sent[] = []
  const records: GatewayRecord[] = []
  const gateway = fetchGateway({
    spec: { balance: 'round-robin', failover: 1, hopDelay: 0, priceFactor: 0.8, ...spec },
    accounts: ['k-1', 'k-2'].map((key) => ({ baseUrl: 'https://up.example/api/v3/', key })),
    fetch: async (url, init) => {
      const { headers, signal, body } = init!
      sent.push({
        url: String(url),
        headers: headers as Record<string, string>,
        hasBody: body != null,
        signal: signal!,
      })
      return replies[Math.min(sent.length, replies.length) - 1]!()
    },
    clock,
    seed: 1,
    ended: (record) => records.push(structuredClone(record)),
    ...options,
  })
  return { gateway, sent, records, clock }
}

const ok = (body = '{"usage":{"completion_tokens":7}}', headers: Record<string, string> = {}) =>
  new Response(body, { headers: { 'content-type': 'application/json', ...headers } })
const throttled = () => new Response('{"error":{"code":"limit_requests"}}', { status: 429 })
const broken = () => {
  throw new TypeError('fetch failed')
}
const streamed = { 'content-type': 'text/event-stream' }
/** A body that breaks off after this text. */
const failing = (text = '{"a"') =>
  new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from(text)),
    pull: (controller) => controller.error(new Error('reset')),
  })
const bodyOf = (answer: Answer) => (answer.kind === 'whole' ? JSON.parse(answer.body) : undefined)

describe('a gateway in front of accounts over HTTP', () => {
  test('passes a request on with a key of the pool, and never with the customer’s', async () => {
    const { gateway, sent, records } = gatewayOf([ok])
    const secret = { cookie: 'c', 'x-api-key': 'sk-customer', host: 'me', 'x-dashscope-sse': 'enable', te: 'x' }
    const answer = await gateway.handle(request({ query: 'a=1' }, secret)).answer
    expect(sent).toEqual([
      {
        url: 'https://up.example/api/v3/chat/completions?a=1',
        headers: {
          authorization: 'Bearer k-1',
          'accept-encoding': 'identity',
          'x-dashscope-sse': 'enable',
          via: '1.1 ratelab',
        },
        hasBody: true,
        signal: expect.any(AbortSignal),
      },
    ])
    expect(answer).toMatchObject({
      kind: 'whole',
      status: 200,
      headers: { 'x-ratelab-account': '1', 'x-ratelab-attempts': '1', 'x-ratelab-price-factor': '0.8' },
    })
    expect(records).toMatchObject([
      { number: 1, customer: 'sk-cust…7890', attempts: [{ account: 1, status: 200 }], status: 200, end: 'answered' },
    ])
  })

  test.each([
    ['a 429', throttled],
    ['a 503', () => new Response('', { status: 503 })],
    ['a broken connection', broken],
    ['a 401', () => new Response('{}', { status: 401 })],
    ['an unpaid bill', () => new Response('{"code":"Arrearage","message":"…"}', { status: 400 })],
    ['a redirect', () => new Response('', { status: 307, headers: { location: 'https://x.example' } })],
    ['a reply that breaks off', () => new Response(failing())],
    ['a stream that breaks off in its first frame', () => new Response(failing('data: {'), { headers: streamed })],
    [
      'an error as the first frame',
      () => new Response(': hi\n\ndata: {"error":{"code":"internal_error"}}\n\n', { headers: streamed }),
    ],
    [
      'an error as the first frame, native',
      () => new Response('id:1\nevent:error\ndata:{"code":"Throttling","message":"…"}\n\n', { headers: streamed }),
    ],
    [
      'an error as the first frame, Anthropic',
      () =>
        new Response('event: error\r\ndata: {"type":"error","error":{"type":"overloaded_error"}}\r\n\r\n', {
          headers: streamed,
        }),
    ],
  ])('tries the next account after %s', async (_what, first) => {
    const { gateway, sent, records } = gatewayOf([first, ok])
    expect(await gateway.handle(request()).answer).toMatchObject({ status: 200 })
    expect(sent.map(({ headers }) => headers.authorization)).toEqual(['Bearer k-1', 'Bearer k-2'])
    expect(records[0]!.attempts).toHaveLength(2)
  })

  test('passes on the last denial, and replies that no other account would change', async () => {
    const denied = gatewayOf([throttled])
    expect(bodyOf(await denied.gateway.handle(request()).answer)).toEqual({ error: { code: 'limit_requests' } })
    expect(denied.sent).toHaveLength(2)
    const wrong = gatewayOf([() => new Response('{}', { status: 400 })])
    expect(await wrong.gateway.handle(request()).answer).toMatchObject({ status: 400 })
    expect(wrong.sent).toHaveLength(1)
  })

  test('returns an error of its own when no account can be reached', async () => {
    const { gateway, records } = gatewayOf([broken])
    const answer = await gateway.handle(request()).answer
    expect(answer).toMatchObject({ status: 502, headers: { 'x-ratelab-attempts': '2' } })
    expect(bodyOf(answer).error.code).toBe('bad_gateway')
    expect(records[0]).toMatchObject({ attempts: [{ status: 0 }, { status: 0 }], end: 'answered' })
  })

  test('records why an account has not replied, without the content of the request', async () => {
    const refused = () => {
      throw new TypeError('Bearer k-1', { cause: Object.assign(new Error('Bearer k-1'), { code: 'ECONNREFUSED' }) })
    }
    const { gateway, records } = gatewayOf([refused, broken])
    await gateway.handle(request()).answer
    expect(records[0]!.attempts).toEqual([
      { account: 1, status: 0, reason: 'ECONNREFUSED' },
      { account: 2, status: 0, reason: 'TypeError' },
    ])
  })

  test.each([
    ['/v1/models', 'TRACE', 405],
    ['/v1/models', 'HEAD', 405],
    ['/v1/models', 'POST', 405],
    ['/v1/chat/completions', 'GET', 405],
    ['/v1/nothing', 'POST', 404],
  ])('replies itself to requests that no account may get: %s by %s', async (path, method, status) => {
    const { gateway, sent } = gatewayOf([ok])
    expect(await gateway.handle(request({ path, method, body: '' })).answer).toMatchObject({ status })
    expect(sent).toEqual([])
  })

  test.each(['sk-customer-1234567890', '$&customer-1234567890'])(
    'records no key that a customer also writes into the path: %s',
    async (key) => {
      const { gateway, records } = gatewayOf([ok])
      await gateway.handle(request({ path: `/v1/${key}` }, { authorization: `Bearer ${key}` })).answer
      expect(records).toHaveLength(1)
      expect(JSON.stringify(records)).not.toContain('customer-1234567890')
    },
  )

  test('leaves out the body of a GET, which `fetch` cannot send', async () => {
    const { gateway, sent } = gatewayOf([ok])
    const answer = await gateway.handle(request({ path: '/v1/models', method: 'GET', body: '{}' })).answer
    expect(answer).toMatchObject({ status: 200 })
    expect(sent.map(({ hasBody }) => hasBody)).toEqual([false])
  })

  test('keeps what a customer writes in the query within the query', async () => {
    const { gateway, sent } = gatewayOf([ok])
    await gateway.handle(request({ query: 'a=/../x#/y' })).answer
    expect(sent[0]!.url).toBe('https://up.example/api/v3/chat/completions?a=/../x%23/y')
  })

  test('refuses a request that it has sent itself, and says through which servers a request has come', async () => {
    const { gateway, sent } = gatewayOf([ok])
    await gateway.handle(request({}, { via: '1.1 cdn' })).answer
    expect(sent[0]!.headers.via).toBe('1.1 cdn, 1.1 ratelab')
    for (const via of ['1.1 ratelab', '1.0 a, 1.1 RateLab (x), 2 b', 'HTTP/1.1  ratelab'])
      expect(await gateway.handle(request({}, { via })).answer).toMatchObject({ status: 400 })
    expect(sent).toHaveLength(1)
  })

  test('records the id that the customer sees, and stops reading an endless reply', async () => {
    const { gateway, records } = gatewayOf([() => ok('{}', { 'x-request-id': 'theirs' })])
    await gateway.handle(request()).answer
    expect(records[0]).toMatchObject({ replyId: 'theirs' })
    let isCancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(8 * 1024 * 1024)),
      cancel: () => {
        isCancelled = true
      },
    })
    const other = gatewayOf([() => new Response(endless)])
    expect(await other.gateway.handle(request()).answer).toMatchObject({ status: 502 })
    expect(isCancelled).toBe(true)
    expect(other.records[0]!.attempts.map(({ reason }) => reason)).toEqual(['a reply that is too long', 'TypeError'])
  })

  test('holds only so much of whole replies that their customers have not read, and of those who are gone nothing', async () => {
    const long = 'x'.repeat(40 * 1024 * 1024)
    const { gateway } = gatewayOf([() => ok(long)], { failover: 0 }, { clock: systemClock })
    const ask = async () => {
      const handling = gateway.handle(request())
      const answer = await handling.answer
      return { status: answer.kind === 'whole' && answer.status, handling }
    }
    const held = [await ask(), await ask(), await ask(), await ask()]
    expect(held.map(({ status }) => status)).toEqual([200, 200, 200, 502])
    held[0]!.handling.hangUp()
    expect(await ask()).toMatchObject({ status: 200 })
  })

  test('applies the customer’s cap to requests, and to the tokens that the answers state', async () => {
    const limits = [
      { rule: 'rpm', limit: 2, window: 60_000 },
      { rule: 'tpm', limit: 11, window: 60_000 },
    ] as const
    const { gateway, sent, records } = gatewayOf([ok], { customerLimits: limits })
    // The prompt has three tokens and the output seven. Three more tokens would exceed the cap by one.
    expect(await gateway.handle(request()).answer).toMatchObject({ status: 200 })
    const denied = await gateway.handle(request()).answer
    expect(denied).toMatchObject({ status: 429, headers: { 'retry-after': '60' } })
    expect(bodyOf(denied).error.code).toBe('insufficient_quota')
    expect(records[1]).toMatchObject({ denied: 'tpm', attempts: [] })
    const other = request({}, { authorization: 'Bearer another' })
    expect(await gateway.handle(other).answer).toMatchObject({ status: 200 })
    expect(sent).toHaveLength(2)
  })

  test.each<[what: string, changes: Partial<FetchGatewayOptions>, message: RegExp]>([
    [
      'a key with a line break',
      { accounts: [{ baseUrl: 'https://up.example/v1', key: 'sk-secret\nx' }] },
      /`accounts\[0\]\.key`/,
    ],
    [
      'a key that is no ASCII',
      { accounts: [{ baseUrl: 'https://up.example/v1', key: 'sk-sécret' }] },
      /`accounts\[0\]\.key`/,
    ],
    [
      'an address with a key',
      { accounts: [{ baseUrl: 'https://x:sk-secret@up.example/v1', key: 'k' }] },
      /`accounts\[0\]\.baseUrl` .*not shown here/,
    ],
    ['no account', { accounts: [] }, /`accounts`/],
    ['a time-out of 0', { spec: { ...plain, timeouts: { idle: 0 } } }, /`timeouts\.idle` to be > 0, got 0/],
    ['a key of two customers', { spec: { ...plain, customers: [twice, { ...twice, name: 'b' }] } }, /one customer/],
  ])('refuses %s at its start, without quoting it', (_what, changes, message) => {
    const options = { accounts: [{ baseUrl: 'https://up.example/v1', key: 'k' }], fetch, clock: virtualClock() }
    const start = () => fetchGateway({ spec: plain, seed: 1, ...options, ...changes })
    expect(start).toThrow(message)
    expect(start).not.toThrow(/s.cret/)
  })

  test('needs a key', async () => {
    const { gateway, sent } = gatewayOf([ok])
    expect(await gateway.handle(request({}, { authorization: '' })).answer).toMatchObject({ status: 401 })
    expect(sent).toEqual([])
  })

  test('drops headers that concern a single hop', async () => {
    const headers = { connection: 'close, x-mine', 'x-mine': '1', 'set-cookie': 'a=b', 'x-request-id': 'r' }
    const { gateway } = gatewayOf([() => ok('{}', headers)])
    const answer = await gateway.handle(request()).answer
    const got =
      answer.kind === 'whole' ? Object.keys(answer.headers).filter((name) => !name.startsWith('x-ratelab')) : []
    expect(got.sort()).toEqual(['content-type', 'x-request-id'])
  })

  test('adds its hop delay each way', async () => {
    const { gateway, clock, records } = gatewayOf([ok], { hopDelay: 15 })
    const answer = gateway.handle(request()).answer
    await clock.run(clock.sleep(100))
    expect(await answer).toMatchObject({ status: 200 })
    expect(records[0]!.endedAt! - records[0]!.arrivedAt).toBe(30)
  })
})

/** A stream to which the test writes. */
function source() {
  let controller!: ReadableStreamDefaultController<Uint8Array>
  const body = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own
    },
  })
  const response = () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const write = (bytes: Uint8Array | string) => controller.enqueue(Buffer.from(bytes))
  return {
    response,
    write,
    end: () => controller.close(),
    fail: () => controller.error(new Error('x')),
  }
}

function listener(answer: Answer) {
  const heard: string[] = []
  const ends: string[] = []
  if (answer.kind !== 'stream') throw new Error('Expected a stream')
  answer.start({ write: (text) => heard.push(text), end: () => ends.push('end'), break: () => ends.push('break') })
  return { heard: () => heard.join(''), over: () => ends.join() }
}

const settle = async () => {
  for (let i = 0; i < 100; i++) await Promise.resolve()
}

describe('a stream', () => {
  test('is passed on as it comes, also when a character is split between two chunks', async () => {
    const { response, write, end } = source()
    const { gateway, records } = gatewayOf([response])
    write(': hello\ndata: 1\n\n')
    const { heard, over } = listener(await gateway.handle(request()).answer)
    const [first, second] = [Buffer.from('data: 你').subarray(0, 7), Buffer.from('data: 你').subarray(7)]
    write(first)
    await settle()
    expect(heard()).toBe(': hello\ndata: 1\n\ndata: ')
    write(second)
    await settle()
    expect(heard()).toBe(': hello\ndata: 1\n\ndata: 你')
    expect(gateway.inFlight).toBe(1)
    end()
    await settle()
    expect(over()).toBe('end')
    expect([gateway.inFlight, records[0]!.end]).toEqual([0, 'answered'])
  })

  test('breaks when the account’s stream breaks', async () => {
    const { response, write, fail } = source()
    const { gateway, records } = gatewayOf([response])
    write('data: 1\n\n')
    const { over } = listener(await gateway.handle(request()).answer)
    fail()
    await settle()
    expect([over(), records[0]!.end]).toEqual(['break', 'broken'])
  })

  test('is cancelled at the account when the customer hangs up', async () => {
    const { response, write } = source()
    const { gateway, sent, records } = gatewayOf([response])
    write('data: 1\n\n')
    const { answer, hangUp: leave } = gateway.handle(request())
    await answer
    leave()
    expect(sent[0]!.signal.aborted).toBe(true)
    expect([gateway.inFlight, records[0]!.end]).toEqual([0, 'left'])
    leave()
    expect(records).toHaveLength(1)
  })
})

test('a watcher that throws is a defect: the customer gets the reply, whole or streamed, and the gateway goes on', async () => {
  const sse = () => new Response('data: [DONE]\n\n', { headers: { 'content-type': 'text/event-stream' } })
  const defects: unknown[] = []
  const throws = () => {
    throw 'thrown on purpose'
  }
  const { gateway } = gatewayOf([ok, sse, ok], {}, { ended: throws, onDefect: (error) => defects.push(error) })
  expect(await gateway.handle(request()).answer).toMatchObject({ kind: 'whole', status: 200 })
  const { over } = listener(await gateway.handle(request()).answer)
  await expect.poll(over).toBe('end')
  expect(await gateway.handle(request()).answer).toMatchObject({ kind: 'whole', status: 200 })
  expect(gateway.inFlight).toBe(0)
  expect(defects).toEqual(Array(3).fill('thrown on purpose'))
})
