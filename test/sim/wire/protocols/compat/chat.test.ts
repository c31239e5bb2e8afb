import { describe, expect, test } from 'vitest'
import { chatPath, chunksOf, framesOf, type Parsed, protocolRig } from '../protocol-rig.ts'

const hello = { model: 'qwen-plus', messages: [{ role: 'user', content: 'Say hello' }] }

async function chat(fields: object, options = {}) {
  return protocolRig(options).ask({ path: chatPath, body: { ...hello, ...fields } })
}

describe('a chat that is not streamed', () => {
  test('has the bytes of the captures', async () => {
    const { text, headers, record } = await chat({})
    const id = headers['x-request-id']
    expect(text).toBe(
      '{"choices":[{"message":{"role":"assistant","content":"ANSWER"},"finish_reason":"stop","index":0,"logprobs":null}],"object":"chat.completion","usage":{"prompt_tokens":11,"completion_tokens":6,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":0}},"created":1735120033,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-ID"}'
        .replace('ANSWER', JSON.parse(text).choices[0].message.content)
        .replace('ID', id!),
    )
    expect(record).toMatchObject({ status: 200, promptTokens: 11, outputTokens: 6, end: 'answered' })
  })

  test('has 11 and 22 prompt tokens for the two captured prompts', async () => {
    const user = { role: 'user', content: '你是谁？' }
    const system = { role: 'system', content: 'You are helpful to all.' }
    const tokensOf = async (messages: object[]) => JSON.parse((await chat({ messages })).text).usage.prompt_tokens
    expect(await tokensOf([user])).toBe(11)
    expect(await tokensOf([system, user])).toBe(22)
  })

  test('depends on the seed and the prompt alone', async () => {
    const contentOf = async (fields: object, seed: number) =>
      JSON.parse((await chat(fields, { seed })).text).choices[0].message.content
    const other = { messages: [{ role: 'user', content: 'Say goodbye' }] }
    expect(await contentOf({}, 1)).toBe(await contentOf({ temperature: 0.7, seed: 5 }, 1))
    expect(await contentOf({}, 1)).not.toBe(await contentOf({}, 2))
    expect(await contentOf({}, 1)).not.toBe(await contentOf(other, 1))
  })

  test('is cut by max_tokens', async () => {
    for (const name of ['max_tokens', 'max_completion_tokens']) {
      const { choices, usage } = JSON.parse((await chat({ [name]: 2 })).text)
      expect(choices[0].finish_reason).toBe('length')
      expect(usage.completion_tokens).toBe(2)
      expect(choices[0].message.content.split(' ')).toHaveLength(2)
    }
  })

  test('has different choices, each cut by max_tokens, and the usage of all of them', async () => {
    const { choices, usage } = JSON.parse((await chat({ n: 3, max_tokens: 4 })).text)
    expect(choices.map((each: Parsed) => each.index)).toEqual([0, 1, 2])
    expect(new Set(choices.map((each: Parsed) => each.message.content)).size).toBe(3)
    expect(usage.completion_tokens).toBe(12)
  })

  test('has the thoughts before the answer, in reasoning_content', async () => {
    const { choices, usage } = JSON.parse((await chat({ enable_thinking: true })).text)
    expect(Object.keys(choices[0].message)).toEqual(['role', 'content', 'reasoning_content'])
    expect(choices[0].message.reasoning_content.split(' ')).toHaveLength(12)
    expect(usage).toMatchObject({
      completion_tokens: 18,
      completion_tokens_details: { reasoning_tokens: 12, text_tokens: 6 },
    })
  })

  test('has thoughts within the budget', async () => {
    const { usage } = JSON.parse((await chat({ enable_thinking: true, thinking_budget: 3 })).text)
    expect(usage.completion_tokens_details).toEqual({ reasoning_tokens: 3, text_tokens: 6 })
  })

  test('counts a picture as an assumed number of tokens, and definitions of tools as text', async () => {
    const tokensOf = async (fields: object) => JSON.parse((await chat(fields)).text).usage.prompt_tokens
    const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }
    const content = [{ type: 'text', text: 'Say hello' }, image]
    expect(await tokensOf({ messages: [{ role: 'user', content }] })).toBe(11 + 1250)
    const tools = [{ type: 'function', function: { name: 'weather', parameters: {} } }]
    expect(await tokensOf({ tools })).toBeGreaterThan(11 + 10)
  })

  test('counts the names and arguments of earlier tool calls', async () => {
    const tokensOf = async (text: string) => {
      const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: text } }
      const messages = [
        ...hello.messages,
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
      ]
      return JSON.parse((await chat({ messages })).text).usage.prompt_tokens
    }
    expect(await tokensOf(`{"city":"${'x'.repeat(400)}"}`)).toBe((await tokensOf('{"city":""}')) + 100)
  })

  test('has no answer when max_tokens ends the thoughts', async () => {
    const { choices, usage } = JSON.parse((await chat({ enable_thinking: true, max_tokens: 5 })).text)
    expect(choices[0]).toMatchObject({ message: { content: '' }, finish_reason: 'length' })
    expect(choices[0].message.reasoning_content.split(' ')).toHaveLength(5)
    expect(usage).toMatchObject({
      completion_tokens: 5,
      completion_tokens_details: { reasoning_tokens: 5, text_tokens: 0 },
    })
  })
})

