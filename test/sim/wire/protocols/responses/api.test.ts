import { fc, test } from '@fast-check/vitest'
import OpenAI from 'openai'
import { describe, expect } from 'vitest'
import { type MockOptions, mock } from '../../../../../sim/mock/mock.ts'
import { mockFetch } from '../../../../../sim/skins/fetch/virtual-fetch.ts'
import { borrowTime } from '../../../../../sim/time/ambient-time.ts'
import { virtualClock } from '../../../../../sim/time/virtual-clock.ts'
import { estimatedTokens, mediaTokens } from '../../../../../sim/wire/model/tokens.ts'
import { takesAnyField } from '../any-field.ts'
import { protocolRig } from '../protocol-rig.ts'

const path = '/compatible-mode/v1/responses'
const hello = { model: 'qwen-plus', input: 'Hello' }
const tools = [
  { type: 'function' as const, name: 'weather', parameters: { type: 'object' }, strict: null },
  { type: 'web_search' as const },
]

function ask(fields: object = {}, options: Partial<MockOptions> = {}) {
  return protocolRig(options).ask({ path, body: { ...hello, ...fields } })
}

async function whole(fields: object = {}, options: Partial<MockOptions> = {}) {
  const { text, status } = await ask(fields, options)
  expect(status).toBe(200)
  return JSON.parse(text)
}

const echoed =
  '"instructions":null,"max_output_tokens":null,"metadata":{},"parallel_tool_calls":true,"reasoning":null,"service_tier":"default","store":true,"temperature":null,"tool_choice":"auto","tools":[],"top_logprobs":0,"top_p":null'
const usage =
  '"usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":0},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":12,"x_details":[{"input_tokens":10,"output_tokens":2,"total_tokens":12,"x_billing_type":"response_api","prompt_tokens_details":{"cached_tokens":0}}]}'

describe('a response', () => {
  test('has OpenAI’s shape, and the service’s usage', async () => {
    const { text, headers } = await ask({}, { wire: { answerTokens: 2 } })
    const id = headers['x-request-id']
    const said = JSON.parse(text).output[0].content[0].text
    expect(text).toBe(
      `{"id":"resp_${id}","object":"response","created_at":1735120033,"model":"qwen-plus","background":false,"error":null,"incomplete_details":null,${echoed},"status":"completed","output":[{"id":"msg_${id}","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"${said}","annotations":[],"logprobs":[]}]}],${usage}}`,
    )
  })

  test('is the same at the old path, which is no longer maintained', async () => {
    const old = await protocolRig().ask({ path: `/api/v2/apps/protocols${path}`, body: hello })
    expect(old.text).toBe((await ask()).text)
  })

  test('begins with a summary of thoughts when effort is asked for', async () => {
    const { output, usage } = await whole({ reasoning: { effort: 'low' } })
    expect(output).toMatchObject([{ type: 'reasoning', summary: [{ type: 'summary_text' }] }, { type: 'message' }])
    expect(usage.output_tokens_details.reasoning_tokens).toBe(12)
    expect((await whole({ enable_thinking: true })).output).toHaveLength(2)
    expect((await whole({ enable_thinking: true, reasoning: { effort: 'none' } })).output).toHaveLength(1)
  })

  test('begins with a summary when the model always thinks, and then must be streamed', async () => {
    const limits = { 'qwq-plus': [{ rule: 'rpm', limit: 600, window: 60_000 }] } as const
    expect((await ask({ model: 'qwq-plus', stream: true }, { limits })).text).toContain('reasoning_summary_text.delta')
    expect((await ask({ model: 'qwq-plus' }, { limits })).status).toBe(400)
  })

  test('is incomplete when max_output_tokens cuts it', async () => {
    const options = { wire: { answerTokens: 20 } }
    expect(await whole({ max_output_tokens: 16 }, options)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ status: 'incomplete' }],
      usage: { output_tokens: 16 },
    })
  })

  test.each([
    ['required'],
    [{ type: 'function', name: 'weather' }],
    [{ type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'weather' }] }],
  ])('calls a function when tool_choice asks for it: %o', async (tool_choice) => {
    const { output } = await whole({ tools, tool_choice })
    expect(output).toEqual([
      {
        id: expect.stringMatching(/^fc_/),
        type: 'function_call',
        call_id: expect.stringMatching(/^call_\w{22}$/),
        name: 'weather',
        arguments: '{}',
        status: 'completed',
      },
    ])
  })

  test.each([
    ['without a tool_choice', { tools }],
    ['with the tool_choice auto', { tools, tool_choice: 'auto' }],
    [
      'after the function has answered',
      { tools, tool_choice: 'required', input: [{ type: 'function_call_output', output: '1' }] },
    ],
    ['when there is no function', { tools: [{ type: 'web_search' }], tool_choice: 'required' }],
  ])('calls no function %s', async (_, fields) => {
    expect((await whole(fields)).output).toMatchObject([{ type: 'message' }])
  })

  test('repeats the fields of the request', async () => {
    const asked = {
      instructions: 'Be kind.',
      metadata: { a: 'b' },
      temperature: 1,
      top_p: 0.5,
      tools,
      tool_choice: 'auto',
    }
    expect(await whole(asked)).toMatchObject(asked)
  })
})

