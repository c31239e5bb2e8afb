import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { MockSetup } from '../../sim/setup/mock-setup.ts'
import type { WireSwitches } from '../../sim/wire/wire-switches.ts'
import { type StoppedSkin, stoppedSkins } from './stopped-skins.ts'

// The tests send one sequence of requests through every skin, advance time themselves, and compare bytes and decisions.

interface Ask {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | string | Uint8Array<ArrayBuffer>
}

const messages = [{ role: 'user', content: '为什么天空是蓝色的？ And why not green?' }]
const native = { model: 'qwen-plus', input: { messages } }
const text = '/api/v1/services/aigc/text-generation/generation'
const multimodal = '/api/v1/services/aigc/multimodal-generation/generation'
const chat = '/compatible-mode/v1/chat/completions'
const responses = '/compatible-mode/v1/responses'
const anthropic = '/apps/anthropic/v1/messages'
const sse = { 'x-dashscope-sse': 'enable' }
/** A limit of one request a second. */
const tight = 'qwen3-max-2025-09-23'

/** The sequence. Requests of one list arrive at the same instant. */
const sequence: readonly (readonly Ask[])[] = [
  [{ path: chat, body: { model: 'qwen-plus', messages } }],
  [{ path: chat, body: { model: 'qwen-plus', messages, stream: true, stream_options: { include_usage: true } } }],
  [{ path: chat, body: { model: 'qwen-plus', messages, enable_thinking: true, stream: true, max_tokens: 50 } }],
  [
    { path: '/compatible-mode/v1/completions', body: { model: 'qwen-plus', prompt: 'Once upon' } },
    { path: '/compatible-mode/v1/completions', body: { model: 'qwen-plus', prompt: 'Once upon', stream: true } },
  ],
  [{ path: '/compatible-mode/v1/embeddings', body: { model: 'text-embedding-v4', input: ['a', 'b'] } }],
  [{ path: responses, body: { model: 'qwen-plus', input: 'Hello' } }],
  [{ path: responses, body: { model: 'qwen-plus', input: 'Hello', stream: true } }],
  [{ path: anthropic, body: { model: 'qwen-plus', max_tokens: 80, messages } }],
  [{ path: anthropic, body: { model: 'qwen-plus', max_tokens: 80, messages, stream: true } }],
  [{ path: text, body: native }],
  [
    {
      path: text,
      body: { ...native, parameters: { result_format: 'message', incremental_output: true } },
      headers: sse,
    },
  ],
  [{ path: multimodal, body: { model: 'qwen-vl-plus', input: { messages } } }],
  [{ method: 'GET', path: '/compatible-mode/v1/models' }],
  [{ method: 'GET', path: '/api/v1/models/limits?page_no=1&page_size=3' }],
  // These are throttled in each envelope, plain and streamed.
  [
    { path: chat, body: { model: tight, messages } },
    { path: chat, body: { model: tight, messages } },
    { path: chat, body: { model: tight, messages, stream: true } },
    { path: text, body: { ...native, model: tight } },
    { path: text, body: { ...native, model: tight }, headers: sse },
    { path: anthropic, body: { model: tight, max_tokens: 80, messages, stream: true } },
    { path: responses, body: { model: tight, input: 'Hello', stream: true } },
  ],
  ...[chat, text, anthropic, responses, '/nowhere', '/api/v1/nowhere'].flatMap((path): Ask[][] => [
    [{ path, body: '{' }],
    [{ path, body: Uint8Array.of(0x7b, 0xff, 0x7d) }],
    [{ path, body: { model: 'no-such-model', messages, input: { messages } } }],
    [{ path, body: {}, headers: { authorization: '' } }],
    [{ path, body: {}, headers: { authorization: 'Bearer sk-nobody' } }],
    [{ path, method: 'DELETE' }],
    [{ path, method: 'HEAD' }],
  ]),
]

interface Heard {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Headers that the transport adds. */
const ofTransport = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']

async function play({ provider, timeline, fetch }: StoppedSkin): Promise<readonly Heard[]> {
  const heard: Heard[] = []
  let sent = 0
  const hear = async ({ method = 'POST', path, headers, body }: Ask): Promise<Heard> => {
    const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const all = { authorization: 'Bearer sk-ratelab', 'content-type': 'application/json', ...headers }
    const response = await fetch(path, { method, headers: all, ...(bytes !== undefined && { body: bytes }) })
    const entries = [...response.headers].filter(([name]) => !ofTransport.includes(name))
    const { status } = response
    return {
      status,
      headers: Object.fromEntries(entries),
      body: Buffer.from(await response.bytes()).toString('latin1'),
    }
  }
  for (const asks of sequence) {
    const answers: Promise<Heard>[] = []
    for (const ask of asks) {
      answers.push(hear(ask))
      sent++
      await vi.waitFor(() => expect(provider.journal.entries()).toHaveLength(sent), { interval: 1, timeout: 5000 })
    }
    while (provider.inFlight > 0) timeline.advance(100)
    heard.push(...(await Promise.all(answers)))
    timeline.advance(2000)
  }
  return heard
}

const placements: readonly WireSwitches['errorPlacement'][] = ['http', 'first-frame', 'mid-stream']

describe.each(placements)('with errors placed %s', (errorPlacement) => {
  const setup: MockSetup = { wire: { errorPlacement, answerTokens: 40 } }
  const heard: Record<string, readonly Heard[]> = {}
  const journals: Record<string, readonly unknown[]> = {}
  beforeAll(async () => {
    for (const [name, make] of Object.entries(stoppedSkins)) {
      const skin = await make(setup)
      heard[name] = await play(skin)
      journals[name] = skin.provider.journal.entries()
      await skin.end?.()
      skin.timeline.stop()
    }
  }, 60_000)

  test('the sequence has every kind of answer', () => {
    const statuses = new Set(heard.HTTP!.map(({ status }) => status))
    expect([...statuses].sort()).toEqual([200, 400, 401, 404, 405, 429])
    expect(
      heard.HTTP!.filter(({ headers }) => headers['content-type']?.startsWith('text/event-stream')).length,
    ).toBeGreaterThan(5)
  })

  test.each(['fetch', 'msw'])('%s gives the same bytes as HTTP', (name) => {
    expect(heard[name]).toEqual(heard.HTTP)
  })

  test.each(['fetch', 'msw'])('%s has the same decisions as HTTP', (name) => {
    expect(journals[name]).toEqual(journals.HTTP)
  })
})
