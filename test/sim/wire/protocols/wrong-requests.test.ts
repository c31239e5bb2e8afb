import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { chatPath, protocolRig } from './protocol-rig.ts'

const messages = [{ role: 'user', content: 'Say hello' }]
const prefix = '<400> InternalError.Algo.InvalidParameter: '

async function refusal(fields: object): Promise<string> {
  const { status, text, headers } = await protocolRig().ask({
    path: chatPath,
    body: { model: 'qwen-plus', messages, ...fields },
  })
  const { error, request_id } = JSON.parse(text)
  expect({ status, request_id }).toEqual({ status: 400, request_id: headers['x-request-id'] })
  expect(error).toMatchObject({ code: 'invalid_parameter_error', type: 'invalid_request_error', param: null })
  return error.message
}

describe('a parameter out of its range gives an error with the service’s message', () => {
  test.each([
    [{ temperature: 2 }, 'Temperature should be in [0.0, 2.0)'],
    [{ temperature: -0.1 }, 'Temperature should be in [0.0, 2.0)'],
    [{ temperature: '1' }, "'temperature' must be Float"],
    [{ top_p: 0 }, 'Range of top_p should be (0.0, 1.0]'],
    [{ top_p: [] }, "'top_p' must be Float"],
    [{ top_k: -1 }, 'Parameter top_k be greater than or equal to 0'],
    [{ repetition_penalty: 0 }, 'Repetition_penalty should be greater than 0.0'],
    [{ presence_penalty: 2.1 }, 'Presence_penalty should be in [-2.0, 2.0]'],
    [{ seed: -1 }, 'Range of seed should be [0, 9223372036854775807]'],
    [{ seed: 1.5 }, 'Range of seed should be [0, 9223372036854775807]'],
    [{ n: 0 }, 'Range of n should be [1, 4]'],
    [{ n: 5 }, 'Range of n should be [1, 4]'],
    [{ n: 1e9 }, 'Range of n should be [1, 4]'],
    [{ n: {} }, 'Range of n should be [1, 4]'],
    [{ max_tokens: -1 }, 'Range of max_tokens should be [1, 1000000]'],
    [{ max_tokens: 1e300 }, 'Range of max_tokens should be [1, 1000000]'],
    [{ max_completion_tokens: 0 }, 'Range of max_completion_tokens should be [1, 1000000]'],
    [{ thinking_budget: 0 }, 'The thinking_budget parameter must be a positive integer and not greater than 81920'],
    [{ stream: 'yes' }, `'stream' must be Bool, got "yes"`],
    [{ enable_thinking: 1 }, "'enable_thinking' must be Bool, got 1"],
    [
      { model: 'qwen3-235b-a22b-thinking-2507', enable_thinking: false },
      'The value of the enable_thinking parameter is restricted to True.',
    ],
    [{ stream_options: true }, "'stream_options' must be an object, got true"],
    [
      { response_format: 'json' },
      "Unknown format of response_format, response_format should be a dict, includes 'type' and an optional key 'json_schema'. The response_format type from user is string.",
    ],
    [
      { response_format: { type: 'yaml' } },
      "Unknown format of response_format, response_format should be a dict, includes 'type' and an optional key 'json_schema'. The response_format type from user is yaml.",
    ],
    [
      { response_format: { type: 'json_object' } },
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    ],
    [
      {
        response_format: { type: 'json_object' },
        enable_thinking: true,
        messages: [{ role: 'user', content: 'JSON please' }],
      },
      'Json mode response is not supported when enable_thinking is true',
    ],
    [{ tools: [] }, "[] is too short - 'tools'"],
    [{ tools: {} }, "'tools' must be a list, got an object"],
    [{ tools: [{ function: {} }] }, "'tools.0.function.name' must be a text that is not empty"],
    [{ tools: [{ function: { name: 'search' } }] }, 'Tool names are not allowed to be [search]'],
    [{ tool_choice: 'required' }, 'tool_choice is one of the strings that should be ["none", "auto"]'],
    [
      { tools: [{ function: { name: 'a' } }], tool_choice: { function: { name: 'constructor' } } },
      `'tool_choice' names a tool that 'tools' lacks: "constructor"`,
    ],
    [{ messages: [] }, "[] is too short - 'messages'"],
    [{ messages: {} }, "[] is too short - 'messages'"],
    [{ messages: [null] }, "'messages.0' must be an object, got null"],
    [
      { messages: [{ role: 'constructor', content: 'a' }] },
      `"constructor" is not one of ['system', 'developer', 'user', 'assistant', 'tool', 'function'] - 'messages.0.role'`,
    ],
    [{ messages: [{ role: 'user' }] }, 'The content field is a required field.'],
    [{ messages: [{ role: 'user', content: 7 }] }, 'Input should be a valid string: input.messages.0.content'],
    [
      { messages: [{ role: 'user', content: [7] }] },
      'The provided messages input is invalid. The error info is [Unexpected item type in content]',
    ],
    [
      { messages: [{ role: 'user', content: ['a'] }] },
      'The provided messages input is invalid. The error info is [Unexpected item type in content]',
    ],
    [
      { messages: [...messages, { role: 'tool', content: 'a' }] },
      'messages with role "tool" must be a response to a preceeding message with "tool_calls".',
    ],
  ])('%j: %s', async (fields, message) => {
    expect(await refusal(fields)).toBe(prefix + message)
  })

  test.each([[[1, 'a']], [{}], [7], [[[1], 'a']], [[null]]])(
    'stop %j gives an error that names the valid types',
    async (stop) => {
      expect(await refusal({ stop })).toContain('The "stop" parameter must be of type')
    },
  )

  test('QwQ needs a stream, with the captured message', async () => {
    const body = { model: 'qwq-plus', messages }
    const { text } = await protocolRig().ask({ path: chatPath, body })
    expect(JSON.parse(text).error).toEqual({
      code: 'invalid_parameter_error',
      message: 'This model only support stream mode, please enable the stream parameter to access the model. ',
      param: null,
      type: 'invalid_request_error',
    })
  })

  test('an embedding model does not accept a chat', async () => {
    const body = { model: 'text-embedding-v4', messages }
    const { status, text } = await protocolRig({ profile: 'cn-beijing' }).ask({ path: chatPath, body })
    expect([status, JSON.parse(text).error.code]).toEqual([404, 'model_not_supported'])
  })
})