describe('the prompt', () => {
  const tokens = async (fields: object) => (await whole(fields)).usage.input_tokens
  const long = 'four four four four '.repeat(10)

  test('counts the same as a text and as a list of messages', async () => {
    const message = { role: 'user', content: [{ type: 'input_text', text: long }] }
    expect(await tokens({ input: [message] })).toBe(await tokens({ input: long }))
    expect(await tokens({ input: [{ type: 'message', role: 'user', content: long }] })).toBe(
      await tokens({ input: long }),
    )
  })

  test.each([
    ['instructions', { instructions: long }],
    ['tools', { tools: [{ type: 'function', name: 'weather', description: long }] }],
    ['the arguments of a function', { input: [{ type: 'function_call', name: 'x', arguments: long }] }],
    ['the answer of a function', { input: [{ type: 'function_call_output', output: long }] }],
    ['thoughts', { input: [{ type: 'reasoning', summary: [{ type: 'summary_text', text: long }] }] }],
  ])('counts %s', async (_, fields) => {
    expect(await tokens(fields)).toBeGreaterThanOrEqual(estimatedTokens(long))
  })

  test('counts pictures', async () => {
    const content = [{ type: 'input_image', image_url: 'https://…' }]
    expect(await tokens({ input: [{ role: 'user', content }] })).toBe(5 + 3 + mediaTokens)
  })
})

describe('a stream', () => {
  test('has the frames of the captures: two numbers each, with the status as a comment, and no [DONE]', async () => {
    const { text, headers } = await ask({ stream: true }, { wire: { answerTokens: 2, frameTokens: 1 } })
    const id = headers['x-request-id']
    const said = [...text.matchAll(/"delta":"([^"]+)"/g)].map(([, words]) => words)
    const whole = said.join('')
    const shell = `"response":{"id":"resp_${id}","object":"response","created_at":1735120033,"model":"qwen-plus","background":false,"error":null,"incomplete_details":null,${echoed}`
    const begun = `${shell},"status":"in_progress","output":[],"usage":null}`
    const part = (words: string) => `"part":{"type":"output_text","text":"${words}","annotations":[],"logprobs":[]}`
    const item = (status: string, content: string) =>
      `{"id":"msg_${id}","type":"message","role":"assistant","status":"${status}","content":[${content}]}`
    const done = item('completed', `{"type":"output_text","text":"${whole}","annotations":[],"logprobs":[]}`)
    const place = `"item_id":"msg_${id}","output_index":0,"content_index":0`
    const events: [string, string][] = [
      ['response.created', begun],
      ['response.in_progress', begun],
      ['response.output_item.added', `"output_index":0,"item":${item('in_progress', '')}`],
      ['response.content_part.added', `${place},${part('')}`],
      ['response.output_text.delta', `${place},"delta":"${said[0]}","logprobs":[]`],
      ['response.output_text.delta', `${place},"delta":"${said[1]}","logprobs":[]`],
      ['response.output_text.done', `${place},"text":"${whole}","logprobs":[]`],
      ['response.content_part.done', `${place},${part(whole)}`],
      ['response.output_item.done', `"output_index":0,"item":${done}`],
      ['response.completed', `${shell},"status":"completed","output":[${done}],${usage}}`],
    ]
    expect(text).toBe(
      events
        .map(
          ([type, fields], i) =>
            `id:${i + 1}\nevent:${type}\n:HTTP_STATUS/200\ndata:{"sequence_number":${i},"type":"${type}",${fields}}\n\n`,
        )
        .join(''),
    )
  })
})

