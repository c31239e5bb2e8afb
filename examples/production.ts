import OpenAI from 'openai'
import { pace, retry, stack, toFetch } from 'ratelab'

// A batch through the OpenAI SDK that keeps to a rate limit: node examples/production.ts
// It asks `npx ratelab serve --model-limit qwen-plus=rps:10` unless the environment names another address and key.

const { OPENAI_BASE_URL = 'http://127.0.0.1:8420/compatible-mode/v1', OPENAI_API_KEY = 'sk-ratelab' } = process.env

const fetch = toFetch(stack(retry(), pace({ perSecond: 9.5 })), {
  patience: 120_000,
  onAttempt({ call, attempt, reply, error }) {
    if (reply?.kind !== 'ok') console.log(`call ${call}, attempt ${attempt}: ${error ?? reply?.kind}`)
  },
})
const client = new OpenAI({ baseURL: OPENAI_BASE_URL, apiKey: OPENAI_API_KEY, fetch, maxRetries: 0 })

const questions = Array.from({ length: 30 }, (_, i) => `What is ${i} times ${i}?`)
const answers = await Promise.all(
  questions.map((content) =>
    client.chat.completions.create({ model: 'qwen-plus', max_tokens: 50, messages: [{ role: 'user', content }] }),
  ),
)
console.log(`${answers.length} answers`, fetch.inspect())