test.each([
  { temperature: 0, top_p: 1, top_k: 0, seed: 2 ** 63 },
  { stop: 'a' },
  { stop: ['a', 'b'] },
  { stop: [1, 2] },
  { stop: [[1], [2]] },
  { stop: [] },
  { temperature: null, top_p: null, n: null, max_tokens: null, stop: null, tools: null, tool_choice: null },
  { response_format: { type: 'text' } },
  { response_format: { type: 'json_schema', json_schema: {} } },
  { response_format: { type: 'json_object' }, messages: [{ role: 'user', content: 'as JSON' }] },
  { stream_options: { include_usage: true } },
  { logprobs: true, user: 'me', enable_search: true, whatever: { nobody: 'knows' }, __proto__: { n: 9 } },
  { messages: [{ role: 'user', content: [{ type: 'text', text: 'b' }, { type: 'unknown' }] }] },
  { messages: [...messages, { role: 'assistant', content: null, tool_calls: [{}] }, { role: 'tool', content: '' }] },
])('%j is accepted', async (fields) => {
  const body = { model: 'qwen-plus', messages, ...fields }
  expect((await protocolRig().ask({ path: chatPath, body })).status).toBe(200)
})

test('names of the prototype are not fields of a request', async () => {
  const inherited = Object.prototype as { n?: number; model?: string }
  const { ask } = protocolRig()
  try {
    inherited.n = 9
    inherited.model = 'qwen-plus'
    expect((await ask({ path: chatPath, body: { model: 'qwen-plus', messages } })).status).toBe(200)
    expect((await ask({ path: chatPath, body: { messages } })).status).toBe(400)
  } finally {
    delete inherited.n
    delete inherited.model
  }
})

