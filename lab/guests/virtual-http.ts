import type { Call, Reply } from '../../src/core/call.ts'
import { type GuestAttempt, isNotOk } from './guest.ts'

/** The header by which a request of an SDK tells to which call it belongs. */
const callHeader = 'x-ratelab-call'

/** What an SDK sends over instead of a network: each request of a call is an attempt, and its reply an HTTP response of the provider. */
export interface VirtualHttp {
  readonly fetch: typeof fetch
  /** Returns the headers of the call's requests, which lead to these attempts. */
  headersFor(call: Call, attempt: GuestAttempt): Record<string, string>
  /** Forgets the call. */
  done(call: Call): void
}

export function virtualHttp(): VirtualHttp {
  const attempts = new Map<string, GuestAttempt>()
  return {
    fetch: async (_url, init) => {
      const attempt = attempts.get(new Headers(init?.headers).get(callHeader)!)!
      try {
        return responseOf(await attempt())
      } catch (error) {
        if (isNotOk(error)) return responseOf(error.reply)
        throw error
      }
    },
    headersFor: ({ id }, attempt) => {
      attempts.set(String(id), attempt)
      return { [callHeader]: String(id) }
    },
    done: ({ id }) => attempts.delete(String(id)),
  }
}

function responseOf(reply: Reply): Response {
  if (reply.kind === 'ok') return Response.json(completion(reply))
  if (reply.kind === 'failed') return Response.json(reply.body ?? {}, { status: statusOf(reply) })
  const { retryAfter, body } = reply
  // The header has milliseconds, so that the advice is the very one of the reply.
  return Response.json(body, { status: 429, headers: retryAfter ? { 'retry-after-ms': String(retryAfter) } : {} })
}

/** A reply to which nothing was sent has the status 0, which no response can have. */
function statusOf({ status, retryable }: Extract<Reply, { kind: 'failed' }>): number {
  return status || (retryable ? 503 : 400)
}

function completion({ model, usage: { promptTokens, outputTokens } }: Extract<Reply, { kind: 'ok' }>): object {
  return {
    id: 'chatcmpl-guest',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: 'An answer.' }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: outputTokens,
      total_tokens: promptTokens + outputTokens,
    },
  }
}

/** What a user asks an SDK for. Its text does not matter, since the simulated provider has the call itself. */
export const guestPrompt = 'Hello!'
/** An address that nothing is sent to, and a key that nobody has. */
export const guestClient = { baseURL: 'https://provider.invalid/v1', apiKey: 'guest' }
