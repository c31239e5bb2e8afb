import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { MockOptions } from '../../../../../sim/mock/mock.ts'
import { estimatedTokens, mediaTokens } from '../../../../../sim/wire/model/tokens.ts'
import { takesAnyField } from '../any-field.ts'
import { protocolRig } from '../protocol-rig.ts'

const path = '/apps/anthropic/v1/messages'
const hello = { model: 'qwen-plus', max_tokens: 1000, messages: [{ role: 'user', content: 'Hello' }] }
const tools = [
  { name: 'weather', input_schema: { type: 'object' } },
  { name: 'time', input_schema: {} },
]

function ask(fields: object = {}, options: Partial<MockOptions> = {}, headers: Record<string, string> = {}) {
  return protocolRig(options).ask({ path, body: { ...hello, ...fields }, headers })
}

async function whole(fields: object = {}, options: Partial<MockOptions> = {}) {
  const { text, status } = await ask(fields, options)
  expect(status).toBe(200)
  return JSON.parse(text)
}

describe('a message', () => {
  test('has the bytes of the documentation', async () => {
    const { text, headers } = await ask({}, { wire: { answerTokens: 2 } })
    const said = JSON.parse(text).content[0].text
    expect(said.split(' ')).toHaveLength(2)
    expect(text).toBe(
      `{"id":"msg_${headers['x-request-id']}","type":"message","role":"assistant","model":"qwen-plus","content":[{"type":"text","text":"${said}"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":2,"cache_creation_input_tokens":0,"cache_read_input_tokens":0}}`,
    )
  })

  test('begins with thoughts when thinking is enabled', async () => {
    const { content, usage } = await whole({ thinking: { type: 'enabled', budget_tokens: 4 } })
    expect(content).toMatchObject([{ type: 'thinking', signature: '' }, { type: 'text' }])
    expect(content[0].thinking.split(' ')).toHaveLength(4)
    expect(usage.output_tokens).toBe(10)
    expect((await whole({ thinking: { type: 'disabled' } })).content).toMatchObject([{ type: 'text' }])
  })

  test('begins with thoughts when the model always thinks, and then must be streamed', async () => {
    const limits = { 'qwq-plus': [{ rule: 'rpm', limit: 600, window: 60_000 }] } as const
    expect((await ask({ model: 'qwq-plus', stream: true }, { limits })).text).toContain('thinking_delta')
    expect((await ask({ model: 'qwq-plus' }, { limits })).status).toBe(400)
  })

  test('is cut by max_tokens, with that stop reason', async () => {
    const { content, stop_reason, usage } = await whole({ max_tokens: 2 })
    expect([content[0].text.split(' ').length, stop_reason, usage.output_tokens]).toEqual([2, 'max_tokens', 2])
  })

  test('ends before a stop sequence, and names it', async () => {
    const said = (await whole()).content[0].text as string
    const stop = said.split(' ')[3]!
    const text = said.slice(0, said.indexOf(stop))
    const cut = await whole({ stop_sequences: ['never said', stop] })
    expect(cut).toMatchObject({ content: [{ text }], stop_reason: 'stop_sequence', stop_sequence: stop })
    const streamed = (await ask({ stop_sequences: [stop], stream: true })).text
    expect(streamed).toContain(`"delta":{"stop_reason":"stop_sequence","stop_sequence":${JSON.stringify(stop)}}`)
    expect((await ask({ stop_sequences: 'a' })).status).toBe(400)
  })

  test('uses a tool with an input that conforms to its schema', async () => {
    const input_schema = { type: 'object', properties: { city: { enum: ['Hangzhou'] } } }
    const { content } = await whole({ tools: [{ name: 'weather', input_schema }], tool_choice: { type: 'any' } })
    expect(content[0].input).toEqual({ city: 'Hangzhou' })
  })

  test.each([
    [{ type: 'any' }, 'weather'],
    [{ type: 'tool', name: 'time' }, 'time'],
  ])('uses a tool when tool_choice asks for it: %o', async (tool_choice, name) => {
    const { content, stop_reason } = await whole({ tools, tool_choice })
    expect(content).toEqual([{ type: 'tool_use', id: expect.stringMatching(/^call_\w{22}$/), name, input: {} }])
    expect(stop_reason).toBe('tool_use')
  })

  test.each([
    ['without a tool_choice', { tools }],
    ['with the tool_choice auto', { tools, tool_choice: { type: 'auto' } }],
    [
      'after a tool has answered',
      {
        tools,
        tool_choice: { type: 'any' },
        messages: [
          ...hello.messages,
          { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'time', input: { zone: 'UTC' } }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: '12:00' }] },
        ],
      },
    ],
  ])('uses no tool %s', async (_, fields) => {
    expect((await whole(fields)).content).toMatchObject([{ type: 'text' }])
  })
})