const paths = [
  chatPath,
  '/compatible-mode/v1/completions',
  '/compatible-mode/v1/embeddings',
  '/api/v1/services/aigc/text-generation/generation',
  '/api/v1/services/aigc/multimodal-generation/generation',
  '/api/v1/models/limits',
]

describe('any body', () => {
  const deep = (open: string, close: string) => open.repeat(50_000) + close.repeat(50_000)

  test.each(paths)('%s: a nesting of 50,000 is refused or ignored, and is no error of ours', async (path) => {
    const { ask } = protocolRig()
    const nested = deep('[', ']')
    const bodies = [
      nested,
      deep('{"a":', '}').replace('"a":}', '"a":1}'),
      ...['model', 'messages', 'input', 'parameters', 'tools', 'stop', 'response_format', 'models', 'prompt'].map(
        (name) => `{"model":"qwen-plus","prompt":"a","messages":[{"role":"user","content":"a"}],"${name}":${nested}}`,
      ),
      `{"model":"qwen-plus","messages":[{"role":"user","content":${nested}}],"input":{"messages":${nested}}}`,
      `{"model":"qwen-plus","messages":[{"role":"user","content":"a"}],"tools":[{"function":{"name":"a","parameters":${nested}}}]}`,
    ]
    for (const body of bodies) expect([200, 400, 403, 404]).toContain((await ask({ path, body })).status)
  })

  test.each(paths)('%s: what is no JSON object is refused in its envelope', async (path) => {
    const { ask } = protocolRig()
    for (const body of ['', '{', 'null', '[]', '"a"', '7', '{"model":NaN}', '\u0000', '{"a":1}x']) {
      const { status, text } = await ask({ path, body })
      expect(status).toBe(400)
      const { error, message } = JSON.parse(text)
      expect(error?.message ?? message).toBe('Required body invalid, please check the request body format.')
    }
  })

  const name = fc.constantFrom(
    ...['model', 'messages', 'input', 'parameters', 'prompt', 'role', 'content', 'tools', 'tool_choice', 'function'],
    ...['name', 'n', 'stream', 'stop', 'stream_options', 'dimensions', 'models', 'request_limit', 'usage_limit'],
    ...['enable_thinking', 'response_format', 'type', '__proto__', 'constructor', 'toString', 'max_tokens', 'text'],
  )
  const word = fc.constantFrom(
    ...['qwen-plus', 'text-embedding-v4', 'user', 'tool', 'assistant', 'json_object', 'auto', '', '__proto__', '你'],
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      word,
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(name, tie('value')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
    ),
  }))
  const body = fc.array(fc.tuple(name, value), { maxLength: 10 }).map(Object.fromEntries)

  const { ask } = protocolRig({ profile: 'cn-beijing' })
  property.prop([fc.constantFrom(...paths), body, fc.boolean()], { numRuns: 3000 })(
    'gets a reply of the service, and never causes an exception',
    async (path, fields, isStream) => {
      const headers: Record<string, string> = isStream ? { 'x-dashscope-sse': 'enable' } : {}
      const text = JSON.stringify({ model: 'qwen-plus', messages, input: { messages }, ...fields })
      const answer = await ask({ path, headers, body: text })
      expect([200, 400, 403, 404, 429]).toContain(answer.status)
      expect(answer.text).not.toBe('')
      if (answer.headers['content-type'] !== 'application/json') return
      const { error, code, request_id, message } = JSON.parse(answer.text)
      if (answer.status !== 200) expect(error?.message ?? message).toEqual(expect.any(String))
      if (answer.status !== 200 && path.startsWith('/api/'))
        expect({ code, request_id }).toEqual({ code: expect.any(String), request_id: answer.headers['x-request-id'] })
    },
  )
})
