import type { Call, Cause, Reply } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'

/**
 * Returns the reply of a scripted provider to an attempt. `n` is the number of the attempt among those at the same call, from 0, and
 * `now` is the instant of its arrival. A script that throws causes a transport fault: the attempt rejects with what was thrown.
 */
export type ProviderScript = (call: Call, n: number, now: Millis) => Reply

/** Returns a new `ok` reply of this model, with a usage of 100 prompt tokens and 10 output tokens. */
export function okReply(model = 'qwen3-max'): Reply {
  return { kind: 'ok', usage: { promptTokens: 100, outputTokens: 10 }, model, body: {} }
}

/** Returns a new `throttled` reply. `retryAfter` is in milliseconds. Default: the provider gives no advice. */
export function throttledReply(cause: Cause = 'requests', retryAfter?: Millis): Reply {
  return { kind: 'throttled', cause, body: {}, ...(retryAfter === undefined ? {} : { retryAfter }) }
}

/** Returns a new `failed` reply with this HTTP status. */
export function failedReply(status: number, retryable: boolean): Reply {
  return { kind: 'failed', status, retryable, body: {} }
}

/** Returns a script that throttles the first `count` attempts at each call, and replies `ok` to later ones. */
export function throttleFirst(count: number): ProviderScript {
  return (_call, n) => (n < count ? throttledReply() : okReply())
}

/** The script that throttles every attempt. */
export const throttleAlways: ProviderScript = () => throttledReply()

/** Returns a script that admits at most `limit` attempts in any trailing window of `window` ms. Throttled attempts do not count. */
export function slidingWindow(limit: number, window: Millis): ProviderScript {
  const admitted: Millis[] = []
  return (_call, _n, now) => {
    while (admitted.length > 0 && admitted[0]! <= now - window) admitted.shift()
    if (admitted.length >= limit) return throttledReply()
    admitted.push(now)
    return okReply()
  }
}