describe('the prompt', () => {
  const tokens = async (fields: object) => (await whole(fields)).usage.input_tokens
  const long = 'four four four four '.repeat(10)

  test('counts the same as a text and as a list of blocks', async () => {
    const content = [
      { type: 'text', text: long.slice(0, 80) },
      { type: 'text', text: long.slice(80), cache_control: { type: 'ephemeral' } },
    ]
    expect(await tokens({ messages: [{ role: 'user', content }] })).toBe(
      await tokens({ messages: [{ role: 'user', content: long }] }),
    )
  })

  test.each([
    ['a system prompt', { system: long }],
    ['a system prompt in blocks', { system: [{ type: 'text', text: long }] }],
    ['tools', { tools: [{ name: 'weather', description: long, input_schema: {} }] }],
    ['the input of a tool', { messages: [{ role: 'assistant', content: [{ type: 'tool_use', input: { long } }] }] }],
    ['the answer of a tool', { messages: [{ role: 'user', content: [{ type: 'tool_result', content: long }] }] }],
    [
      'the answer of a tool in blocks',
      { messages: [{ role: 'user', content: [{ type: 'tool_result', content: [{ type: 'text', text: long }] }] }] },
    ],
    ['thoughts', { messages: [{ role: 'assistant', content: [{ type: 'thinking', thinking: long }] }] }],
  ])('counts %s', async (_, fields) => {
    expect(await tokens(fields)).toBeGreaterThanOrEqual(estimatedTokens(long))
  })

  test('counts pictures, also those of tools', async () => {
    const image = { type: 'image', source: {} }
    const content = [image, { type: 'tool_result', content: [image] }]
    expect(await tokens({ messages: [{ role: 'user', content }] })).toBe(5 + 3 + 2 * mediaTokens)
  })
})

describe('a stream', () => {
  test('has the frames of the captures', async () => {
    const fields = { stream: true, thinking: { type: 'enabled', budget_tokens: 2 } }
    const { text, headers } = await ask(fields, { wire: { answerTokens: 3, frameTokens: 2 } })
    const said = [...text.matchAll(/"(?:thinking|text)":"([^"]+)"/g)].map(([, words]) => words)
    const usage = (output: number) =>
      `"usage":{"input_tokens":10,"output_tokens":${output},"cache_creation_input_tokens":0,"cache_read_input_tokens":0}`
    expect(headers['content-type']).toBe('text/event-stream;charset=UTF-8')
    expect(text).toBe(
      [
        `event:message_start\ndata:{"type":"message_start","message":{"id":"msg_${headers['x-request-id']}","type":"message","role":"assistant","model":"qwen-plus","content":[],"stop_reason":null,"stop_sequence":null,${usage(0)}}}`,
        'event:content_block_start\ndata:{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}',
        'event:ping\ndata:{"type":"ping"}',
        `event:content_block_delta\ndata:{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"${said[0]}"}}`,
        `event:content_block_delta\ndata:{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"${said[1]}"}}`,
        'event:content_block_stop\ndata:{"type":"content_block_stop","index":0}',
        'event:content_block_start\ndata:{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}',
        `event:content_block_delta\ndata:{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"${said[2]}"}}`,
        `event:content_block_delta\ndata:{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"${said[3]}"}}`,
        'event:content_block_stop\ndata:{"type":"content_block_stop","index":1}',
        `event:message_delta\ndata:{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},${usage(5)}}`,
        'event:message_stop\ndata:{"type":"message_stop"}',
        '',
      ].join('\n\n'),
    )
  })

  const anyAsked = fc.record({
    thinking: fc.constantFrom(undefined, { type: 'enabled', budget_tokens: 5 }, { type: 'enabled' }),
    tool_choice: fc.constantFrom(undefined, { type: 'any' }),
    max_tokens: fc.integer({ min: 1, max: 30 }),
  })

  test.prop([anyAsked, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 })])(
    'adds up to the message that is not streamed',
    async (asked, answerTokens, frameTokens) => {
      const fields = JSON.parse(JSON.stringify({ tools, ...asked }))
      const options = { wire: { answerTokens, frameTokens } }
      const { text } = await ask({ ...fields, stream: true }, options)
      expect(gathered(text)).toEqual(await whole(fields, options))
    },
  )
})

