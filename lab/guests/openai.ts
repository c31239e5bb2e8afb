import { expectNumber } from '../../src/core/expect.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { guest } from './guest.ts'
import { library } from './library.ts'
import { guestClient, guestPrompt, virtualHttp } from './virtual-http.ts'

/** The options of `guestOpenai`. */
export interface GuestOpenaiOptions {
  /** The SDK's `maxRetries`. Whole, >= 0. Default 2, as in the SDK. */
  readonly maxRetries?: number
}

/** The OpenAI SDK for Node itself, with its own retries: each call is a chat completion. Throws an `OptionError` for a wrong option. */
export function guestOpenai({ maxRetries = 2 }: GuestOpenaiOptions = {}): Strategy {
  expectNumber('maxRetries', maxRetries, { atLeast: 0, whole: true })
  const { OpenAI } = library<typeof import('openai')>('openai')
  return guest(`openai(${maxRetries})`, () => {
    const http = virtualHttp()
    const openai = new OpenAI({ ...guestClient, maxRetries, fetch: http.fetch })
    return (attempt, signal, call) =>
      openai.chat.completions
        .create(
          { model: call.target.model, messages: [{ role: 'user', content: guestPrompt }], max_tokens: call.maxTokens },
          { signal, headers: http.headersFor(call, attempt) },
        )
        .finally(() => http.done(call))
  })
}
