import { ChatOpenAI } from '@langchain/openai'
import { collectText } from './node-error.ts'
import type { Client, Task } from './task.ts'
import type { Sdk, Through } from './through-strategy.ts'

function perform({ origin, key, model, prompt, stream }: Task, { fetch, ...retries }: Partial<Through> = {}) {
  const configuration = { baseURL: `${origin}/compatible-mode/v1`, ...(fetch && { fetch }) }
  const chat = new ChatOpenAI({ model, apiKey: key, configuration, ...retries })
  return collectText(async (append) => {
    if (stream) {
      for await (const chunk of await chat.stream(prompt)) append(chunk.text)
      return undefined
    }
    const reply = await chat.invoke(prompt)
    append(reply.text)
    const { input_tokens, output_tokens } = reply.usage_metadata!
    return [input_tokens, output_tokens]
  })
}

const client: Client = {
  name: 'langchain',
  title: 'LangChain.js, ChatOpenAI',
  packages: ['@langchain/openai', '@langchain/core'],
  language: 'node',
  protocol: 'compat',
  variants: [],
  waits: [
    [1000, 2000],
    [2000, 4000],
  ],
  obeysAdvice: true,
  perform: (tasks) => Promise.all(tasks.map((task) => perform(task))),
}

export const langchain: Sdk = { client, perform }
