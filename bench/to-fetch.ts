import type { Call, Reply } from '../src/core/call.ts'
import { CallSignal } from '../src/core/call-signal.ts'
import { seeded } from '../src/core/random.ts'
import { stack } from '../src/core/strategy.ts'
import { systemClock } from '../src/core/system-clock.ts'
import { toFetch } from '../src/fetch.ts'
import { pace } from '../src/strategies/pacing/pace.ts'
import { retry } from '../src/strategies/retry/retry.ts'
import { processorSeconds } from './processor-seconds.ts'

const calls = 50_000
/** Retries around a pace that never waits. */
const strategy = stack(retry(), pace({ perSecond: 1e9 }))

const url = 'https://dashscope.example/compatible-mode/v1/chat/completions'
const request: RequestInit = {
  method: 'POST',
  headers: { authorization: 'Bearer sk-ratelab', 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'qwen-plus', messages: [{ role: 'user', content: 'Hello there' }] }),
}
const answer = JSON.stringify({
  model: 'qwen-plus',
  choices: [
    { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello! How can I help you today?' } },
  ],
  usage: { prompt_tokens: 11, completion_tokens: 9, total_tokens: 20 },
})
const immediate: typeof fetch = async () => new Response(answer, { headers: { 'content-type': 'application/json' } })

/** Processor time of one call, in microseconds. The first calls are not counted. */
async function perCall(call: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < calls / 5; i++) await call()
  const before = processorSeconds()
  for (let i = 0; i < calls; i++) await call()
  return (1e6 * (processorSeconds() - before)) / calls
}

/** Measures what a strategy, and `toFetch` with it, add to a reply that comes at once. */
export async function toFetchSteps(): Promise<void> {
  const reply: Reply = { kind: 'ok', usage: { promptTokens: 11, outputTokens: 9 }, model: 'm', body: undefined }
  const send = strategy.wrap(async () => reply, { clock: systemClock, random: seeded(1) })
  const signal = new CallSignal()
  const target = { endpoint: 'dashscope', key: 'sk-ratelab', model: 'm' }
  const call: Call = { id: 0, target, promptTokens: 11, maxTokens: 100, signal, deadline: Infinity }
  const through = toFetch(strategy, { fetch: immediate })
  const read = (from: typeof fetch) => async () => (await from(url, request)).json()
  const rows: readonly (readonly [string, () => Promise<unknown>])[] = [
    [`a step of ${strategy.name}`, () => send(call)],
    ['a JSON reply of fetch, at once', read(immediate)],
    ['the same through toFetch', read(through)],
  ]
  console.log('Processor time around an immediate reply, microseconds a call:')
  for (const [name, each] of rows) console.log(`  ${name.padEnd(48)}${(await perCall(each)).toFixed(1).padStart(6)}`)
}