/** Puts a stream together as a client does: blocks by index, deltas appended. Throws when a frame is out of order. */
function gathered(text: string): object {
  let message: { content: Record<string, unknown>[] } = { content: [] }
  let open: number | undefined
  for (const frame of text.split('\n\n').slice(0, -1)) {
    const [, event, data] = /^event:(\w+)\ndata:(.*)$/.exec(frame)!
    const { type, index, ...rest } = JSON.parse(data!)
    expect(type).toBe(event)
    if (type === 'message_start') message = rest.message
    if (type === 'content_block_start') {
      expect([open, index]).toEqual([undefined, message.content.length])
      open = index
      message.content.push(rest.content_block)
    }
    if (type === 'content_block_delta') {
      expect(index).toBe(open)
      const block = message.content[index]!
      const type = String(block.type)
      if (type === 'tool_use') block.input = JSON.parse(rest.delta.partial_json)
      else block[type] += rest.delta[type]
    }
    if (type === 'content_block_stop') {
      expect(index).toBe(open)
      open = undefined
    }
    if (type === 'message_delta') {
      expect(open).toBeUndefined()
      Object.assign(message, rest.delta, { usage: rest.usage })
    }
  }
  expect(text.endsWith('event:message_stop\ndata:{"type":"message_stop"}\n\n')).toBe(true)
  return message
}

describe('a key', () => {
  test.each([
    [{ authorization: 'Bearer sk-ratelab' }, 200],
    [{ authorization: '', 'x-api-key': 'sk-ratelab' }, 200],
    [{ authorization: '', 'x-api-key': 'sk-nobody' }, 401],
    [{ authorization: '' }, 401],
  ])('%o: %i', async (headers, status) => {
    expect((await ask({}, {}, headers)).status).toBe(status)
  })
})

describe('a wrong request', () => {
  const invalid = (message: string) => ({
    type: 'error',
    error: { type: 'invalid_request_error', message: `<400> InternalError.Algo.InvalidParameter: ${message}` },
    request_id: expect.any(String),
  })
  const required = (name: string) =>
    invalid(`Required parameter(${name}) missing or invalid, please check the request parameters.`)

  test.each([
    ['no max_tokens', { max_tokens: undefined }, required('max_tokens')],
    ['no model', { model: '' }, required('model')],
    ['max_tokens of 0', { max_tokens: 0 }, invalid('Range of max_tokens should be [1, 1000000]')],
    ['no messages', { messages: [] }, invalid("[] is too short - 'messages'")],
    [
      'a role of the chat protocol',
      { messages: [{ role: 'system', content: 'Hello' }] },
      invalid(`"system" is not one of ['user', 'assistant'] - 'messages.0.role'`),
    ],
    ['no content', { messages: [{ role: 'user' }] }, invalid('The content field is a required field.')],
    [
      'an unknown block',
      { messages: [{ role: 'user', content: [1] }] },
      invalid('The content field should be a list of blocks that are objects.'),
    ],
    ['a tool without a name', { tools: [{}] }, invalid("'tools.0.name' must be a text that is not empty")],
    [
      'a tool that does not exist',
      { tools, tool_choice: { type: 'tool', name: 'nothing' } },
      invalid(`'tool_choice' names a tool that 'tools' lacks: "nothing"`),
    ],
  ])('%s', async (_, fields, body) => {
    const { status, text } = await ask(fields)
    expect(status).toBe(400)
    expect(JSON.parse(text)).toEqual(body)
  })

  const fields = ['model', 'max_tokens', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'stream']

  takesAnyField(path, hello, fields)

  test('a value that is nested too deep is not accepted, in any field', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    for (const field of [
      `"messages":[{"role":"user","content":[{"type":"tool_use","input":${deep}}]}]`,
      `"messages":${deep}`,
      `"messages":[{"role":"user","content":"x"}],"tools":[{"name":"x","input_schema":${deep}}]`,
    ])
      expect((await protocolRig().ask({ path, body: `{"model":"qwen-plus","max_tokens":9,${field}}` })).status).toBe(
        400,
      )
  })

  test('the protocol has no list of models', async () => {
    const { status, text } = await protocolRig().ask({ method: 'GET', path: '/apps/anthropic/v1/models' })
    expect(status).toBe(404)
    expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type: 'not_found_error' } })
  })
})
