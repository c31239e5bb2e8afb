import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError, generateText, RetryError, streamText } from 'ai'
import { callerErrorOf } from './node-error.ts'
import type { CallerError, CallerView, Client, Task } from './task.ts'
import type { Sdk, Through } from './through-strategy.ts'

async function perform(
  { origin, key, model: id, prompt, stream }: Task,
  { fetch, ...retries }: Partial<Through> = {},
): Promise<CallerView> {
  const provider = createOpenAICompatible({
    name: 'dashscope',
    apiKey: key,
    baseURL: `${origin}/compatible-mode/v1`,
    ...(fetch && { fetch }),
  })
  const model = provider(id)
  if (!stream) {
    try {
      const { text, usage } = await generateText({ model, prompt, ...retries })
      return { text, tokens: [usage.inputTokens!, usage.outputTokens!] }
    } catch (error) {
      return { text: '', error: callerErrorIn(error, 'raised') }
    }
  }
  let text = ''
  let error: CallerError | undefined
  const onError = (event: { error: unknown }) => {
    error = callerErrorIn(event.error, 'callback')
  }
  try {
    for await (const part of streamText({ model, prompt, onError, ...retries }).textStream) text += part
  } catch (thrown) {
    error = callerErrorIn(thrown, 'raised')
  }
  return { text, ...(error && { error }) }
}

/** Describes an error. A retry error wraps the last attempt's error, and the result has the names of both. */
function callerErrorIn(error: unknown, by: CallerError['by']): CallerError {
  if (RetryError.isInstance(error)) {
    const inner = callerErrorIn(error.lastError, by)
    return { ...inner, class: `${error.name} of ${inner.class}`, message: error.message }
  }
  if (!APICallError.isInstance(error)) return callerErrorOf(error, by)
  const { name, statusCode, responseHeaders, data, message } = error
  const body = (data as { error?: { code?: string; type?: string } } | undefined)?.error
  return {
    by,
    class: name,
    status: statusCode ?? null,
    code: body?.code ?? null,
    type: body?.type ?? null,
    requestId: responseHeaders?.['x-request-id'] ?? null,
    message,
  }
}

const client: Client = {
  name: 'ai-sdk',
  title: 'AI SDK, with @ai-sdk/openai-compatible',
  packages: ['ai', '@ai-sdk/openai-compatible'],
  language: 'node',
  protocol: 'compat',
  variants: [],
  waits: [
    [2000, 2000],
    [4000, 4000],
  ],
  obeysAdvice: true,
  perform: (tasks) => Promise.all(tasks.map((task) => perform(task))),
}

export const aiSdk: Sdk = { client, perform }
