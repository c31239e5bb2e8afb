import { mock } from '../sim/mock/mock.ts'
import { wallTimeline } from '../sim/time/wall-timeline.ts'
import { minimum } from '../src/core/extremes.ts'

const chat = '/compatible-mode/v1/chat/completions'
const native = '/api/v1/services/aigc/text-generation/generation'
const embeddings = '/compatible-mode/v1/embeddings'
const responses = '/compatible-mode/v1/responses'

const model = 'qwen-plus'
const messages = [{ role: 'user', content: 'json' }]
/** Nearly the longest body that a server reads, characters. */
const megabytes = 19_000_000

/** A chat whose answer is an instance of this schema. */
function answering(schema: object, more: object = {}): string {
  return JSON.stringify({ model, messages, ...more, response_format: { type: 'json_schema', json_schema: { schema } } })
}

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels)
}

/** The schema of an object with a text of this length. */
function textOf(minLength: number): object {
  return { type: 'object', properties: { a: { type: 'string', minLength } }, required: ['a'] }
}

const longText = textOf(90_000)

/** Forty definitions, each of which refers twice to the next. */
const doubling = {
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => {
      const next = { $ref: `#/$defs/d${i + 1}` }
      return [`d${i}`, { type: 'object', properties: { a: next, b: next }, required: ['a', 'b'] }]
    }),
  ),
}

/** A list whose many items refer to an object with many fields. */
const manyFields = {
  properties: { list: { type: 'array', minItems: 10_000, items: { $ref: '#/$defs/wide' } } },
  required: ['list'],
  $defs: { wide: { ...Object.fromEntries(Array.from({ length: 190_000 }, (_, i) => [`f${i}`, 0])), type: 'null' } },
}

const longReference = {
  properties: { list: { type: 'array', minItems: 10_000, items: { $ref: `#${'/a'.repeat(1_000_000)}` } } },
}

/** Every word agrees with most of the answer, and differs from it only at its beginning. */
const stop = Array.from({ length: 400 }, (_, i) => `${i}${' text'.repeat(5000)}`)

/** A stream of the native protocol whose frames each have all the text so far. */
function repeating(minLength: number): string {
  const response_format = { type: 'json_schema', json_schema: { schema: textOf(minLength) } }
  return JSON.stringify({
    model,
    input: { messages },
    parameters: { result_format: 'message', incremental_output: false, response_format },
  })
}

/** The worst requests that are known, with their paths and bodies. */
const requests: Readonly<Record<string, readonly [path: string, body: () => string]>> = {
  'an ordinary chat': [chat, () => JSON.stringify({ model, messages })],
  'four long answers in one stream': [chat, () => answering(longText, { stream: true, n: 4 })],
  'the same, as long as they may be': [chat, () => answering(textOf(34_000), { stream: true, n: 4 })],
  'a long stream that repeats its text': [native, () => repeating(90_000)],
  'the same, as long as it may be': [native, () => repeating(16_000)],
  'references that double 40 times': [chat, () => answering(doubling)],
  'references to 190,000 fields': [chat, () => answering(manyFields)],
  'a long reference, often': [chat, () => answering(longReference)],
  '400 long stop words': [chat, () => answering(longText, { stop, n: 4 })],
  'stop words as long as they may be': [
    chat,
    () => answering(longText, { stop: stop.map((word) => word.slice(0, 25)), n: 4 }),
  ],
  'a constant nested 5,000 levels deep': [
    chat,
    () => answering({ properties: { a: { const: 0 } } }).replace('"const":0', `"const":${nested(5000)}`),
  ],
  'a body nested 9,000,000 levels deep': [chat, () => nested(9_000_000)],
  'a name of a model of 19 MB': [chat, () => JSON.stringify({ model: 'm'.repeat(megabytes), messages })],
  'a prompt of 19 MB': [chat, () => prompt('why? '.repeat(megabytes / 5))],
  'a Chinese prompt of 19 MB': [chat, () => prompt('为什么？'.repeat(megabytes / 12))],
  'a prompt of 19 MB of escapes': [chat, () => prompt('\\"'.repeat(megabytes / 4))],
  'a prompt of 6,000,000 messages': [chat, () => `{"model":"${model}","messages":[${'{},'.repeat(6_000_000)}{}]}`],
  'a prompt of 300,000 messages': [
    chat,
    () => JSON.stringify({ model, messages: Array.from({ length: 300_000 }, () => messages[0]) }),
  ],
  '45,000 fields': [
    chat,
    () =>
      JSON.stringify({
        model,
        messages,
        ...Object.fromEntries(Array.from({ length: 45_000 }, (_, i) => [`f${i}`, 0])),
      }),
  ],
  '100,000 tools': [
    chat,
    () => JSON.stringify({ model, messages, tools: Array.from({ length: 100_000 }, (_, i) => tool(`t${i}`)) }),
  ],
  'texts to embed of 19 MB': [embeddings, () => vectors(475_000)],
  'texts to embed, as long as they may be': [embeddings, () => vectors(8192)],
  'instructions of 19 MB': [
    responses,
    () => JSON.stringify({ model, input: 'a', stream: true, instructions: 'i'.repeat(megabytes) }),
  ],
}