describe('a chat whose tool_choice names a tool', () => {
  const tools = [{ type: 'function', function: { name: 'weather', parameters: {} } }]
  const fields = { tools, tool_choice: { type: 'function', function: { name: 'weather' } } }

  test('calls the tool, with the keys of the captures', async () => {
    const { text, headers } = await chat(fields)
    const digits = headers['x-request-id']!.replaceAll('-', '').slice(0, 21)
    expect(JSON.stringify(JSON.parse(text).choices)).toBe(
      `[{"message":{"content":"","role":"assistant","tool_calls":[{"index":0,"id":"call_${digits}0","type":"function","function":{"name":"weather","arguments":"{}"}}]},"finish_reason":"tool_calls","index":0,"logprobs":null}]`,
    )
  })

  test('gives arguments that conform to the tool’s parameters', async () => {
    const parameters = {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 3 } },
    }
    const forecast = { type: 'function', function: { name: 'weather', parameters } }
    const { choices } = JSON.parse((await chat({ ...fields, tools: [forecast] })).text)
    expect(choices[0].message.tool_calls[0].function.arguments).toBe('{"city":"text","days":3}')
  })

  test('calls the tool in a stream, too', async () => {
    const chunks = chunksOf((await chat({ ...fields, stream: true })).text)
    expect(chunks.at(-2).choices[0].delta.tool_calls[0].function).toEqual({ name: 'weather', arguments: '{}' })
    expect(chunks.at(-1).choices[0].finish_reason).toBe('tool_calls')
  })

  test('does not call the tool after the tool has answered, so that the loop ends', async () => {
    const { text: first } = await chat(fields)
    const call = JSON.parse(first).choices[0].message
    const messages = [...hello.messages, call, { role: 'tool', content: 'sunny', tool_call_id: call.tool_calls[0].id }]
    expect(JSON.parse((await chat({ ...fields, messages })).text).choices[0].finish_reason).toBe('stop')
  })

  test('calls no tool when tool_choice does not ask for one', async () => {
    for (const tool_choice of ['auto', 'none', null])
      expect(JSON.parse((await chat({ tools, tool_choice })).text).choices[0].finish_reason).toBe('stop')
  })
})

describe('a chat that is to answer in JSON', () => {
  const messages = [{ role: 'user', content: 'Say hello in JSON' }]
  const schema = {
    type: 'object',
    properties: { a: { type: 'integer' }, b: { enum: ['p', 'q'] } },
    required: ['a', 'b'],
  }
  const formats = [
    [{ type: 'json_object' }, '{"answer":"text"}'],
    [{ type: 'json_schema', json_schema: { name: 'x', schema, strict: true } }, '{"a":1,"b":"p"}'],
    [{ type: 'json_schema' }, '{"answer":"text"}'],
    [{ type: 'json_schema', json_schema: { schema: { type: 'array' } } }, '{"answer":"text"}'],
  ] as const

  test.each(formats)('%j', async (response_format, said) => {
    const { choices, usage } = JSON.parse((await chat({ messages, response_format })).text)
    expect(choices[0]).toMatchObject({ message: { content: said }, finish_reason: 'stop' })
    expect(usage.completion_tokens).toBe(Math.ceil(said.length / 4))
    const chunks = chunksOf((await chat({ messages, response_format, stream: true })).text)
    expect(chunks.map((chunk) => chunk.choices[0].delta.content).join('')).toBe(said)
  })

  test('is cut by max_tokens, as the documentation warns', async () => {
    const response_format = { type: 'json_object' }
    const { choices } = JSON.parse((await chat({ messages, response_format, max_tokens: 2 })).text)
    expect(choices[0].finish_reason).toBe('length')
    expect('{"answer":"text"}'.startsWith(choices[0].message.content)).toBe(true)
    expect(choices[0].message.content).not.toBe('{"answer":"text"}')
  })
})

