import type { Random } from '../../src/ratelab.ts'
import { chatAddress, chatOf, requestBytes } from '../traffic/requests.ts'
import type { Input } from './send-all.ts'

/** A `response_format` that demands JSON of this schema. */
function formatOf(schema: object): object {
  return { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } }
}

/** A schema in which each definition refers twice to the next, so that an instance has 2 to this power of parts. */
function doubling(levels: number): object {
  const next = (level: number) => ({ $ref: `#/$defs/d${level}` })
  const pair = (level: number) => ({
    type: 'object',
    properties: { a: next(level), b: next(level) },
    required: ['a', 'b'],
  })
  const definitions = Array.from({ length: levels }, (_, i) => [
    `d${i}`,
    i + 1 < levels ? pair(i + 1) : { type: 'string' },
  ])
  return { ...pair(0), $defs: Object.fromEntries(definitions) }
}

/** A schema of an object whose one property is this. */
const having = (property: object) => ({ type: 'object', properties: { a: property }, required: ['a'] })

const longText = 'Why is the sky blue? '.repeat(50_000)
const manyTexts = Array.from({ length: 20_000 }, () => 'Hello there')
const manyTools = Array.from({ length: 20_000 }, (_, i) => ({
  type: 'function',
  function: { name: `f${i}`, description: 'x', parameters: { type: 'object', properties: {} } },
}))
const native = (fields: object) => ({
  model: 'qwen-plus',
  input: { messages: [{ role: 'user', content: 'x' }] },
  ...fields,
})

/** The fields of a chat request that cost much, in words. */
const chats: Readonly<Record<string, object>> = {
  'four streams of 90,000 characters': {
    stream: true,
    n: 4,
    response_format: formatOf(having({ type: 'string', minLength: 90_000 })),
  },
  'a text of a billion characters': { response_format: formatOf(having({ type: 'string', minLength: 1e9 })) },
  'a stream of a list of a million items': {
    stream: true,
    response_format: formatOf(having({ type: 'array', items: { type: 'string' }, minItems: 1e6 })),
  },
  '12 definitions that double': { response_format: formatOf(doubling(12)) },
  '40 definitions that double': { response_format: formatOf(doubling(40)) },
  'a definition that refers to itself': {
    response_format: formatOf({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }),
  },
  'a definition that holds itself': {
    response_format: formatOf({ $ref: '#/$defs/a', $defs: { a: having({ $ref: '#/$defs/a' }) } }),
  },
  'a constant of 1 MB, 50 times': {
    stream: true,
    response_format: formatOf({ type: 'array', items: { const: longText }, minItems: 50 }),
  },
  'a list of 100,000 constants': { response_format: formatOf({ enum: Array.from({ length: 100_000 }, (_, i) => i) }) },
  '20,000 properties': {
    response_format: formatOf({
      type: 'object',
      properties: Object.fromEntries(manyTexts.map((_, i) => [`p${i}`, { type: 'string' }])),
      required: manyTexts.map((_, i) => `p${i}`),
    }),
  },
  'a pattern that backtracks': { response_format: formatOf(having({ type: 'string', pattern: '^(a+)+$' })) },
  '1,000 stop words': { stream: true, stop: Array.from({ length: 1000 }, (_, i) => `stop${i}`), max_tokens: 30_000 },
  'a stop word of 1 MB': { stream: true, stop: longText, max_tokens: 30_000 },
  'an answer of 32,768 tokens in a stream': { stream: true, max_tokens: 32_768 },
  'an answer of a billion tokens': { stream: true, max_tokens: 1e9 },
  '20,000 messages': { messages: manyTexts.map((content) => ({ role: 'user', content })) },
  '20,000 parts of a message': {
    messages: [{ role: 'user', content: manyTexts.map((text) => ({ type: 'text', text })) }],
  },
  '20,000 tools': { tools: manyTools },
  'a prompt of 15 MB': { messages: [{ role: 'user', content: longText.repeat(14) }] },
  'a prompt of 15 MB of digits': { messages: [{ role: 'user', content: '7'.repeat(15e6) }] },
  'a prompt of 3 MB of Chinese': { messages: [{ role: 'user', content: '天空为什么是蓝色的'.repeat(110_000) }] },
  'a prompt of escapes': { messages: [{ role: 'user', content: '\u0001\n"\\'.repeat(300_000) }] },
  'a model of 1 MB': { model: longText },
  'a role of 1 MB': { messages: [{ role: longText, content: 'x' }] },
}

