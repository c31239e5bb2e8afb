import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { MockOptions } from '../../../../sim/mock/mock.ts'
import { chatPath, protocolRig } from '../protocols/protocol-rig.ts'

const messages = [{ role: 'user', content: 'Hello' }]
const hello = { model: 'qwen-plus', messages }
const nativePath = '/api/v1/services/aigc/text-generation/generation'
const at = '1735120033000'

function chat(fields: object = {}, options: Partial<MockOptions> = {}) {
  return protocolRig(options).ask({ path: chatPath, body: { ...hello, ...fields } })
}

function native(headers: Record<string, string> = {}, options: Partial<MockOptions> = {}) {
  return protocolRig(options).ask({ path: nativePath, body: { model: 'qwen-plus', input: { messages } }, headers })
}

/** The captured headers in their order, for a reply `took` milliseconds after the request. */
function captured(id: string, took: number, changes: Record<string, string | undefined> = {}) {
  const all = {
    vary: 'Origin,Access-Control-Request-Method,Access-Control-Request-Headers, Accept-Encoding',
    'x-request-id': id,
    'x-dashscope-call-gateway': 'true',
    'content-type': 'application/json',
    server: 'istio-envoy',
    'req-cost-time': String(took),
    'req-arrive-time': at,
    'resp-start-time': String(Number(at) + took),
    'x-envoy-upstream-service-time': String(took),
    ...changes,
  }
  return Object.entries(all).filter(([, value]) => value !== undefined)
}

/** The first token comes after 600 ms, all six tokens after 700 ms. */
const steady = { switches: { firstToken: 600, tokensPerSecond: 60, latencySpread: 0 } }

describe('the headers', () => {
  test('of a 200', async () => {
    const { headers, record } = await chat({}, steady)
    expect(Object.entries(headers)).toEqual(captured(record.id, 700))
  })

  test('of a streamed 200 have the instant of its first byte', async () => {
    const { headers, record } = await chat({ stream: true }, steady)
    const changes = { vary: 'Origin', 'content-type': 'text/event-stream;charset=UTF-8' }
    expect(Object.entries(headers)).toEqual(captured(record.id, 600, changes))
  })

  test.each([
    ['400', { max_tokens: -1 }, {}, 400],
    ['404', { model: 'qwen4' }, {}, 404],
    ['429', {}, { limits: { 'qwen-plus': [{ rule: 'tpm', limit: 1, window: 60_000 }] } }, 429],
    ['503', {}, { faults: [{ when: 'always', do: { capacity: true } }] }, 503],
  ] as const)('of a %s are the same', async (_, fields, options, status) => {
    const reply = await chat(fields, options as Partial<MockOptions>)
    expect(reply.status).toBe(status)
    expect(Object.entries(reply.headers)).toEqual(captured(reply.record.id, 0))
  })

  test('of a 403 have a timeout, and no gateway', async () => {
    const accounts = [{ name: 'main', keys: ['sk-ratelab'], stopWhenFreeIsUsed: true }]
    const { status, headers, record } = await chat({}, { accounts })
    expect(status).toBe(403)
    expect(headers).toEqual({
      ...Object.fromEntries(captured(record.id, 0, { 'x-dashscope-call-gateway': undefined })),
      'x-dashscope-timeout': '600',
    })
  })

  test('of a native 200 have a trace id in addition', async () => {
    for (const streams of [{}, { 'x-dashscope-sse': 'enable' }]) {
      const { status, headers, record } = await native(streams)
      expect(status).toBe(200)
      expect(headers['eagleeye-traceid']).toBe(record.id.replaceAll('-', ''))
      expect(headers['eagleeye-traceid']).toMatch(/^[0-9a-f]{32}$/)
    }
    const refused = await native({}, { faults: [{ when: 'always', do: { error: 'requests' } }] })
    expect(refused.headers).not.toHaveProperty('eagleeye-traceid')
    expect((await chat()).headers).not.toHaveProperty('eagleeye-traceid')
  })

  test('of a native stream that is only an error say that it is finished', async () => {
    const faults = [{ when: 'always', do: { error: 'tokens', placement: 'first-frame' } }] as const
    const { status, headers } = await native({ 'x-dashscope-sse': 'enable' }, { faults })
    expect([status, headers['x-dashscope-finished']]).toEqual([200, 'true'])
    expect((await chat({ stream: true }, { faults })).headers).not.toHaveProperty('x-dashscope-finished')
    expect((await native()).headers).not.toHaveProperty('x-dashscope-finished')
  })
})

describe('a 429', () => {
  const limits = { 'qwen-plus': [{ rule: 'rpm', limit: 1, window: 60_000 }] } as const

  async function second(options: Partial<MockOptions>, after = 0) {
    const rig = protocolRig({ limits, ...options })
    await rig.ask({ path: chatPath, body: hello })
    await rig.clock.run(rig.clock.sleep(after))
    const reply = await rig.ask({ path: chatPath, body: hello })
    expect(reply.status).toBe(429)
    return reply.headers
  }

  test('has no Retry-After by default', async () => {
    const names = Object.keys(await second({}))
    expect(names.filter((name) => /retry|ratelimit/.test(name))).toEqual([])
  })

  test('has a Retry-After in whole seconds, rounded up, when the switch says so', async () => {
    const switches = { retryAfter: 'exact', firstToken: 0, latencySpread: 0, tokensPerSecond: 1_000_000 } as const
    // The first request took a millisecond, so 59,999 ms are left, and later 49,998 ms.
    expect((await second({ switches }))['retry-after']).toBe('60')
    expect((await second({ switches }, 10_001))['retry-after']).toBe('50')
  })
})