describe('a chat with stop words', () => {
  const contentOf = async (fields: object) => JSON.parse((await chat(fields)).text).choices[0]

  test('ends before the first of them, with the finish reason `stop`', async () => {
    const whole = (await contentOf({})).message.content as string
    const words = whole.split(' ')
    for (const stop of [words[3]!, [words[3]!, 'never said'], [words[5]!, words[3]!]]) {
      const { text } = await chat({ stop })
      const { choices, usage } = JSON.parse(text)
      const at = whole.indexOf(words[3]!)
      expect(choices[0]).toMatchObject({ message: { content: whole.slice(0, at) }, finish_reason: 'stop' })
      expect(usage.completion_tokens).toBe(whole.slice(0, at + words[3]!.length).split(' ').length)
      const chunks = chunksOf((await chat({ stop, stream: true })).text)
      expect(chunks.map((chunk) => chunk.choices[0].delta.content).join('')).toBe(whole.slice(0, at))
      expect(chunks.at(-1).choices[0].finish_reason).toBe('stop')
    }
  })

  test('is empty when the answer would begin with one', async () => {
    const first = ((await contentOf({})).message.content as string)[0]!
    expect(await contentOf({ stop: first })).toMatchObject({ message: { content: '' }, finish_reason: 'stop' })
  })

  test('is cut by max_tokens when that comes earlier', async () => {
    const words = ((await contentOf({})).message.content as string).split(' ')
    expect(await contentOf({ stop: words[5]!, max_tokens: 1 })).toMatchObject({ finish_reason: 'length' })
  })

  test('that are not texts is answered in full', async () => {
    const whole = (await contentOf({})).message.content
    for (const stop of ['', 'never said', [], [1, 2], [[1], [2]]])
      expect((await contentOf({ stop })).message.content).toBe(whole)
  })
})

describe('a chat that is streamed', () => {
  test('has the bytes of the captures, with the usage in a chunk of its own', async () => {
    const { text, headers } = await chat({ stream: true, stream_options: { include_usage: true } })
    const whole = JSON.parse((await chat({})).text).choices[0].message.content as string
    const words = whole.split(' ')
    const rest = `"created":1735120033,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-${headers['x-request-id']}"}`
    const chunk = (choice: string) =>
      `data: {"choices":[${choice}],"object":"chat.completion.chunk","usage":null,${rest}\n\n`
    expect(text).toBe(
      chunk('{"delta":{"content":"","role":"assistant"},"index":0,"logprobs":null,"finish_reason":null}') +
        chunk(`{"delta":{"content":"${words[0]}"},"finish_reason":null,"index":0,"logprobs":null}`) +
        chunk(
          `{"delta":{"content":" ${words.slice(1, 5).join(' ')}"},"finish_reason":null,"index":0,"logprobs":null}`,
        ) +
        chunk(`{"delta":{"content":" ${words[5]}"},"finish_reason":null,"index":0,"logprobs":null}`) +
        chunk('{"finish_reason":"stop","delta":{"content":""},"index":0,"logprobs":null}') +
        `data: {"choices":[],"object":"chat.completion.chunk","usage":{"prompt_tokens":11,"completion_tokens":6,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":0}},${rest}\n\n` +
        'data: [DONE]\n\n',
    )
    expect(headers['content-type']).toBe('text/event-stream;charset=UTF-8')
  })

  test('has a usage only when it is asked for', async () => {
    for (const fields of [{}, { stream_options: null }, { stream_options: { include_usage: false } }])
      expect(chunksOf((await chat({ stream: true, ...fields })).text).every(({ usage }) => usage === null)).toBe(true)
  })

  test('has thoughts in the deltas of the captures', async () => {
    const { text } = await chat({ stream: true, enable_thinking: true })
    const deltas = chunksOf(text).map(({ choices }) => JSON.stringify(choices[0].delta))
    expect(deltas[0]).toBe('{"content":null,"role":"assistant","reasoning_content":""}')
    expect(deltas[1]).toMatch(/^\{"content":null,"reasoning_content":"\w+"\}$/)
    expect(deltas.at(-2)).toMatch(/^\{"content":"[\w ]+","reasoning_content":null\}$/)
    expect(deltas.at(-1)).toBe('{"content":"","reasoning_content":null}')
  })

  test('adds up to the whole answer, for every choice', async () => {
    const fields = { n: 4, enable_thinking: true, max_tokens: 15 }
    const chunks = chunksOf((await chat({ ...fields, stream: true }, { wire: { answerSpread: 1 } })).text)
    const { choices } = JSON.parse((await chat(fields, { wire: { answerSpread: 1 } })).text)
    for (const { index, message, finish_reason } of choices) {
      const own = chunks.flatMap(({ choices }) => choices).filter((choice) => choice.index === index)
      const said = (name: string) => own.map(({ delta }) => delta[name] ?? '').join('')
      expect(said('content')).toBe(message.content)
      expect(said('reasoning_content')).toBe(message.reasoning_content ?? '')
      expect(own.at(-1)).toMatchObject({ finish_reason })
      expect(own.filter((choice) => choice.finish_reason !== null)).toHaveLength(1)
    }
  })

  test('ends with [DONE]', async () => {
    expect(framesOf((await chat({ stream: true })).text).at(-1)).toBe('data: [DONE]')
  })
})
