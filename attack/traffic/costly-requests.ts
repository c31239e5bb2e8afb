import { chatAddress, chatOf } from './requests.ts'

/** A `response_format` that demands JSON of this schema. */
export function schemaFormat(schema: object): object {
  return { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } }
}

/** A schema of an object whose one property is this. */
export const having = (property: object) => ({ type: 'object', properties: { a: property }, required: ['a'] })

/** A schema of an object with a text of this length. */
const textOf = (minLength: number) => having({ type: 'string', minLength })

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

/** A list whose many items refer to an object with many fields. */
function manyFields(): object {
  const wide = Object.fromEntries(Array.from({ length: 190_000 }, (_, i) => [`f${i}`, 0]))
  const list = { type: 'array', minItems: 10_000, items: { $ref: '#/$defs/wide' } }
  return { ...having(list), $defs: { wide: { ...wide, type: 'null' } } }
}

/** Nearly the longest body that a server reads, bytes. */
const longest = 19_000_000
const longText = 'Why is the sky blue? '.repeat(50_000)
const manyTexts = Array.from({ length: 20_000 }, () => 'Hello there')
/** Words that agree with most of an answer, and differ from it only at their beginning. */
const stopWords = (length: number) =>
  Array.from({ length: 400 }, (_, i) => `${i}${' text'.repeat(5000)}`.slice(0, length))

const answering = (schema: object, fields: object = {}) => chatOf({ ...fields, response_format: schemaFormat(schema) })
const saying = (content: unknown) => chatOf({ messages: [{ role: 'user', content }] })
const withTools = (count: number) =>
  chatOf({
    tools: Array.from({ length: count }, (_, i) => ({
      type: 'function',
      function: { name: `f${i}`, description: 'x', parameters: { type: 'object', properties: {} } },
    })),
  })

/** Chat requests that cost much, in words. */
const chats: Readonly<Record<string, () => string>> = {
  'an ordinary chat': () => chatOf(),
  'four streams of 90,000 characters': () => answering(textOf(90_000), { stream: true, n: 4 }),
  'four streams, as long as they may be': () => answering(textOf(34_000), { stream: true, n: 4 }),
  'a text of a billion characters': () => answering(textOf(1e9)),
  'a stream of a list of a million items': () =>
    answering(having({ type: 'array', items: { type: 'string' }, minItems: 1e6 }), { stream: true }),
  '12 definitions that double': () => answering(doubling(12)),
  '40 definitions that double': () => answering(doubling(40)),
  'a definition that refers to itself': () => answering({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }),
  'a definition that holds itself': () => answering({ $ref: '#/$defs/a', $defs: { a: having({ $ref: '#/$defs/a' }) } }),
  'references to 190,000 fields': () => answering(manyFields()),
  'a long reference, often': () =>
    answering(having({ type: 'array', minItems: 10_000, items: { $ref: `#${'/a'.repeat(1_000_000)}` } })),
  'a constant of 1 MB, 50 times': () =>
    answering({ type: 'array', items: { const: longText }, minItems: 50 }, { stream: true }),
  'a constant nested 5,000 levels deep': () =>
    answering(having({ const: 0 })).replace('"const":0', `"const":${'['.repeat(5000)}${']'.repeat(5000)}`),
  'a list of 100,000 constants': () => answering({ enum: Array.from({ length: 100_000 }, (_, i) => i) }),
  '20,000 properties': () =>
    answering({
      type: 'object',
      properties: Object.fromEntries(manyTexts.map((_, i) => [`p${i}`, { type: 'string' }])),
      required: manyTexts.map((_, i) => `p${i}`),
    }),
  'a pattern that backtracks': () => answering(having({ type: 'string', pattern: '^(a+)+$' })),
  '1,000 stop words': () =>
    chatOf({ stream: true, stop: Array.from({ length: 1000 }, (_, i) => `stop${i}`), max_tokens: 30_000 }),
  '400 long stop words': () => answering(textOf(90_000), { stop: stopWords(25_000), n: 4 }),
  'stop words as long as they may be': () => answering(textOf(90_000), { stop: stopWords(25), n: 4 }),
  'a stop word of 1 MB': () => chatOf({ stream: true, stop: longText, max_tokens: 30_000 }),
  'an answer of 32,768 tokens in a stream': () => chatOf({ stream: true, max_tokens: 32_768 }),
  'an answer of a billion tokens': () => chatOf({ stream: true, max_tokens: 1e9 }),
  '20,000 messages': () => chatOf({ messages: manyTexts.map((content) => ({ role: 'user', content })) }),
  '6,000,000 messages': () => `{"model":"qwen-plus","messages":[${'{},'.repeat(6_000_000)}{}]}`,
  '20,000 parts of a message': () => saying(manyTexts.map((text) => ({ type: 'text', text }))),
  '20,000 tools': () => withTools(20_000),
  '100,000 tools': () => withTools(100_000),
  '45,000 fields': () => chatOf(Object.fromEntries(Array.from({ length: 45_000 }, (_, i) => [`f${i}`, 0]))),
  'a body nested 9,000,000 levels deep': () => '['.repeat(9_000_000) + ']'.repeat(9_000_000),
  'a prompt of 19 MB': () => saying('why? '.repeat(longest / 5)),
  'a prompt of 19 MB of digits': () => saying('7'.repeat(longest)),
  'a prompt of 19 MB of Chinese': () => saying('为什么？'.repeat(longest / 12)),
  'a prompt of 19 MB of emoji': () => saying('😀'.repeat(longest / 4)),
  'a prompt of 19 MB of mixed letters': () => saying('héllo '.repeat(longest / 7)),
  'a prompt of 19 MB of escapes': () => saying('\\"'.repeat(longest / 4)),
  'a prompt of as many escapes as may be': () => saying('"'.repeat(1_000_000)),
  'a model of 19 MB': () => chatOf({ model: 'm'.repeat(longest) }),
  'a role of 1 MB': () => chatOf({ messages: [{ role: longText, content: 'x' }] }),
}

