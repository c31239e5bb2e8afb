import { tmpdir } from 'node:os'
import OpenAI from 'openai'
import { afterEach, expect, test } from 'vitest'
import { toFetch } from '../../src/fetch.ts'
import { recommended } from '../../src/strategies/recommended/recommended.ts'
import { killAll, startServer } from './program.ts'

afterEach(killAll)

test('a strategy that is told nothing drains a batch of 200 calls through the OpenAI SDK against a server, with at most 1.05 attempts a call', async () => {
  const { card } = await startServer(['serve'], { cwd: tmpdir() })
  let attempts = 0
  const fetch = toFetch(recommended(), { onAttempt: () => attempts++ })
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
