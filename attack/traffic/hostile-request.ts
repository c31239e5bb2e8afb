import fc from 'fast-check'
import type { WireRequest } from '../../sim/ratelab-mock.ts'

const chat = '/compatible-mode/v1/chat/completions'
const text = '/api/v1/services/aigc/text-generation/generation'

const messages = [
  { role: 'system', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'Hello' },
      { type: 'image_url', image_url: { url: 'data:x' } },
    ],
  },
]
const tools = [{ type: 'function', function: { name: 'look', description: 'x', parameters: { type: 'object' } } }]
const parameters = { result_format: 'message', incremental_output: true, max_tokens: 9, n: 1, seed: 1, tools }

/** A correct body for each path, into which faults are put. */
export const correctBodies: Readonly<Record<string, object>> = {
  [chat]: {
    model: 'qwen-plus',
    messages,
    stream: false,
    stream_options: { include_usage: true },
    max_tokens: 9,
    n: 1,
    temperature: 0.5,
    tools,
    tool_choice: 'auto',
    enable_thinking: false,
    stop: ['x'],
  },
  '/compatible-mode/v1/completions': { model: 'qwen-plus', prompt: 'Once', stream: false, max_tokens: 9, n: 1 },
  '/compatible-mode/v1/embeddings': { model: 'text-embedding-v4', input: ['a', 'b'], dimensions: 64 },
  '/compatible-mode/v1/responses': {
    model: 'qwen-plus',
    input: [{ role: 'user', content: [{ type: 'input_text', text: 'Hello' }] }],
    instructions: 'x',
    stream: false,
    max_output_tokens: 20,
    tools: [{ type: 'function', name: 'look', parameters: {} }],
  },
  '/apps/anthropic/v1/messages': {
    model: 'qwen-plus',
    max_tokens: 9,
    system: [{ type: 'text', text: 'x' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    stream: false,
    tools: [{ name: 'look', input_schema: { type: 'object' } }],
    thinking: { type: 'enabled', budget_tokens: 5 },
  },
  [text]: { model: 'qwen-plus', input: { messages }, parameters },
  '/api/v1/services/aigc/multimodal-generation/generation': {
    model: 'qwen-vl-plus',
    input: { messages: [{ role: 'user', content: [{ image: 'x' }, { text: 'Hello' }] }] },
    parameters,
  },
  '/api/v1/models/limits': { model: 'qwen-plus', limits: [{ type: 'rpm', limit: 10 }], workspace_id: 'x' },
}

const prototypes = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']

const nests = (open: string, close: string, depth: number) => `${open.repeat(depth)}${close.repeat(depth)}`

const schemaOf = (schema: object) => JSON.stringify({ type: 'json_schema', json_schema: { schema } })

/** JSON texts that are deep or long, or that ask for a deep or long answer. They are few, since each takes long to be read. */
const huge: fc.Arbitrary<string> = fc.constantFrom(
  nests('[', ']', 150),
  nests('{"a":', '}', 150).replace(':}', ':1}'),
  nests('[', ']', 20_000),
  `[${'{},'.repeat(60_000)}0]`,
  `[${'"a",'.repeat(5000)}""]`,
  JSON.stringify('[{"\\'.repeat(50_000)),
  schemaOf({ properties: { a: { type: 'string', minLength: 90_000 } } }),
  schemaOf({ properties: { a: { type: 'array', minItems: 1e9, items: {} } } }),
  schemaOf({ properties: { a: { const: 1 } } }).replace('"const":1', `"const":${nests('[', ']', 180)}`),
)

/** JSON texts that are put in the place of other values. */
const nasty: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      '-1',
      '0',
      '1e9',
      '1e308',
      '1e999',
      '-0',
      '0.5',
      '9007199254740993',
      'null',
      'true',
      '""',
      '[]',
      '{}',
      '[null]',
    ],
    ...['"\\ud800"', '"\\u0000"', '"__proto__"', '[[]]', '[{}]', '{"role":1}', '[1,2,3]', '"true"', '"stream"', '[""]'],
    ...prototypes.map((name) => `{${JSON.stringify(name)}:{"polluted":true}}`),
    ...prototypes.map((name) => JSON.stringify(name)),
    nests('[', ']', 500),
    nests('{"a":', '}', 500).replace(':}', ':1}'),
    `[${'0,'.repeat(999)}0]`,
    JSON.stringify('x'.repeat(20_000)),
  ),
  fc.json({ maxDepth: 2 }),
)

const fault = fc.oneof({ weight: 400, arbitrary: nasty }, { weight: 1, arbitrary: huge })

/** The paths of all values within a JSON value, beginning with the whole. */
export function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([name, each]) => placesOf(each, [...path, name]))]
}