/** A stream of the native protocol whose frames each have all the text so far. */
const repeating = (parameters: object) => ({
  model: 'qwen-plus',
  stream: true,
  input: { messages: [{ role: 'user', content: 'json' }] },
  parameters: { result_format: 'message', incremental_output: false, ...parameters },
})
const native = '/api/v1/services/aigc/text-generation/generation'
const embeddings = '/compatible-mode/v1/embeddings'
const responses = '/compatible-mode/v1/responses'
const anthropic = '/apps/anthropic/v1/messages'
const embedding = (input: unknown) => ({ model: 'text-embedding-v4', input, dimensions: 2048 })

/** Requests of the other protocols that cost much: the path, and the body. */
const others: Readonly<Record<string, readonly [path: string, body: () => object]>> = {
  'embeddings of 20,000 texts': [embeddings, () => embedding(manyTexts)],
  'an embedding of 1 MB': [embeddings, () => embedding(longText)],
  'embeddings of 19 MB': [embeddings, () => embedding(Array(10).fill('a b '.repeat(475_000)))],
  'embeddings as long as they may be': [embeddings, () => embedding(Array(10).fill('a b '.repeat(8192)))],
  'a native stream of 32,768 tokens that repeats its text': [native, () => repeating({ max_tokens: 32_768 })],
  'a native stream of 90,000 characters that repeats its text': [
    native,
    () => repeating({ response_format: schemaFormat(textOf(90_000)) }),
  ],
  'the same, as long as it may be': [native, () => repeating({ response_format: schemaFormat(textOf(16_000)) })],
  'a Responses stream of 32,768 tokens': [
    responses,
    () => ({ model: 'qwen-plus', input: 'x', stream: true, max_output_tokens: 32_768 }),
  ],
  'Responses with a text of 90,000 characters': [
    responses,
    () => ({
      model: 'qwen-plus',
      input: 'x',
      stream: true,
      text: { format: { type: 'json_schema', name: 'x', schema: textOf(90_000) } },
    }),
  ],
  'Responses with 20,000 items': [
    responses,
    () => ({ model: 'qwen-plus', input: manyTexts.map((content) => ({ role: 'user', content })) }),
  ],
  'Responses with instructions of 19 MB': [
    responses,
    () => ({ model: 'qwen-plus', input: 'x', stream: true, instructions: 'i'.repeat(longest) }),
  ],
  'Anthropic with 20,000 blocks': [
    anthropic,
    () => ({
      model: 'qwen-plus',
      max_tokens: 9,
      messages: [{ role: 'user', content: manyTexts.map((text) => ({ type: 'text', text })) }],
    }),
  ],
  'an Anthropic stream of 32,768 tokens': [
    anthropic,
    () => ({ model: 'qwen-plus', max_tokens: 32_768, stream: true, messages: [{ role: 'user', content: 'x' }] }),
  ],
}

/** One request, in words and as text. */
export interface CostlyRequest {
  readonly what: string
  readonly path: string
  readonly body: string
}

/** The requests that are known to cost a server much for what they cost their sender. Each is made when it is asked for, since many are long. */
export function* costlyRequests(): Generator<CostlyRequest> {
  for (const [what, body] of Object.entries(chats)) yield { what, path: chatAddress, body: body() }
  for (const [what, [path, body]] of Object.entries(others)) yield { what, path, body: JSON.stringify(body()) }
}
