import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { fetchGateway } from '../../../../sim/gateway/http/fetch-gateway.ts'
import type { GatewayRecord } from '../../../../sim/gateway/http/record.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { WireRequest } from '../../../../sim/wire/exchange.ts'
import { estimatedTokens } from '../../../../sim/wire/model/tokens.ts'

const limit = 5000

interface Frame {
  readonly text: string
  /** The output tokens that the frame reports. Null: none. */
  readonly report: number | null
}

interface Traffic {
  readonly key: string
  readonly isStream: boolean
  readonly frames: readonly Frame[]
  readonly end: 'whole' | 'breaks' | 'leaves'
}

const spelled = ({ text, report }: Frame) =>
  JSON.stringify({ choices: [{ delta: { content: text } }], usage: report === null ? null : { output_tokens: report } })

/** The output tokens that count, computed from all frames that have passed. */
function expectedOutput({ isStream, frames, end }: Traffic): number {
  const isWhole = end === 'whole'
  if (!isStream && !isWhole) return 0
  const last = frames.findLastIndex(({ report }) => report !== null)
  const reported = frames[last]?.report ?? undefined
  const since = estimatedTokens(
    frames
      .slice(last + 1)
      .map(({ text }) => text)
      .join(''),
  )
  return isWhole ? (reported ?? since) : (reported ?? 0) + since
}

function request(key: string, prompt: string): WireRequest {
  const header = (name: string) => ({ authorization: `Bearer ${key}` })[name]
  return { method: 'POST', path: '/v1/chat/completions', query: '', header, body: JSON.stringify({ prompt }) }
}

/** A gateway with one customer, who has two keys, and an account whose replies the test writes. */
function rig() {
  const clock = virtualClock()
  const records: GatewayRecord[] = []
  const replies: ReadableStreamDefaultController<Uint8Array>[] = []
  let isStream = true
  const gateway = fetchGateway({
    spec: {
      balance: 'round-robin',
      failover: 0,
      hopDelay: 0,
      priceFactor: 1,
      customers: [{ name: 'ada', keys: ['k-1', 'k-2'] }],
      customerLimits: [{ rule: 'tpm', limit, window: 60_000 }],
    },
    accounts: [{ baseUrl: 'https://up.example/v1', key: 'sk-pool' }],
    fetch: async () => {
      const body = new ReadableStream<Uint8Array>({ start: (controller) => void replies.push(controller) })
      return new Response(body, { headers: { 'content-type': isStream ? 'text/event-stream' : 'application/json' } })
    },
    clock,
    seed: 1,
    ended: (record) => records.push(record),
  })
  const settle = async () => {
    for (let i = 0; i < 60; i++) await Promise.resolve()
  }

  /** Sends a request, and plays what happens to it. */
  async function play({ key, frames, end, ...traffic }: Traffic, prompt: string): Promise<void> {
    isStream = traffic.isStream
    const { answer, hangUp } = gateway.handle(request(key, prompt))
    answer.then((each) => each.kind === 'stream' && each.start({ write: () => {}, end: () => {}, break: () => {} }))
    await settle()
    const reply = replies.at(-1)!
    for (const frame of frames) {
      reply.enqueue(Buffer.from(isStream ? `data: ${spelled(frame)}\n\n` : spelled(frame)))
      await settle()
    }
    if (end === 'leaves') hangUp()
    else if (end === 'breaks') reply.error(new Error('reset'))
    else reply.close()
    await settle()
    await answer
  }

  /** The status of the answer to a request with this number of prompt tokens. */
  async function statusOf(tokens: number): Promise<number | undefined> {
    isStream = false
    const before = replies.length
    gateway.handle(request('k-2', 'abcd'.repeat(tokens)))
    await settle()
    for (const reply of replies.slice(before)) reply.close()
    await settle()
    return records.at(-1)!.status
  }
  return { gateway, records, play, statusOf }
}

const anyFrame = fc.record({ text: fc.string({ maxLength: 30 }), report: fc.option(fc.nat(50), { freq: 2 }) })
const anyTraffic: fc.Arbitrary<Traffic> = fc.record({
  key: fc.constantFrom('k-1', 'k-2'),
  isStream: fc.boolean(),
  frames: fc.array(anyFrame, { maxLength: 5 }),
  end: fc.constantFrom('whole', 'breaks', 'leaves'),
})

describe('the cap of a customer', () => {
  property.prop([fc.array(fc.tuple(anyTraffic, fc.string({ maxLength: 20 })), { maxLength: 6 })])(
    'has counted what has passed, once, over all keys of the customer',
    async (all) => {
      const { gateway, records, play, statusOf } = rig()
      for (const [traffic, prompt] of all) await play(traffic, prompt)
      expect(gateway.inFlight).toBe(0)
      const expected = all.map(([traffic, prompt]) => estimatedTokens(prompt) + expectedOutput(traffic))
      expect(records.map(({ promptTokens = 0, outputTokens = 0 }) => promptTokens + outputTokens)).toEqual(expected)
      const left = limit - expected.reduce((sum, each) => sum + each, 0)
      expect(await statusOf(left + 1)).toBe(429)
      expect(await statusOf(left)).toBe(200)
    },
  )

  test('says when a denied request would pass, and says nothing when it never does', async () => {
    const { gateway } = rig()
    const answer = await gateway.handle(request('k-1', 'abcd'.repeat(limit + 1))).answer
    expect(answer).toMatchObject({ status: 429, headers: { 'content-type': 'application/json' } })
    expect(answer).not.toHaveProperty('headers.retry-after')
  })

  test('is that of customers: nobody else gets in', async () => {
    const { gateway, records } = rig()
    const answer = await gateway.handle(request('k-3', 'Hi')).answer
    expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('invalid_api_key') })
    expect(records[0]).toMatchObject({ attempts: [], customer: 'k-…' })
  })
})