function prompt(content: string): string {
  return JSON.stringify({ model, messages: [{ role: 'user', content }] })
}

/** Ten texts to embed, each of this many times two words. */
function vectors(times: number): string {
  return JSON.stringify({ model: 'text-embedding-v4', dimensions: 2048, input: Array(10).fill('a b '.repeat(times)) })
}

function tool(name: string): object {
  return { type: 'function', function: { name, parameters: {} } }
}

/** Compilation and the collection of garbage only make a turn longer, so that the shortest of several is the truest. */
const rounds = 5

/**
 * Measures how long the worst requests hold the event loop: the longest turn from the arrival of a request to its last byte. Time is 86,400
 * times as fast, so that all of a stream is due at once.
 */
export async function hostile(): Promise<void> {
  console.log(
    `Longest turn of the event loop for one request, milliseconds of processor time (least of ${rounds}), and the reply:`,
  )
  for (const [name, [path, bodyOf]] of Object.entries(requests)) {
    const body = bodyOf()
    const replies: { readonly turn: number; readonly status: number; readonly length: number }[] = []
    for (let round = 0; round < rounds; round++) replies.push(await reply(path, body))
    const turn = minimum(replies.map((each) => each.turn)).toFixed(0)
    const { status, length } = replies[0]!
    console.log(`  ${name.padEnd(40)} ${turn.padStart(7)}   ${status}, ${length.toLocaleString('en')} characters`)
  }
}

async function reply(path: string, body: string): Promise<{ turn: number; status: number; length: number }> {
  const timeline = wallTimeline({ speed: 86_400 })
  const limits = { [model]: [], 'text-embedding-v4': [] }
  const provider = mock({ timeline, limits, switches: { burstGuard: false } })
  const headers: Readonly<Record<string, string>> = { authorization: 'Bearer sk-ratelab', 'x-dashscope-sse': 'enable' }
  // The text is copied, so that it is flat, as a text that was read from a socket is.
  const request = { method: 'POST', path, query: '', header: (name: string) => headers[name], body: copied(body) }
  const watch = watchTurns()
  const answer = await provider.handle(request).answer
  let length = 0
  if (answer.kind === 'whole') length = answer.body.length
  else if (answer.kind === 'stream')
    await new Promise<void>((resolve) => {
      const write = (text: string) => {
        length += Buffer.byteLength(text)
      }
      answer.start({ write, end: resolve, break: resolve })
    })
  const turn = await watch()
  timeline.stop()
  return { turn, status: answer.kind === 'hang-up' ? 0 : answer.status, length }
}

function copied(text: string): string {
  return Buffer.from(text).toString()
}

/** Returns a function that tells the longest turn of the event loop since, as processor time of this thread, milliseconds. */
function watchTurns(): () => Promise<number> {
  let last = process.threadCpuUsage()
  let longest = 0
  let isOver = false
  const look = () => {
    const { user, system } = process.threadCpuUsage(last)
    last = process.threadCpuUsage()
    longest = Math.max(longest, (user + system) / 1000)
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  return async () => {
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    isOver = true
    return longest
  }
}
