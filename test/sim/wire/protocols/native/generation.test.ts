import { describe, expect, test } from 'vitest'
import { type Parsed, protocolRig } from '../protocol-rig.ts'

const textPath = '/api/v1/services/aigc/text-generation/generation'
const partsPath = '/api/v1/services/aigc/multimodal-generation/generation'
const sse = { 'x-dashscope-sse': 'enable' }

const messages = [{ role: 'user', content: 'Say hello' }]

interface Asking {
  readonly path?: string
  readonly model?: string
  readonly input?: unknown
  readonly parameters?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly options?: Parameters<typeof protocolRig>[0]
}

async function generate({ path = textPath, model = 'qwen-plus', input = { messages }, ...rest }: Asking = {}) {
  const { parameters = {}, headers = {}, options = {} } = rest
  return protocolRig(options).ask({ path, headers, body: { model, input, parameters } })
}

/** The data in the frames of a stream. Checks the spelling of the frames. */
function framesOf(text: string, status = 200): Parsed[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((frame, i) => {
      const head = `id:${i + 1}\nevent:result\n:HTTP_STATUS/${status}\ndata:`
      expect(frame.slice(0, head.length)).toBe(head)
      return JSON.parse(frame.slice(head.length))
    })
}

describe('an answer that is not streamed', () => {
  test('has the bytes of the reference with result_format message', async () => {
    const { text, headers, record } = await generate({ parameters: { result_format: 'message' } })
    const said = JSON.parse(text).output.choices[0].message.content
    expect(text).toBe(
      `{"output":{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"${said}"}}]},"usage":{"input_tokens":11,"output_tokens":6,"total_tokens":17},"request_id":"${headers['x-request-id']}"}`,
    )
    expect(record).toMatchObject({ protocol: 'native-text', status: 200, outputTokens: 6 })
  })

  test('has its text in `output.text` with result_format text', async () => {
    const { text, headers } = await generate({ parameters: { result_format: 'text' } })
    const said = JSON.parse(text).output.text
    expect(text).toBe(
      `{"output":{"text":"${said}","finish_reason":"stop"},"usage":{"input_tokens":11,"output_tokens":6,"total_tokens":17},"request_id":"${headers['x-request-id']}"}`,
    )
  })

  test('is JSON when that is asked for, and ends before a stop word', async () => {
    const json = {
      response_format: { type: 'json_schema', json_schema: { schema: { properties: { a: { type: 'boolean' } } } } },
    }
    const formatted = JSON.parse((await generate({ parameters: { ...json, result_format: 'text' } })).text)
    expect(formatted.output).toEqual({ text: '{"a":true}', finish_reason: 'stop' })
    const said = JSON.parse((await generate()).text).output.text as string
    const stop = said.split(' ')[2]!
    const { output } = JSON.parse((await generate({ parameters: { stop } })).text)
    expect(output).toEqual({ text: said.slice(0, said.indexOf(stop)), finish_reason: 'stop' })
  })

  test('does not become an asynchronous task', async () => {
    const { status, text } = await generate({ headers: { 'x-dashscope-async': 'enable' } })
    expect(status).toBe(403)
    const message = 'current user api does not support asynchronous calls'
    expect(JSON.parse(text)).toMatchObject({ code: 'AccessDenied', message })
  })

  test('has the same text as in the compatible protocol', async () => {
    const native = JSON.parse((await generate({ parameters: { result_format: 'text' } })).text)
    const body = { model: 'qwen-plus', messages }
    const compat = await protocolRig().ask({ path: '/compatible-mode/v1/chat/completions', body })
    expect(native.output.text).toBe(JSON.parse(compat.text).choices[0].message.content)
  })

  test.each([
    ['qwen-plus', {}, 'text'],
    ['qwen3-max', {}, 'message'],
    ['qwen3-max-2026-01-23', {}, 'message'],
    ['qwen-plus', { enable_thinking: true }, 'message'],
  ])('of %s with %j has the result format %s by default', async (model, parameters, format) => {
    const { output } = JSON.parse((await generate({ model, parameters })).text)
    expect('choices' in output).toBe(format === 'message')
  })

  test('is the same for a prompt and for a message of the user', async () => {
    const [asPrompt, asMessage] = await Promise.all([generate({ input: { prompt: 'Say hello' } }), generate()])
    const { output, usage } = JSON.parse(asPrompt.text)
    expect({ output, usage }).toEqual((({ output, usage }) => ({ output, usage }))(JSON.parse(asMessage.text)))
  })

  test('may have thoughts, tool calls and several choices', async () => {
    const thinking = JSON.parse((await generate({ parameters: { enable_thinking: true } })).text)
    expect(thinking.output.choices[0].message.reasoning_content).not.toBe('')
    expect(thinking.usage.output_tokens_details).toEqual({ reasoning_tokens: 12 })
    const tools = [{ type: 'function', function: { name: 'weather' } }]
    const tool_choice = { type: 'function', function: { name: 'weather' } }
    const called = await generate({ parameters: { tools, tool_choice, result_format: 'message' } })
    const digits = called.headers['x-request-id']!.replaceAll('-', '').slice(0, 21)
    expect(JSON.stringify(JSON.parse(called.text).output.choices[0])).toBe(
      `{"finish_reason":"tool_calls","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"weather","arguments":"{}"},"index":0,"id":"call_${digits}0","type":"function"}]}}`,
    )
    const several = JSON.parse((await generate({ parameters: { n: 2, result_format: 'message' } })).text)
    expect(several.output.choices.map((each: Parsed) => each.index)).toEqual([0, 1])
    expect(several.usage.output_tokens).toBe(12)
  })

  test('is cut by max_tokens', async () => {
    const { output, usage } = JSON.parse((await generate({ parameters: { max_tokens: 2 } })).text)
    expect(output.finish_reason).toBe('length')
    expect(usage.output_tokens).toBe(2)
  })

  test('of the multimodal path has lists of parts, and counts pictures', async () => {
    const content = [{ image: 'https://example.com/a.png' }, { text: 'Say hello' }]
    const { text, record } = await generate({ path: partsPath, input: { messages: [{ role: 'user', content }] } })
    const { output, usage } = JSON.parse(text)
    expect(output.choices[0].message.content).toEqual([{ text: expect.any(String) }])
    expect(usage).toEqual({ input_tokens: 1261, output_tokens: 6, total_tokens: 1267, image_tokens: 1250 })
    expect(record.protocol).toBe('native-multimodal')
  })
})

