import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type MockOptions, mock } from '../../../../sim/mock/mock.ts'
import { readyAt } from '../../../../sim/provider/speed.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { Answer, WireRequest } from '../../../../sim/wire/exchange.ts'
import type { RequestRecord } from '../../../../sim/wire/request-record.ts'
import type { WireSwitches } from '../../../../sim/wire/wire-switches.ts'
import type { Millis } from '../../../../src/core/clock.ts'

const begun: Millis = 1_735_120_033_000
const docs = 'https://www.alibabacloud.com/help/en/model-studio/error-code'
const messages = [{ role: 'user', content: 'Hello' }]

/** Every protocol that streams, with its path and a request. */
const protocols = {
  compat: ['/compatible-mode/v1/chat/completions', { messages, stream: true }, {}],
  completions: ['/compatible-mode/v1/completions', { prompt: 'Hello', stream: true }, {}],
  native: [
    '/api/v1/services/aigc/text-generation/generation',
    { input: { messages }, parameters: { result_format: 'message', incremental_output: true } },
    { 'x-dashscope-sse': 'enable' },
  ],
  anthropic: ['/apps/anthropic/v1/messages', { messages, max_tokens: 100, stream: true }, {}],
  responses: ['/compatible-mode/v1/responses', { input: 'Hello', stream: true }, {}],
} as const satisfies Record<string, readonly [string, object, Record<string, string>]>

type ProtocolName = keyof typeof protocols

interface Piece {
  readonly at: Millis
  readonly text: string
}

/** Lets a streaming request of a protocol fail with an error, and records the pieces with their instants. */
async function failed(name: ProtocolName, wire: Partial<WireSwitches>, options: Partial<MockOptions> = {}) {
  const [path, body, headers] = protocols[name]
  const clock = virtualClock(begun)
  let record: RequestRecord | undefined
  const served = mock({
    timeline: clock,
    faults: [{ when: 'always', do: { error: 'tokens' } }],
    switches: { latencySpread: 0, firstToken: 500, tokensPerSecond: 100 },
    ended: (each) => {
      record = each
    },
    ...options,
    wire: { answerTokens: 20, answerSpread: 0, frameTokens: 2, ...wire },
  })
  const sent: Record<string, string> = { authorization: 'Bearer sk-ratelab', ...headers }
  const request: WireRequest = {
    method: 'POST',
    path,
    query: '',
    header: (each) => sent[each],
    body: JSON.stringify({ model: 'qwen-plus', ...body }),
  }
  const { answer } = served.handle(request)
  const pieces: Piece[] = []
  const note = (text: string) => pieces.push({ at: clock.now() - begun, text })
  const heard = (answered: Answer) =>
    new Promise<Exclude<Answer, { kind: 'hang-up' }>>((resolve) => {
      if (answered.kind === 'hang-up') throw new Error('hung up')
      if (answered.kind === 'whole') {
        note(answered.body)
        resolve(answered)
        return
      }
      const end = () => {
        note('(end)')
        clock.woke()
        resolve(answered)
      }
      answered.start({ write: note, end, break: end })
    })
  const answered = await clock.run(answer.then(heard))
  const text = pieces.map((piece) => piece.text).join('')
  return { status: answered.status, headers: answered.headers, id: record!.id, pieces, text, record: record! }
}

const message = `You exceeded your current quota, please check your plan and billing details. For details, see: ${docs}#token-limit`
const nativeMessage = 'Allocated quota exceeded, please increase your quota limit.'

const shell = (id: string) =>
  `"response":{"id":"resp_${id}","object":"response","created_at":1735120033,"model":"qwen-plus","background":false,"error":{"message":"${nativeMessage}","code":"Throttling.AllocationQuota"},"incomplete_details":null,"instructions":null,"max_output_tokens":null,"metadata":{},"parallel_tool_calls":true,"reasoning":null,"service_tier":"default","store":true,"temperature":null,"tool_choice":"auto","tools":[],"top_logprobs":0,"top_p":null,"status":"failed","output":[],"usage":null}`

