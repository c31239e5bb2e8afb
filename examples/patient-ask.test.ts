import { setupServer } from 'msw/node'
import OpenAI from 'openai'
import { type Clock, systemClock } from 'ratelab'
import { borrowTime, virtualClock } from 'ratelab/mock'
import { handlers } from 'ratelab/msw'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

// This is a test suite of your own: it tests a retry against a token limit of Model Studio. Minutes of waiting take milliseconds.

/** The code under test. It asks again while the service throttles, and doubles its wait each time. */
async function askPatiently(openai: OpenAI, question: string, clock: Clock = systemClock): Promise<string | null> {
  for (let wait = 5000; ; wait *= 2) {
    try {
      const messages = [{ role: 'user' as const, content: question }]
      const reply = await openai.chat.completions.create({ model: 'qwen3-max', messages }, { maxRetries: 0 })
      return reply.choices[0]!.message.content
    } catch (error) {
      if (!(error instanceof OpenAI.RateLimitError) || wait > 60_000) throw error
      await clock.sleep(wait)
    }
  }
}

const clock = virtualClock()
const dashscope = handlers({
  clock,
  profile: 'intl',
  limits: { 'qwen3-max': [{ rule: 'tpm', limit: 1000, window: 60_000 }] },
  wire: { answerTokens: 100, answerSpread: 0 },
})
const server = setupServer(...dashscope)
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => dashscope.mock.reset())
afterAll(() => server.close())

/** Makes a client within a test, because a client keeps the `fetch` that is in place when it is made, and that must be msw's. */
const client = () =>
  new OpenAI({ apiKey: 'sk-ratelab', baseURL: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1' })
/** The question has about 900 tokens. */
const question = 'What is a rate limit? '.repeat(164)
const asked = () => dashscope.mock.journal.entries().map(({ status, verdict }) => [status, verdict])

test('a patient caller gets its answer after the minute', async () => {
  const openai = client()
  await clock.run(askPatiently(openai, question, clock))
  const start = clock.now()
  await expect(clock.run(askPatiently(openai, question, clock))).resolves.toMatch(/^\w+/)
  expect(clock.now() - start).toBeGreaterThan(55_000)
  expect(asked()).toEqual([[200, 'admitted'], ...Array(4).fill([429, 'tpm']), [200, 'admitted']])
})

test('the SDK’s own retries end within two seconds, before the limit admits anything', async () => {
  const openai = client()
  const release = borrowTime(clock)
  try {
    const ask = () =>
      openai.chat.completions.create({ model: 'qwen3-max', messages: [{ role: 'user', content: question }] })
    await clock.run(ask())
    const start = clock.now()
    await expect(clock.run(ask())).rejects.toBeInstanceOf(OpenAI.RateLimitError)
    expect(clock.now() - start).toBeLessThan(2000)
    expect(asked()).toEqual([[200, 'admitted'], ...Array(3).fill([429, 'tpm'])])
  } finally {
    release()
  }
})