/** Removes what the SDK's helper adds to a response after parsing. */
function withoutParsed(response: object): unknown {
  return JSON.parse(JSON.stringify(response, (key, value) => (/^(output_)?parsed/.test(key) ? undefined : value)))
}

/** The real SDK, whose requests all go to a mock in virtual time. */
function sdk(options: Partial<MockOptions> = {}) {
  const clock = virtualClock(1_735_120_033_000)
  const served = mock({ timeline: clock, ...options, wire: { answerTokens: 20, answerSpread: 0, ...options.wire } })
  const client = new OpenAI({
    apiKey: 'sk-ratelab',
    baseURL: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    fetch: mockFetch(served),
    maxRetries: 0,
  })
  return { client, clock }
}

describe('the openai SDK', () => {
  const asked = { model: 'qwen-plus', input: 'Hello' } as const
  const anyAsked = fc.record({
    reasoning: fc.constantFrom(undefined, { effort: 'low' as const }),
    tool_choice: fc.constantFrom('auto' as const, 'required' as const),
    max_output_tokens: fc.integer({ min: 16, max: 70 }),
  })

  test('reads a response', async () => {
    const { client, clock } = sdk()
    const response = await clock.run(client.responses.create(asked))
    expect(response.output_text.split(' ')).toHaveLength(20)
    expect(response.usage).toMatchObject({ input_tokens: 10, output_tokens: 20, total_tokens: 30 })
    expect(response).toMatchObject({ status: 'completed', error: null })
  })

  test.prop([anyAsked, fc.integer({ min: 1, max: 9 })], { numRuns: 30 })(
    'makes the same result of a stream as of a response',
    async (fields, frameTokens) => {
      const options = { wire: { frameTokens } }
      const body = { ...asked, ...JSON.parse(JSON.stringify(fields)), tools }
      const one = sdk(options)
      const response = await one.clock.run(one.client.responses.create(body))
      const two = sdk(options)
      // The SDK's helper starts on a timer of the platform.
      const release = borrowTime(two.clock)
      const types: string[] = []
      const listen = () => {
        const stream = two.client.responses.stream(body)
        stream.on('event', ({ type }) => types.push(type))
        return stream.finalResponse()
      }
      const streamed = await two.clock.run(listen()).finally(release)
      expect(withoutParsed(streamed)).toEqual(withoutParsed(response))
      expect(types.at(-1)).toBe(`response.${response.status}`)
    },
  )

  test('gets the events in their order, with numbers without a gap', async () => {
    const { client, clock } = sdk({ wire: { answerTokens: 3, frameTokens: 1 } })
    const listen = async () => {
      const events = []
      const stream = await client.responses.create({ ...asked, reasoning: { effort: 'low' }, stream: true })
      for await (const event of stream) events.push(event)
      return events
    }
    const events = await clock.run(listen())
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, i) => i))
    const kinds = events.map(({ type }) => type.replace('response.', ''))
    expect(kinds.filter((kind, i) => kind !== kinds[i - 1])).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ])
  })

  test('throws a plain 429 as a RateLimitError, with the native code of the flat envelope and no type', async () => {
    const { client, clock } = sdk({ faults: [{ when: 'always', do: { error: 'tokens' } }] })
    const error = await clock.run(client.responses.create(asked).catch((each: unknown) => each))
    expect(error).toBeInstanceOf(OpenAI.RateLimitError)
    expect(error).toMatchObject({
      status: 429,
      code: 'Throttling.AllocationQuota',
      type: undefined,
    })
  })

  test('ends a failing stream without an exception, with an event that holds the error', async () => {
    const { client, clock } = sdk({
      faults: [{ when: 'always', do: { error: 'tokens' } }],
      wire: { errorPlacement: 'mid-stream' },
    })
    const listen = async () => {
      const events = []
      for await (const event of await client.responses.create({ ...asked, stream: true })) events.push(event)
      return events
    }
    const last = (await clock.run(listen())).at(-1)!
    expect(last).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'Throttling.AllocationQuota' } },
    })
  })
})