/** The error in a frame of the protocol, as captured, as the nth frame of the stream. */
const ownFrame: Record<ProtocolName, (id: string, nth: number) => string> = {
  compat: () => `data: {"error":{"code":"insufficient_quota","message":"${message}","type":"insufficient_quota"}}\n\n`,
  completions: () =>
    `data: {"error":{"code":"insufficient_quota","message":"${message}","type":"insufficient_quota"}}\n\n`,
  native: (id, nth) =>
    `id:${nth}\nevent:error\n:HTTP_STATUS/429\ndata:{"request_id":"${id}","code":"Throttling.AllocationQuota","message":"${nativeMessage}"}\n\n`,
  anthropic: () =>
    `event: error\ndata: {"type":"error","error":{"type":"invalid_request_error","message":"{\\"message\\":\\"${message}\\"}"}}\n\n`,
  responses: (id, nth) =>
    `id:${nth}\nevent:response.failed\n:HTTP_STATUS/200\ndata:{"sequence_number":${nth - 1},"type":"response.failed",${shell(id)}}\n\n`,
}

const names = Object.keys(protocols) as ProtocolName[]

describe.each(names)('%s: an error of a streaming request', (name) => {
  test('is a plain 429 by default, at once', async () => {
    const { status, headers, pieces, record } = await failed(name, {})
    expect(status).toBe(429)
    expect(headers['content-type']).toBe('application/json')
    expect(pieces).toHaveLength(1)
    expect(pieces[0]!.at).toBe(0)
    expect(record).toMatchObject({ error: 'tokens', status: 429, end: 'answered', endedAt: begun })
  })

  test('may be the only frame of a 200, at once', async () => {
    const { status, headers, id, pieces, record } = await failed(name, { errorPlacement: 'first-frame' })
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/event-stream;charset=UTF-8')
    expect(headers['x-request-id']).toBe(id)
    expect(pieces).toEqual([
      { at: 0, text: ownFrame[name](id, 1) },
      { at: 0, text: '(end)' },
    ])
    expect(record).toMatchObject({ error: 'tokens', status: 200, end: 'answered', endedAt: begun })
  })

  test('may come within a stream, after the given number of pieces, each at its instant', async () => {
    const errorAfter = 3
    const { status, id, pieces, text, record } = await failed(name, { errorPlacement: 'mid-stream', errorAfter })
    expect(status).toBe(200)
    const service = { firstToken: 500, total: 700 }
    const [first, third, fifth] = [1, 3, 5].map((nth) => readyAt(nth, service, 20))
    expect(pieces.map(({ at }) => at)).toEqual([first, third, fifth, fifth, fifth])
    const frames = text.split('\n\n').length - 1
    expect(text.endsWith(`${ownFrame[name](id, frames)}(end)`)).toBe(true)
    expect(record).toMatchObject({ error: 'tokens', status: 200, end: 'answered', endedAt: begun + fifth! })
  })

  test.prop([fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40 })])(
    'comes after the given number of pieces, or after all when there are fewer',
    async (errorAfter, frameTokens, answerTokens) => {
      const wire = { errorPlacement: 'mid-stream', errorAfter, frameTokens, answerTokens } as const
      const { text, pieces } = await failed(name, wire)
      const whole = 1 + Math.ceil((answerTokens - 1) / frameTokens)
      const words = Math.min(answerTokens, 1 + (errorAfter - 1) * frameTokens)
      // Each token of the answer is a word, so the words give the number of pieces.
      expect(saidWords(text)).toBe(words)
      expect(pieces.filter((piece) => saidWords(piece.text) > 0)).toHaveLength(Math.min(errorAfter, whole))
      expect(text.endsWith('(end)')).toBe(true)
      expect(text).not.toContain('[DONE]')
    },
  )

  test('comes after no more pieces than that, also for a very fast model', async () => {
    const switches = { latencySpread: 0, firstToken: 500, tokensPerSecond: 1_000_000 }
    const { text, pieces } = await failed(name, { errorPlacement: 'mid-stream', errorAfter: 3 }, { switches })
    expect(saidWords(text)).toBe(5)
    expect(pieces.at(-1)!.at).toBe(500)
  })

  test('is never sent when the client hangs up before, and the request is not recorded as answered', async () => {
    const clock = virtualClock(begun)
    const records: RequestRecord[] = []
    const [path, body, headers] = protocols[name]
    const served = mock({
      timeline: clock,
      faults: [{ when: 'always', do: { error: 'tokens', placement: 'mid-stream' } }],
      ended: (record) => records.push(record),
    })
    const sent: Record<string, string> = { authorization: 'Bearer sk-ratelab', ...headers }
    const { hangUp: leave } = served.handle({
      method: 'POST',
      path,
      query: '',
      header: (each) => sent[each],
      body: JSON.stringify({ model: 'qwen-plus', ...body }),
    })
    leave()
    await clock.run(clock.sleep(100_000))
    expect(records).toMatchObject([{ end: 'left', endedAt: begun }])
  })
})