/** The JSON of a value in which one place is replaced by any text, or has a further field. */
export function spoilt(value: unknown, at: readonly string[], by: string, extra?: string): string {
  const [name, ...rest] = at
  if (name === undefined) {
    if (extra === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return by
    return `${JSON.stringify(value).slice(0, -1)}${Object.keys(value).length > 0 ? ',' : ''}${JSON.stringify(extra)}:${by}}`
  }
  const parts = Object.entries(value as object).map(([key, each]) => {
    const json = key === name ? spoilt(each, rest, by, extra) : JSON.stringify(each)
    return Array.isArray(value) ? json : `${JSON.stringify(key)}:${json}`
  })
  return Array.isArray(value) ? `[${parts.join(',')}]` : `{${parts.join(',')}}`
}

const places = new Map(Object.entries(correctBodies).map(([path, body]) => [path, placesOf(body)]))
const known = ['stream', 'model', 'n', 'max_tokens', 'response_format', 'stop', 'tool_choice', 'metadata', 'x']
const extras = [undefined, undefined, ...prototypes, ...known]

/** Correct bodies in which this JSON text replaces one value, each with its path and the place of the value. */
export function bodiesWith(by: string): readonly (readonly [path: string, place: string, body: string])[] {
  return [...places].flatMap(([path, all]) =>
    all.map((place) => [path, place.join('.'), spoilt(correctBodies[path], place, by)] as const),
  )
}

/** Correct bodies to which a field of this name is added, each with its path and the place of the field. */
export function bodiesWithField(name: string): readonly (readonly [path: string, place: string, body: string])[] {
  return [...places].flatMap(([path, all]) =>
    all.map((place) => [path, place.join('.'), spoilt(correctBodies[path], place, '1', name)] as const),
  )
}

/** A correct body with a fault in it, as text. */
function bodyFor(path: string): fc.Arbitrary<string> {
  const body = correctBodies[path] ?? correctBodies[chat]!
  const all = places.get(path) ?? places.get(chat)!
  const once = fc
    .tuple(fc.nat({ max: all.length - 1 }), fault, fc.constantFrom(...extras), fc.boolean())
    .map(([place, by, extra, streams]) => spoilt(streams ? { ...body, stream: true } : body, all[place]!, by, extra))
  const json = JSON.stringify(body)
  return fc.oneof(
    { weight: 8, arbitrary: once },
    { weight: 1, arbitrary: fc.nat({ max: json.length }).map((length) => json.slice(0, length)) },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.string(), fc.json(), fc.constantFrom('', 'null', '[]', '"x"', '1', '\ufeff{}')),
    },
    { weight: 1, arbitrary: fc.constant(json) },
  )
}

const keys = fc.constantFrom(
  ...Array<string>(100).fill('Bearer sk-ratelab'),
  ...['', 'Bearer', 'Bearer ', 'bearer sk-ratelab', 'Basic sk-ratelab', 'Bearer sk-nobody', 'sk-ratelab'],
  ...prototypes.map((name) => `Bearer ${name}`),
  `Bearer ${'x'.repeat(5000)}`,
)

/** The headers beside `authorization` that a hostile request may have. */
export const oddHeaderNames = [
  'x-dashscope-sse',
  'x-dashscope-wait-timeout',
  'x-dashscope-workspace',
  'x-api-key',
  'accept',
] as const

const oddHeaders = fc.dictionary(
  fc.constantFrom(...oddHeaderNames),
  fc.constantFrom(
    'enable',
    'text/event-stream',
    '',
    '-1',
    '0',
    '3',
    '1e9',
    'NaN',
    '0x10',
    '99999999999',
    '__proto__',
    '1,2',
  ),
  { maxKeys: 2, noNullPrototype: true },
)

const paths = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...Object.keys(correctBodies)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        '/',
        '',
        '//',
        '/__proto__',
        '/constructor',
        '/compatible-mode/v1/models',
        '/compatible-mode/v1/models/__proto__',
      ],
      ...['/compatible-mode/v1/models/qwen-plus', '/compatible-mode/v1/models/%E0%A4%A', '/api/v1/models/limits/'],
      ...[`${chat}/`, chat.toUpperCase(), `${chat}%00`, '/api/v1/x', '/apps/anthropic/v1/models', '/api/v1/quotas'],
    ),
  },
)

const methods = fc.constantFrom(...Array<string>(60).fill('POST'), 'GET', 'PUT', 'HEAD', 'OPTIONS', 'toString', '')

const queries = fc.constantFrom(
  ...[
    '',
    '',
    '',
    'a=b',
    'page_no=-1',
    'page_no=1e9&page_size=1e9',
    '%',
    'page_no=NaN&page_no=2',
    '__proto__=1',
    '&&=&',
  ],
)

/** Requests as a hostile or faulty client may send them. */
export const hostileRequests: fc.Arbitrary<WireRequest> = paths.chain((path) =>
  fc.tuple(methods, queries, keys, oddHeaders, bodyFor(path)).map(([method, query, authorization, odd, body]) => {
    const headers: Readonly<Record<string, string>> = { ...odd, ...(authorization !== '' && { authorization }) }
    return {
      method,
      path,
      query,
      body,
      header: (name: string) => (Object.hasOwn(headers, name) ? headers[name] : undefined),
    }
  }),
)
