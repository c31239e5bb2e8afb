import { tmpdir } from 'node:os'
import OpenAI from 'openai'
import { afterEach, expect, test } from 'vitest'
import { stack } from '../../src/core/strategy.ts'
import { toFetch } from '../../src/fetch.ts'
import { pace } from '../../src/strategies/pacing/pace.ts'
import { retry } from '../../src/strategies/retry/retry.ts'
import { killAll, startServer } from './program.ts'

afterEach(killAll)

test('a batch of 200 calls drains through the OpenAI SDK against a server of its own, with at most 1.05 attempts a call', async () => {
  const world = ['--model-limit', 'qwen-plus=rps:40', '--set', 'burstGuard=false', '--set', 'firstToken=0']
  const { card } = await startServer(['serve', ...world], { cwd: tmpdir() })
  let attempts = 0
  const fetch = toFetch(stack(retry(), pace({ perSecond: 38 })), { onAttempt: () => attempts++ })
  const { chat } = new OpenAI({ apiKey: 'sk-ratelab', baseURL: card.baseUrls.openai, fetch, maxRetries: 0 })
  const ask = (i: number) =>
    chat.completions.create({
      model: 'qwen-plus',
      max_tokens: 20,
      messages: [{ role: 'user', content: `Question ${i}` }],
    })
  const replies = await Promise.all(Array.from({ length: 200 }, (_, i) => ask(i)))
  expect(replies.every(({ choices }) => choices[0]!.message.content)).toBe(true)
  const metrics = await (await globalThis.fetch(`${card.control}/metrics`)).text()
  const counted = [...metrics.matchAll(/^ratelab_requests_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count))
  expect(counted.reduce((sum, count) => sum + count)).toBe(attempts)
  expect(attempts / 200).toBeLessThanOrEqual(1.05)
  expect(fetch.inspect()).toMatchObject({ waiting: 0, inFlight: 0 })
})
