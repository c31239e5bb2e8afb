import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { type Mock, mock } from '../../../sim/mock/mock.ts'
import { mockFetch } from '../../../sim/skins/fetch/virtual-fetch.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { WireRequest } from '../../../sim/wire/exchange.ts'
import { type GuardedHandling, guardedHandler } from '../../../sim/wire/handling/guarded-handler.ts'
import type { Switches } from '../../../src/scenario/switches.ts'
import { chatPath } from '../wire/protocols/protocol-rig.ts'

// A fault holds requests for a day. Meanwhile only little of them may be in memory.

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const megabyte = 1_000_000

function used(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const day = 86_400_000
function rig(onHangUp: Switches['onHangUp'] = 'stop'): Mock {
  return mock({
    timeline: virtualClock(),
    switches: { onHangUp },
    faults: [{ when: 'always', do: { delay: day } }],
  })
}

const long = () => 'x'.repeat(megabyte)
const messages = () => [{ role: 'user', content: long() }]
const bodies: Readonly<Record<string, readonly [path: string, body: () => object]>> = {
  chat: [chatPath, () => ({ model: 'qwen-plus', messages: messages() })],
  'a chat that is streamed': [chatPath, () => ({ model: 'qwen-plus', messages: messages(), stream: true, n: 2 })],
  completions: ['/compatible-mode/v1/completions', () => ({ model: 'qwen-plus', prompt: long() })],
  embeddings: ['/compatible-mode/v1/embeddings', () => ({ model: 'text-embedding-v4', input: ['x'.repeat(300_000)] })],
  responses: ['/compatible-mode/v1/responses', () => ({ model: 'qwen-plus', input: long() })],
  native: [
    '/api/v1/services/aigc/text-generation/generation',
    () => ({ model: 'qwen-plus', input: { messages: messages() } }),
  ],
  'a chat with a model that does not exist': [chatPath, () => ({ model: long(), messages: messages() })],
  anthropic: ['/apps/anthropic/v1/messages', () => ({ model: 'qwen-plus', messages: messages(), max_tokens: 10 })],
}

function requestTo(path: string, body: object): WireRequest {
  const header = (name: string) => (name === 'authorization' ? 'Bearer sk-ratelab' : undefined)
  return { method: 'POST', path, query: '', header, body: JSON.stringify(body) }
}

/** More than ten megabytes of requests. Each is as long as may be, up to a megabyte. */
const many = 40

/** Checks that many long requests add little to the memory. The platform itself keeps a text or two. */
async function expectLittleKept(
  provider: Mock,
  make: () => WireRequest,
  then = (_: GuardedHandling) => {},
): Promise<void> {
  const handler = guardedHandler(provider)
  const before = used()
  const handlings = Array.from({ length: many }, () => handler.handle(make()))
  handlings.forEach(then)
  await new Promise(setImmediate)
  expect(used() - before).toBeLessThan(3 * megabyte)
  expect(handlings).toHaveLength(many)
}

describe.each(Object.entries(bodies))('%s', (_name, [path, body]) => {
  test.each([
    ['wait', 'stop', many, () => {}],
    ['were abandoned', 'stop', 0, (handling: GuardedHandling) => handling.hangUp()],
    ['were abandoned, and are finished nevertheless', 'finish', many, (handling: GuardedHandling) => handling.hangUp()],
  ] as const)('requests that %s do not keep their prompts', async (_what, onHangUp, inFlight, then) => {
    const provider = rig(onHangUp)
    await expectLittleKept(provider, () => requestTo(path, body()), then)
    expect(provider.inFlight).toBe(inFlight)
  })
})

test.each([
  ['method', (text: string) => ({ ...requestTo(chatPath, {}), method: text })],
  ['path', (text: string) => ({ ...requestTo(chatPath, {}), path: `/${text}` })],
  ['key', (text: string) => ({ ...requestTo(chatPath, {}), header: () => `Bearer sk-${text}` })],
  ['model', (text: string) => requestTo(chatPath, { model: text, messages: [{ role: 'user', content: 'Hello' }] })],
] as const)('a record keeps little of a long %s', async (_what, make) => {
  const provider = mock({ timeline: virtualClock() })
  const handler = guardedHandler(provider)
  const before = used()
  for (let i = 0; i < 10; i++) await new Promise<unknown>((resolve) => handler.handle(make(long())).answered(resolve))
  expect(used() - before).toBeLessThan(3 * megabyte)
  for (const record of provider.journal.entries())
    for (const value of Object.values(record)) expect(String(value).length).toBeLessThanOrEqual(201)
})

test('a record keeps nothing of a long query', async () => {
  const send = mockFetch(mock({ timeline: virtualClock() }))
  const before = used()
  for (let i = 0; i < 30; i++) await send(`http://mock.test/a/path/that/is/cut/out?${long()}`)
  expect(used() - before).toBeLessThan(10 * megabyte)
})
