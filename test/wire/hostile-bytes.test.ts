import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { type Mock, mock } from '../../sim/mock/mock.ts'
import { type MockServer, serve } from '../../sim/skins/http/server.ts'
import { type WallTimeline, wallTimeline } from '../../sim/time/wall-timeline.ts'
import { chatBody, chatRequest, rawClient } from './raw-client.ts'

/** Correct requests, and bytes that may be put between them. */
const pieces = fc.oneof(
  fc.constantFrom(
    ...[chatRequest(chatBody()), chatRequest(chatBody({ stream: true })), chatRequest('{'), chatRequest('')],
    ...['GET / HTTP/1.1\r\nhost: a\r\n\r\n', 'HEAD /compatible-mode/v1/models HTTP/1.1\r\nhost: a\r\n\r\n'],
    ...[
      'GET / HTTP/1.0\r\n\r\n',
      'GET / HTTP/0.9\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n',
    ],
    ...[
      'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n',
      '5\r\nhello\r\n',
      '0\r\n\r\n',
      'ffffffffffffffff\r\n',
    ],
    ...[
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999\r\nexpect: 100-continue\r\n\r\n',
      '\r\n',
      '\0',
      ': \r\n',
    ],
    ...['POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\nabc', '\r\n\r\n', 'GET '],
    `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
    `GET / HTTP/1.1\r\n${'x: y\r\n'.repeat(5000)}\r\n`,
  ),
  fc.string(),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
)

/** The number of bytes that are cut off the end. */
const cuts = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 40 }) })

describe('hostile bytes', () => {
  let server: MockServer
  let provider: Mock
  let timeline: WallTimeline
  beforeAll(async () => {
    timeline = wallTimeline({ speed: 1000 })
    provider = mock({ timeline, wire: { answerTokens: 4 } })
    server = await serve(provider, { requestTimeout: 500 })
  })
  afterAll(async () => {
    await server.close(0)
    timeline.stop()
  })

  const connections = 50
  const conversations = fc.array(fc.tuple(fc.array(pieces, { minLength: 1, maxLength: 4 }), cuts, fc.boolean()), {
    minLength: connections,
    maxLength: connections,
    size: 'max',
  })

  test.prop([conversations], { numRuns: 80, endOnFailure: true })(
    'get a 4xx or a closed connection, and leave no requests in flight',
    async (all) => {
      const heard = all.map(([parts, cut, isRude]) => {
        const bytes = Buffer.from(parts.join(''), 'latin1')
        const client = rawClient(server.port).send(bytes.subarray(0, Math.max(1, bytes.length - cut)))
        if (isRude) setImmediate(() => client.socket.destroy())
        else client.socket.end()
        return client.closed()
      })
      for (const [i, text] of (await Promise.all(heard)).entries()) {
        const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))
        const said = JSON.stringify(all[i]![0]).slice(0, 2000)
        expect(
          statuses.filter((status) => status >= 500),
          said,
        ).toEqual([])
      }
      await vi.waitFor(() => expect(provider.inFlight).toBe(0), { interval: 1, timeout: 5000 })
    },
    120_000,
  )

  test('do not prevent other requests from being served', async () => {
    const url = `${server.origin}/compatible-mode/v1/chat/completions`
    const headers = { authorization: 'Bearer sk-ratelab' }
    const response = await fetch(url, { method: 'POST', headers, body: chatBody() })
    expect([200, 429]).toContain(response.status)
    expect(provider.journal.entries().length).toBeGreaterThan(100)
  })
})