describe('a wrong request', () => {
  const flat = (message: string) => ({ code: 'InvalidParameter', message, request_id: expect.any(String) })
  const algo = (message: string) => flat(`<400> InternalError.Algo.InvalidParameter: ${message}`)

  test.each([
    [
      'no input',
      { input: undefined },
      algo('Required parameter(input) missing or invalid, please check the request parameters.'),
    ],
    ['an empty input', { input: [] }, algo("[] is too short - 'input'")],
    ['an unknown item', { input: ['Hello'] }, algo('\'input.0\' must be an object, got "Hello"')],
    [
      'too few tokens',
      { max_output_tokens: 1 },
      flat("Invalid 'max_output_tokens': must be greater than or equal to 16, got 1."),
    ],
    [
      'a temperature that is too high',
      { temperature: 5 },
      flat("Invalid 'temperature': 5. Expected a value between [0,2), but got 5 instead."),
    ],
    ['top_p', { top_p: 9 }, flat("Invalid 'top_p': 9. Expected a value between (0,1], but got 9 instead.")],
    [
      'an unknown effort',
      { reasoning: { effort: 'bogus_level' } },
      flat(
        "Invalid 'reasoning.effort': bogus_level. Supported values are: ('none','minimal','low','medium','high','xhigh','max').",
      ),
    ],
    [
      'a tool of the chat protocol',
      { tools: [{ type: 'function', function: { name: 'x' } }] },
      algo('The parameters, when provided as a dict, must confirm to a valid openai-compatible JSON schema.'),
    ],
    ['an unknown model', { model: '__nope__' }, flat("Unsupported model: '__nope__'")],
  ])('%s', async (_, fields, body) => {
    const { status, text } = await ask(fields)
    expect(status).toBe(400)
    expect(JSON.parse(text)).toEqual(body)
  })

  test('an unknown model in a stream gives a 200 with the error as the only frame', async () => {
    const { status, text, record } = await ask({ model: '__nope__', stream: true })
    expect(status).toBe(200)
    expect(text.match(/^event:.*$/gm)).toEqual(['event:response.failed'])
    expect(text).toContain(`"error":{"message":"Unsupported model: '__nope__'","code":"InvalidParameter"}`)
    expect(record).toMatchObject({ error: 'unknown-responses-model', verdict: 'refused', status: 200 })
  })

  const fields = [
    'model',
    'input',
    'instructions',
    'max_output_tokens',
    'reasoning',
    'tools',
    'tool_choice',
    'metadata',
    'stream',
    'store',
  ]

  takesAnyField(path, hello, fields)

  test('a value that is nested too deep to be read or repeated is not accepted, in any field', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    for (const field of [
      'input',
      'tools',
      'metadata',
      'tool_choice',
      'reasoning',
      'instructions',
      'temperature',
      'store',
    ]) {
      const body = `{"model":"qwen-plus","input":"Hello","${field}":${deep}}`
      expect((await protocolRig().ask({ path, body })).status, field).toBe(400)
    }
  })

  test.each(['GET', 'PUT'])('%s has the captured message', async (method) => {
    const { status, text } = await protocolRig().ask({ method, path })
    expect(status).toBe(405)
    expect(JSON.parse(text)).toMatchObject({
      code: 'Method Not Allowed',
      message: `Method '${method}' is not allowed for '/compatible-mode/v1/responses'.`,
    })
  })
})
