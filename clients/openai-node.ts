import OpenAI from 'openai'
import { collectText } from './node-error.ts'
import type { Client, Task } from './task.ts'
import type { Sdk, Through } from './through-strategy.ts'

function perform({ origin, key, model, prompt, stream }: Task, through?: Partial<Through>) {
  const openai = new OpenAI({ apiKey: key, baseURL: `${origin}/compatible-mode/v1`, ...through })
  const request = { model, messages: [{ role: 'user' as const, content: prompt }] }
  return collectText(async (append) => {
    if (stream) {
      const chunks = await openai.chat.completions.create({ ...request, stream: true })
      for await (const { choices } of chunks) append(choices?.[0]?.delta.content ?? '')
      return undefined
    }
    const { choices, usage } = await openai.chat.completions.create(request)
    append(choices[0]!.message.content ?? '')
    return [usage!.prompt_tokens, usage!.completion_tokens]
  })
}

const client: Client = {
  name: 'openai-node',
  title: 'openai, for Node',
  packages: ['openai'],
  language: 'node',
  protocol: 'compat',
  variants: [],
  waits: [
    [375, 500],
    [750, 1000],
  ],
  obeysAdvice: true,
  perform: (tasks) => Promise.all(tasks.map((task) => perform(task))),
}

export const openaiNode: Sdk = { client, perform }