/** The number of words of an answer in a text of any protocol. */
function saidWords(text: string): number {
  const said = /"(?:content|text|delta)":"((?:[a-z]| )*)"/g
  const frames = text.split('\n\n').filter((frame) => !/response\.(created|in_progress|failed)/.test(frame))
  return frames
    .flatMap((frame) => [...frame.matchAll(said)].map(([, words]) => words!.trim()))
    .filter((words) => words !== '')
    .reduce((sum, words) => sum + words.split(' ').length, 0)
}

describe('an error in a compatible stream', () => {
  const leaked = (id: string) =>
    `id:1\nevent:error\n:HTTP_STATUS/429\ndata:{"request_id":"${id}","code":"Throttling.AllocationQuota","message":"${nativeMessage}"}\n\n`

  test.each(['compat', 'completions'] as const)('%s: may be a leaked native frame', async (name) => {
    const { id, text } = await failed(name, { errorPlacement: 'first-frame', errorShape: 'leaked-native' })
    expect(text).toBe(`${leaked(id)}(end)`)
  })

  test('may be the text of a chunk', async () => {
    const { id, text } = await failed('compat', { errorPlacement: 'first-frame', errorShape: 'error-finish' })
    expect(text).toBe(
      `data: {"choices":[{"finish_reason":"error_finish","delta":{"content":"${message}"},"index":0,"logprobs":null}],"object":"chat.completion.chunk","usage":null,"created":1735120033,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-${id}"}\n\n(end)`,
    )
  })

  test.each(['native', 'anthropic', 'responses'] as const)('%s: keeps its own shape', async (name) => {
    for (const errorShape of ['leaked-native', 'error-finish'] as const) {
      const { id, text } = await failed(name, { errorPlacement: 'first-frame', errorShape })
      expect(text).toBe(`${ownFrame[name](id, 1)}(end)`)
    }
  })

  test.each(['own', 'leaked-native', 'error-finish'] as const)(
    '%s: is followed by [DONE] when the switch is on',
    async (errorShape) => {
      const { text } = await failed('compat', { errorPlacement: 'mid-stream', errorShape, errorDone: true })
      expect(text.endsWith('data: [DONE]\n\n(end)')).toBe(true)
      for (const name of ['native', 'anthropic', 'responses'] as const)
        expect((await failed(name, { errorPlacement: 'mid-stream', errorDone: true })).text).not.toContain('[DONE]')
    },
  )

  test('has the article’s message in the article’s profile', async () => {
    const { text } = await failed('compat', { errorPlacement: 'first-frame' }, { profile: 'article' })
    expect(text).toContain('"status":429')
  })
})

describe('the placement', () => {
  test('does not concern a request that is not streamed', async () => {
    const clock = virtualClock(begun)
    const served = mock({
      timeline: clock,
      faults: [{ when: 'always', do: { error: 'tokens' } }],
      wire: { errorPlacement: 'mid-stream' },
    })
    const { answer } = served.handle({
      method: 'POST',
      path: '/compatible-mode/v1/chat/completions',
      query: '',
      header: (name) => (name === 'authorization' ? 'Bearer sk-ratelab' : undefined),
      body: JSON.stringify({ model: 'qwen-plus', messages }),
    })
    expect(await answer).toMatchObject({ kind: 'whole', status: 429 })
  })

  test('concerns real denials, too', async () => {
    const limits = { 'qwen-plus': [{ rule: 'tpm', limit: 1, window: 60_000 }] } as const
    const { id, text, record } = await failed('compat', { errorPlacement: 'first-frame' }, { faults: [], limits })
    expect(text).toBe(`${ownFrame.compat(id, 1)}(end)`)
    expect(record).toMatchObject({ verdict: 'tpm', denial: { rule: 'tpm' } })
  })
})
