import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { type MockOptions, mock } from '../../../sim/mock/mock.ts'
import { mockFetch } from '../../../sim/skins/fetch/virtual-fetch.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import { seeded } from '../../../src/core/random.ts'
import { toFetch } from '../../../src/fetch.ts'
import { recommended } from '../../../src/strategies/recommended/recommended.ts'

interface World {
  readonly models?: readonly string[]
  readonly stream?: boolean
  readonly switches?: MockOptions['switches']
}

const worlds: Readonly<Record<string, World>> = {
  'qwen-plus': {},
  'qwen3-max': { models: ['qwen3-max'] },
  'three models': { models: ['qwen-plus', 'qwen3-max', 'qwen-turbo'] },
  streams: { stream: true },
  'no burst guard': { switches: { burstGuard: false } },
}

const calls = 200

/** Makes 200 calls at once with the OpenAI SDK, and returns how many attempts they took and the texts of the answers. */
async function drained({ models = ['qwen-plus'], stream = false, switches = {} }: World, seed: number) {
  const clock = virtualClock(1_700_000_000_000)
  const provider = mock({ timeline: clock, seed, switches })
  const fetch = toFetch(recommended(), { fetch: mockFetch(provider), clock, random: seeded(seed) })
  const { chat } = new OpenAI({
    apiKey: 'sk-ratelab',
    baseURL: 'https://mock.test/compatible-mode/v1',
    fetch,
    maxRetries: 0,
  })
  const ask = async (i: number): Promise<string> => {
    const model = models[i % models.length]!
    const request = { model, max_tokens: 20, messages: [{ role: 'user' as const, content: `Question ${i}` }] }
    if (!stream) return (await chat.completions.create(request)).choices[0]!.message.content!
    let text = ''
    for await (const { choices } of await chat.completions.create({ ...request, stream }))
      text += choices[0]?.delta.content ?? ''
    return text
  }
  const texts = await clock.run(Promise.all(Array.from({ length: calls }, (_, i) => ask(i))))
  return { attempts: provider.journal.entries().length, texts }
}

describe.each(Object.keys(worlds))('%s', (name) => {
  test.each([1, 2, 3])('told nothing, it takes at most 1.05 attempts a call (seed %i)', async (seed) => {
    const { attempts, texts } = await drained(worlds[name]!, seed)
    expect(texts.every((text) => text.length > 0)).toBe(true)
    expect(attempts / calls).toBeLessThanOrEqual(1.05)
  })
})
