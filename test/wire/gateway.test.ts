import { afterEach, describe, expect, test } from 'vitest'
import { type FetchGateway, fetchGateway } from '../../sim/gateway/http/fetch-gateway.ts'
import { type Mock, mock } from '../../sim/mock/mock.ts'
import { type MockServer, serve } from '../../sim/skins/http/server.ts'
import { type WallTimeline, wallTimeline } from '../../sim/time/wall-timeline.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { rawClient } from './raw-client.ts'

let running: { close(): Promise<void> } | undefined
afterEach(() => running?.close())

interface Rig {
  readonly provider: Mock
  readonly gateway: FetchGateway
  readonly origin: string
  readonly port: number
  /** What has reached the control plane of the mock. */
  readonly controlled: readonly string[]
}

/** A gateway in front of three accounts of a mock, all over sockets. */
async function rig(switches: object = { firstToken: 5, latencySpread: 0 }): Promise<Rig> {
  const timeline: WallTimeline = wallTimeline()
  const accounts = [1, 2, 3].map((n) => ({ name: `a${n}`, keys: [`sk-${n}`] }))
  const limits = { 'qwen-plus': [{ rule: 'rpm', limit: 1, window: 60_000 }] } as const
  const provider = mock({ timeline, accounts, limits, switches })
  const controlled: string[] = []
  const control = {
    fetch({ url }: Request) {
      controlled.push(url)
      return new Response('{}')
    },
  }
  const upstream = await serve(provider, { control })
  const gateway = fetchGateway({
    spec: { balance: 'round-robin', failover: 2, hopDelay: 0, priceFactor: 1 },
    accounts: accounts.map(({ keys }) => ({ baseUrl: `${upstream.origin}/compatible-mode/v1`, key: keys[0]! })),
    fetch,
    clock: systemClock,
    seed: 1,
  })
  const front: MockServer = await serve(gateway)
  running = {
    async close() {
      await Promise.all([front.close(0), upstream.close(0)])
      timeline.stop()
    },
  }
  return { provider, gateway, origin: front.origin, port: front.port, controlled }
}

function chat(origin: string, fields: object = {}, init: RequestInit = {}): Promise<Response> {
  return fetch(`${origin}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer customer', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'qwen-plus', max_tokens: 3, messages: [{ role: 'user', content: 'Hi' }], ...fields }),
    ...init,
  })
}

describe('a gateway over HTTP', () => {
  test('pools the quota of its accounts: three with one request a minute each admit three', async () => {
    const { origin } = await rig()
    const statuses: number[] = []
    for (let i = 0; i < 4; i++) statuses.push((await chat(origin)).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    const denied = await chat(origin)
    expect(denied.headers.get('x-ratelab-attempts')).toBe('3')
    expect(await denied.json()).toMatchObject({ error: { code: 'limit_requests' } })
  })

  test('passes a stream on as it comes', async () => {
    const { origin } = await rig({ firstToken: 5, tokensPerSecond: 50, latencySpread: 0 })
    const response = await chat(origin, { stream: true, max_tokens: 60 })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    let pieces = 0
    let text = ''
    for await (const piece of response.body!) {
      pieces++
      text += Buffer.from(piece).toString()
    }
    expect(pieces).toBeGreaterThan(5)
    expect(text).toMatch(/data: \[DONE\]\n\n$/)
  })

  test('hangs up on the account when the customer hangs up', async () => {
    const { origin, provider, gateway } = await rig({ firstToken: 5, tokensPerSecond: 1, latencySpread: 0 })
    const left = new AbortController()
    const response = await chat(origin, { stream: true, max_tokens: 1000 }, { signal: left.signal })
    const reader = response.body!.getReader()
    await reader.read()
    expect([provider.inFlight, gateway.inFlight]).toEqual([1, 1])
    left.abort()
    while (provider.inFlight > 0 || gateway.inFlight > 0) await systemClock.sleep(5)
    expect(provider.journal.entries()[0]).toMatchObject({ end: 'left' })
  })

  test('replies to a body that is too long, and to an unknown path', async () => {
    const { origin } = await rig()
    expect((await chat(origin, {}, { body: 'x'.repeat(21 * 1024 * 1024) })).status).toBe(413)
    expect((await fetch(`${origin}/v1/nothing`, { headers: { authorization: 'Bearer c' } })).status).toBe(404)
  })

  test('leads to no path of its upstream but those of models, however the path is written', async () => {
    const { provider, port, controlled } = await rig()
    const up = ['..', '%2e%2e', '.%2e', '%252e%252e', '..;', '..%2f', '..%5c', '..\\', '%c0%ae%c0%ae', '..%00']
    const paths = [
      ...up.flatMap((step) => [`/v1/${step}/_ratelab/clock`, `/v1/models/${step}/${step}/${step}/_ratelab/clock`]),
      ...[
        '/_ratelab/clock',
        '/%5fratelab/clock',
        '//_ratelab/clock',
        '/./_ratelab/clock',
        '/_RATELAB/clock',
        '/v1/%2f_ratelab',
      ],
      ...['/v1/_ratelab/clock', '/v1//_ratelab/clock', '/v1#/../_ratelab/clock', '/v1/models?/../../_ratelab/clock'],
      ...[
        '/api/v1/models/limits',
        '/api/v1/quotas',
        '/v1/models/limits/',
        '/v1/../../api/v1/models/limits',
        '/v1/files',
      ],
      ...[
        'http://127.0.0.1/_ratelab/clock',
        'HTTP://x/_ratelab/clock',
        'ftp://x/_ratelab/clock',
        '*',
        '?',
        '/v1\\_ratelab',
      ],
    ]
    for (const method of ['GET', 'POST', 'HEAD', 'DELETE', 'OPTIONS'])
      for (const path of paths) {
        const head = [`${method} ${path} HTTP/1.1`, 'host: gateway', 'authorization: Bearer c', 'content-length: 0']
        const heard = await rawClient(port)
          .send(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n`)
          .closed()
        expect(heard, `${method} ${path}`).toMatch(/^HTTP\/1\.1 (400|404|405|200) /)
      }
    expect(controlled).toEqual([])
    const reached = provider.journal.entries().map(({ method, path }) => `${method} ${path}`)
    expect([...new Set(reached)]).toEqual(['GET /compatible-mode/v1/models'])
  })
})