/** Requests of the other protocols that cost much: the path, and the body. */
const others: Readonly<Record<string, readonly [string, object]>> = {
  'embeddings of 20,000 texts': [
    '/compatible-mode/v1/embeddings',
    { model: 'text-embedding-v4', input: manyTexts, dimensions: 2048 },
  ],
  'an embedding of 1 MB': ['/compatible-mode/v1/embeddings', { model: 'text-embedding-v4', input: longText }],
  'a native stream that repeats what it said': [
    '/api/v1/services/aigc/text-generation/generation',
    native({ stream: true, parameters: { result_format: 'message', incremental_output: false, max_tokens: 32_768 } }),
  ],
  'a Responses stream of 32,768 tokens': [
    '/compatible-mode/v1/responses',
    { model: 'qwen-plus', input: 'x', stream: true, max_output_tokens: 32_768 },
  ],
  'Responses with a text of 90,000 characters': [
    '/compatible-mode/v1/responses',
    {
      model: 'qwen-plus',
      input: 'x',
      stream: true,
      text: { format: { type: 'json_schema', name: 'x', schema: having({ type: 'string', minLength: 90_000 }) } },
    },
  ],
  'Responses with 20,000 items': [
    '/compatible-mode/v1/responses',
    { model: 'qwen-plus', input: manyTexts.map((content) => ({ role: 'user', content })) },
  ],
  'Anthropic with 20,000 blocks': [
    '/apps/anthropic/v1/messages',
    {
      model: 'qwen-plus',
      max_tokens: 9,
      messages: [{ role: 'user', content: manyTexts.map((text) => ({ type: 'text', text })) }],
    },
  ],
  'an Anthropic stream of 32,768 tokens': [
    '/apps/anthropic/v1/messages',
    { model: 'qwen-plus', max_tokens: 32_768, stream: true, messages: [{ role: 'user', content: 'x' }] },
  ],
}

/** The requests that are known to cost a server much for what they cost their sender. */
export function costlyRequests(): Input[] {
  return [
    ...Object.entries(chats).map(([what, fields]) => inputOf(what, chatAddress, chatOf(fields))),
    ...Object.entries(others).map(([what, [path, body]]) => inputOf(what, path, JSON.stringify(body))),
  ]
}

/** Chat requests with schemas, lengths and streams drawn by chance, without end. */
export function* randomCostlyRequests(random: Random): Generator<Input> {
  for (;;) {
    const fields = {
      stream: random.next() < 0.7,
      n: 1 + below(4, random),
      stop: Array.from({ length: below(5, random) }, () => 'e'.repeat(1 + below(3, random))),
      ...(random.next() < 0.3 && { max_tokens: 10 ** below(6, random) }),
      response_format: formatOf(having(randomSchema(random, 6))),
    }
    const body = chatOf(fields)
    yield inputOf(body.slice(0, 1000), chatAddress, body)
  }
}

/** A schema that nests at most `depth` levels, whose sizes are powers of ten. */
function randomSchema(random: Random, depth: number): object {
  const size = () => 10 ** below(6, random)
  const kind = depth === 0 ? below(3, random) : below(7, random)
  if (kind === 0) return { type: 'string', minLength: size() }
  if (kind === 1) return { enum: ['x'.repeat(size())] }
  if (kind === 2) return { type: 'integer', minimum: size() }
  const inner = randomSchema(random, depth - 1)
  if (kind === 3) return { type: 'array', items: inner, minItems: size() }
  if (kind === 4) return { anyOf: [inner, randomSchema(random, depth - 1)] }
  if (kind === 5) return { allOf: [inner, randomSchema(random, depth - 1)] }
  return { type: 'object', properties: { a: inner, b: inner }, required: ['a', 'b'] }
}

/** A whole number from 0 to `end`, without `end`. */
function below(end: number, random: Random): number {
  return Math.floor(end * random.next())
}

function inputOf(what: string, path: string, body: string): Input {
  return { what, path, bytes: requestBytes(path, body) }
}