describe('a stream', () => {
  test('has the bytes of the captures', async () => {
    const { text, headers } = await generate({
      headers: sse,
      parameters: { result_format: 'message', incremental_output: true },
    })
    const whole = JSON.parse((await generate()).text).output.text.split(' ')
    const id = headers['x-request-id']
    const frame = (nth: number, content: string, finish: string, tokens: number) =>
      `id:${nth}\nevent:result\n:HTTP_STATUS/200\ndata:{"output":{"choices":[{"message":{"content":"${content}","role":"assistant"},"finish_reason":"${finish}"}]},"usage":{"total_tokens":${11 + tokens},"output_tokens":${tokens},"input_tokens":11},"request_id":"${id}"}\n\n`
    expect(text).toBe(
      frame(1, whole[0], 'null', 1) +
        frame(2, ` ${whole.slice(1, 5).join(' ')}`, 'null', 5) +
        frame(3, ` ${whole[5]}`, 'null', 6) +
        frame(4, '', 'stop', 6),
    )
    expect(headers['content-type']).toBe('text/event-stream;charset=UTF-8')
  })

  test('repeats the earlier text in each frame, unless it is incremental', async () => {
    const { text } = await generate({ headers: sse, parameters: { result_format: 'text' } })
    const frames = framesOf(text)
    const whole = JSON.parse((await generate()).text)
    for (const [i, { output }] of frames.entries()) {
      expect(Object.keys(output)).toEqual(['finish_reason', 'text'])
      expect(whole.output.text.startsWith(output.text)).toBe(true)
      expect(output.text.length).toBeGreaterThanOrEqual(frames[i - 1]?.output.text.length ?? 1)
    }
    expect(frames.at(-1)).toMatchObject({ output: whole.output, usage: whole.usage })
  })

  test.each([true, false])('adds up, incremental or not (%s)', async (incremental_output) => {
    const parameters = { result_format: 'message', incremental_output, n: 2 }
    const frames = framesOf((await generate({ headers: sse, parameters })).text)
    const whole = JSON.parse((await generate({ parameters })).text)
    for (const [i, { message, finish_reason }] of whole.output.choices.entries()) {
      const texts = frames.map(({ output }) => output.choices[i].message.content)
      expect(incremental_output ? texts.join('') : texts.at(-1)).toBe(message.content)
      expect(frames.at(-1).output.choices[i].finish_reason).toBe(finish_reason)
    }
  })

  test('has thoughts with the keys of the captures, which are always incremental', async () => {
    const { text } = await generate({ headers: sse, parameters: { enable_thinking: true } })
    const frames = framesOf(text)
    const messages = frames.map(({ output }) => output.choices[0].message)
    expect(Object.keys(messages[0])).toEqual(['content', 'reasoning_content', 'role'])
    expect(
      messages
        .map(({ reasoning_content }) => reasoning_content)
        .join('')
        .split(' '),
    ).toHaveLength(12)
    expect(Object.keys(frames[0].usage)).toEqual([
      'total_tokens',
      'output_tokens',
      'input_tokens',
      'output_tokens_details',
    ])
    expect(frames[0].usage.output_tokens_details).toEqual({ reasoning_tokens: 1 })
    expect(frames.at(-1).usage.output_tokens_details).toEqual({ reasoning_tokens: 12 })
  })

  test('of the multimodal path has lists of parts, which are empty at the end', async () => {
    const { text } = await generate({ path: partsPath, headers: sse, parameters: { incremental_output: true } })
    const contents = framesOf(text).map(({ output }) => output.choices[0].message.content)
    expect(contents[0]).toEqual([{ text: expect.any(String) }])
    expect(contents.at(-1)).toEqual([])
  })

  test('is asked for by the headers X-DashScope-SSE or Accept, and not by the body', async () => {
    expect((await generate({ headers: { accept: 'text/event-stream' } })).text).toMatch(/^id:1\n/)
    expect((await generate({ parameters: { stream: true } })).text).toMatch(/^\{/)
    expect((await generate({ headers: { 'x-dashscope-sse': 'disable' } })).text).toMatch(/^\{/)
  })

  test('has a late error in a frame with the next number', async () => {
    const options = {
      profile: 'cn-beijing',
      wire: { errorPlacement: 'mid-stream', errorAfter: 2, answerTokens: 30 },
      limits: { 'qwen-plus': [{ rule: 'rpm', limit: 1, window: 60_000 }] },
    } as const
    const { ask } = protocolRig(options)
    const body = { model: 'qwen-plus', input: { messages }, parameters: { incremental_output: true } }
    await ask({ path: textPath, body })
    const { text, status, headers } = await ask({ path: textPath, body, headers: sse })
    const frames = text.split('\n\n')
    expect(status).toBe(200)
    expect(frames).toHaveLength(4)
    expect(frames[2]).toBe(
      `id:3\nevent:error\n:HTTP_STATUS/429\ndata:{"request_id":"${headers['x-request-id']}","code":"Throttling.RateQuota","message":"Requests rate limit exceeded, please try again later."}`,
    )
  })
})

describe('a wrong request', () => {
  test.each([
    [{ input: {} }, 'Either "prompt" or "messages" must exist and cannot both be none'],
    [{ input: undefined }, 'Either "prompt" or "messages" must exist and cannot both be none'],
    [{ input: [] }, "'input' must be an object, got a list"],
    [{ input: { prompt: 7 } }, "'prompt' must be a text, got 7"],
    [{ input: { messages: [] } }, "[] is too short - 'messages'"],
    [{ parameters: [] }, "'parameters' must be an object, got a list"],
    [{ parameters: { result_format: 'xml' } }, `'result_format' must be one of ['text', 'message'], got "xml"`],
    [
      { parameters: { result_format: 'text', enable_thinking: true } },
      'The result_format parameter must be "message" when enable_thinking is true',
    ],
    [
      { parameters: { incremental_output: false, enable_thinking: true } },
      'The incremental_output parameter must be "true" when enable_thinking is true',
    ],
  ])('%j: %s', async (fields, message) => {
    const body = { model: 'qwen-plus', input: { messages }, ...fields }
    const { status, text, headers } = await protocolRig().ask({ path: textPath, body })
    expect(status).toBe(400)
    expect(text).toBe(
      JSON.stringify({
        code: 'InvalidParameter',
        message: `<400> InternalError.Algo.InvalidParameter: ${message}`,
        request_id: headers['x-request-id'],
      }),
    )
  })
})
