import { expectNumber } from '../../src/core/expect.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { guest } from './guest.ts'
import { library } from './library.ts'
import { guestClient, guestPrompt, virtualHttp } from './virtual-http.ts'

/** The options of `guestAi`. */
export interface GuestAiOptions {
  /** The SDK's `maxRetries`. Whole, >= 0. Default 2, as in the SDK. */
  readonly maxRetries?: number
}

/** Vercel's AI SDK itself, with its own retries: each call is a `generateText`. Throws an `OptionError` for a wrong option. */
export function guestAi({ maxRetries = 2 }: GuestAiOptions = {}): Strategy {
  expectNumber('maxRetries', maxRetries, { atLeast: 0, whole: true })
  const { generateText } = library<typeof import('ai')>('ai')
  const { createOpenAICompatible } = library<typeof import('@ai-sdk/openai-compatible')>('@ai-sdk/openai-compatible')
  return guest(`ai(${maxRetries})`, () => {
    const http = virtualHttp()
    const provider = createOpenAICompatible({ ...guestClient, name: 'dashscope', fetch: http.fetch })
    return (attempt, abortSignal, call) =>
      generateText({
        model: provider(call.target.model),
        prompt: guestPrompt,
        maxRetries,
        maxOutputTokens: call.maxTokens,
        abortSignal,
        headers: http.headersFor(call, attempt),
      }).finally(() => http.done(call))
  })
}
