import { describe, expect, test } from 'vitest'
import { chatPath, protocolRig } from '../wire/protocols/protocol-rig.ts'

const chat = { model: 'qwen-plus', messages: [{ role: 'user', content: 'json' }] }
const long = { properties: { a: { type: 'string', minLength: 90_000 } } }
const answering = (schema: object) => ({ response_format: { type: 'json_schema', json_schema: { schema } } })
const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels))
const tool = (name: string) => ({ type: 'function', function: { name } })
const native = '/api/v1/services/aigc/text-generation/generation'
const embeddings = '/compatible-mode/v1/embeddings'
const responses = '/compatible-mode/v1/responses'
const anthropic = '/apps/anthropic/v1/messages'

const streaming = { 'x-dashscope-sse': 'enable' }
const nativeBody = (parameters: object) => ({ model: 'qwen-plus', input: { messages: chat.messages }, parameters })

describe('a request that asks for more than one may', () => {
  test.each<[string, string, string, object]>([
    [
      'four long answers in a stream',
      'its answer would have some',
      chatPath,
      { ...chat, ...answering(long), stream: true, n: 4 },
    ],
    [
      'a long stream that repeats its text',
      'its answer would have some',
      native,
      nativeBody({ incremental_output: false, ...answering(long) }),
    ],
    [
      'a constant nested deep',
      'the body nests deeper than 200 levels',
      chatPath,
      { ...chat, ...answering({ const: nested(1000) }) },
    ],
    ['tools nested deep', 'the body nests deeper than 200 levels', chatPath, { ...chat, tools: nested(1000) }],
    [
      'metadata nested deep',
      'the body nests deeper than 200 levels',
      responses,
      { ...chat, input: 'a', metadata: nested(1000) },
    ],
    [
      'an input nested deep',
      'the body nests deeper than 200 levels',
      anthropic,
      { ...chat, max_tokens: 9, system: nested(201) },
    ],
    [
      'many messages',
      'the body has more than 50,000 values',
      chatPath,
      { ...chat, messages: Array(60_000).fill(chat.messages[0]) },
    ],
    ['many tools', 'the body has more than 50,000 values', chatPath, { ...chat, tools: Array(60_000).fill(tool('a')) }],
    ['limits nested deep', 'the body nests deeper than 200 levels', '/api/v1/models/limits', { models: nested(1000) }],
    [
      'a long answer',
      'a JSON Schema asks for more than 200,000 characters',
      chatPath,
      { ...chat, ...answering({ properties: { a: { minLength: 1e6 } } }) },
    ],
    [
      'long stop words',
      'the stop words have more than 10,000 characters',
      chatPath,
      { ...chat, stop: Array(400).fill('text '.repeat(50)) },
    ],
    [
      'a long stop word',
      'the stop words have more than 10,000 characters',
      native,
      nativeBody({ stop: 'a'.repeat(10_001) }),
    ],
    [
      'long stop sequences',
      'the stop words have more than 10,000 characters',
      anthropic,
      { ...chat, max_tokens: 9, stop_sequences: ['a'.repeat(10_001)] },
    ],
    [
      'a long name of a tool',
      'a tool has a name of more than 200 characters',
      chatPath,
      { ...chat, tools: [tool('a'.repeat(201))] },
    ],
    [
      'long texts to embed',
      'the texts have more than 327,680 characters',
      embeddings,
      { model: 'text-embedding-v4', input: Array(10).fill('a b '.repeat(8193)) },
    ],
  ])('is refused: %s', async (_, why, path, body) => {
    const { ask, mock } = protocolRig({ profile: 'cn-beijing' })
    const { status, text, record } = await ask({ path, headers: streaming, body })
    expect([status, record.error]).toEqual([400, 'too-much-work'])
    const { error, message = error.message } = JSON.parse(text)
    expect(message).toContain(`The request asks for more than ratelab does for one request: ${why}`)
    expect(mock.inFlight).toBe(0)
  })
})

test('a constant that nests 5,000 levels deep, which JSON.stringify could not write, is refused', async () => {
  const body = JSON.stringify({ ...chat, ...answering({ properties: { a: { const: 'deep' } } }) })
  const deep = '['.repeat(5000) + ']'.repeat(5000)
  const { record } = await protocolRig().ask({ path: chatPath, body: body.replace('"deep"', deep) })
  expect(record.error).toBe('too-much-work')
})

describe('a request of a usual size is answered', () => {
  test.each<[string, string, object]>([
    ['a long answer', chatPath, { ...chat, ...answering(long), n: 4 }],
    ['a long answer in a stream', chatPath, { ...chat, ...answering(long), stream: true }],
    [
      'a stream that repeats its text',
      native,
      nativeBody({ incremental_output: false, ...answering({ properties: { a: { minLength: 10_000 } } }) }),
    ],
    ['a schema of 60 levels', chatPath, { ...chat, tools: [{ ...tool('a'), x: nested(60) }] }],
    ['1,000 stop words', chatPath, { ...chat, stop: Array.from({ length: 1000 }, (_, i) => `${i}`) }],
    ['5,000 messages', chatPath, { ...chat, messages: Array(5000).fill(chat.messages[0]) }],
    ['texts of 8,192 tokens', embeddings, { model: 'text-embedding-v4', input: Array(10).fill('abc '.repeat(8192)) }],
    ['a prompt of a megabyte', chatPath, { ...chat, messages: [{ role: 'user', content: 'why '.repeat(250_000) }] }],
  ])('%s', async (_, path, body) => {
    const { ask } = protocolRig({ profile: 'cn-beijing', limits: { 'qwen-plus': [], 'text-embedding-v4': [] } })
    expect((await ask({ path, headers: streaming, body })).status).toBe(200)
  })
})

test('a single answer in prose is as long as the switches say', async () => {
  const wire = { answerTokens: 60_000, answerSpread: 0, maxTokens: 60_000, frameTokens: 1 }
  const { ask } = protocolRig({ profile: 'cn-beijing', limits: { 'qwen-plus': [] }, wire })
  expect((await ask({ path: chatPath, body: { ...chat, stream: true } })).status).toBe(200)
  expect((await ask({ path: chatPath, body: { ...chat, stream: true, n: 2 } })).record.error).toBe('too-much-work')
})

test('a tool is repeated by the Responses protocol as it is, unless it is very long', async () => {
  const ask = async (description: string) => {
    const tools = [{ type: 'function', name: 'look', description, parameters: { type: 'object' } }]
    const { text } = await protocolRig().ask({ path: responses, body: { ...chat, input: 'a', tools } })
    return { sent: tools, echoed: JSON.parse(text).tools }
  }
  const usual = await ask('x'.repeat(30_000))
  expect(usual.echoed).toEqual(usual.sent)
  expect((await ask('x'.repeat(100_000))).echoed).toEqual([])
})