describe('the headers of limits', () => {
  const wire = { limitHeaders: true, answerTokens: 20 }
  const limits = {
    'qwen-plus': [
      { rule: 'rps', limit: 2, window: 1000 },
      { rule: 'rpm', limit: 5, window: 60_000 },
      { rule: 'tpm', limit: 1000, window: 90_000 },
    ],
  } as const
  const quiet = { latencySpread: 0, firstToken: 0, tokensPerSecond: 1_000_000, burstGuard: false } as const
  const of = (headers: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-ratelimit')))

  test('have OpenAI’s names, and the values of the limit with the smallest rest', async () => {
    // A limit on requests in flight has no window that could be empty again, so it has no headers.
    const rig = protocolRig({ limits, wire, switches: { ...quiet, inFlightLimit: 1 } })
    const ask = () => rig.ask({ path: chatPath, body: hello })
    expect(of((await ask()).headers)).toEqual({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '970',
      'x-ratelimit-reset-tokens': '1m30s',
    })
    await ask()
    const denied = await ask()
    expect(denied.status).toBe(429)
    expect(of(denied.headers)).toMatchObject({ 'x-ratelimit-remaining-requests': '0' })
    await rig.clock.run(rig.clock.sleep(1000))
    await ask()
    await ask()
    await rig.clock.run(rig.clock.sleep(1000))
    expect(of((await ask()).headers)).toMatchObject({
      'x-ratelimit-limit-requests': '5',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1m0s',
    })
  })

  test.each([
    [999, '999ms'],
    [61_001, '1m1.001s'],
    [366 * 86_400_000, '527040m0s'],
  ])('write a window of %s ms as %s', async (window, text) => {
    const rig = protocolRig({ limits: { 'qwen-plus': [{ rule: 'rpm', limit: 2, window }] }, wire, switches: quiet })
    const { headers } = await rig.ask({ path: chatPath, body: hello })
    expect(of(headers)['x-ratelimit-reset-requests']).toBe(text)
  })

  test('are those of the workspace when it has limits', async () => {
    const accounts = [
      {
        name: 'main',
        keys: ['sk-own'],
        workspaces: [
          { name: 'lab', keys: ['sk-ratelab'], limits: { 'qwen-plus': [{ rule: 'rpm', limit: 3, window: 60_000 }] } },
        ],
      },
    ] as const
    const minute = { 'qwen-plus': [{ rule: 'rpm', limit: 5, window: 60_000 }] } as const
    const { headers, record } = await chat({}, { limits: minute, wire, accounts })
    expect(of(headers)).toMatchObject({ 'x-ratelimit-limit-requests': '3', 'x-ratelimit-remaining-requests': '2' })
    expect(record.workspace).toBe('lab')
  })

  test('give a rest of 0 when completed replies have exceeded the limit', async () => {
    const tight = { 'qwen-plus': [{ rule: 'tpm', limit: 25, window: 60_000 }] } as const
    const { headers } = await chat({}, { wire, limits: tight, switches: quiet })
    expect(of(headers)).toMatchObject({ 'x-ratelimit-limit-tokens': '25', 'x-ratelimit-remaining-tokens': '0' })
  })

  test('are on a stream, and not on replies for which no limit was checked', async () => {
    expect(of((await chat({ stream: true }, { wire, limits })).headers)).not.toEqual({})
    expect(of((await chat({ model: 'qwen4' }, { wire })).headers)).toEqual({})
    expect(of((await chat({ max_tokens: -1 }, { wire })).headers)).toEqual({})
    expect(of((await protocolRig({ wire }).ask({ path: '/nowhere' })).headers)).toEqual({})
  })

  test.prop([fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 40 })], { numRuns: 20 })(
    'count down to 0, and never below',
    async (limit, asked) => {
      const rig = protocolRig({
        limits: { 'qwen-plus': [{ rule: 'rpm', limit, window: 600_000 }] },
        wire,
        switches: quiet,
      })
      for (let i = 1; i <= asked; i++) {
        const { status, headers } = await rig.ask({ path: chatPath, body: hello })
        expect(status).toBe(i <= limit ? 200 : 429)
        expect(headers['x-ratelimit-remaining-requests']).toBe(String(Math.max(0, limit - i)))
      }
    },
  )
})

test('the load balancer’s cookie is set when the switch is on', async () => {
  const { headers, record } = await chat({}, { wire: { cookie: true } })
  const [, trace] = /^acw_tc=[0-9a-f-]{36}([0-9a-f]{32});path=\/;HttpOnly;Max-Age=1800$/.exec(headers['set-cookie']!)!
  expect(headers['set-cookie']).toContain(`acw_tc=${record.id}`)
  expect(trace).not.toBe(record.id.replaceAll('-', ''))
  expect((await chat()).headers).not.toHaveProperty('set-cookie')
})
