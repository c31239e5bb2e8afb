import type { Call, Cause, Reply } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'

/**
 * What a scripted provider replies to the attempt number `n` (from 0) at a call, which arrives at the instant `now`.
 * A script that throws makes a transport fault of it: the attempt rejects with what was thrown.
 */
export type ProviderScript = (call: Call, n: number, now: Millis) => Reply

/** A new `ok` reply of this model, with a usage of 100 prompt tokens and 10 output tokens. */
export function okReply(model = 'qwen3-max'): Reply {
  return { kind: 'ok', usage: { promptTokens: 100, outputTokens: 10 }, model, body: {} }
}

/** A new `throttled` reply. `retryAfter` is in milliseconds; without it the provider gives no advice. */
export function throttledReply(cause: Cause = 'requests', retryAfter?: Millis): Reply {
  return { kind: 'throttled', cause, body: {}, ...(retryAfter === undefined ? {} : { retryAfter }) }
}

/** A new `failed` reply with this HTTP status. */
export function failedReply(status: number, retryable: boolean): Reply {
  return { kind: 'failed', status, retryable, body: {} }
}

/** Throttles the first `count` attempts at each call, and replies `ok` to the later ones. */
export function throttleFirst(count: number): ProviderScript {
  return (_call, n) => (n < count ? throttledReply() : okReply())
}

/** Throttles every attempt. */
export const throttleAlways: ProviderScript = () => throttledReply()

/** Admits at most `limit` attempts in any trailing window of `window` ms; an attempt that it throttles counts nowhere. */
export function slidingWindow(limit: number, window: Millis): ProviderScript {
  const admitted: Millis[] = []
  return (_call, _n, now) => {
    while (admitted.length > 0 && admitted[0]! <= now - window) admitted.shift()
    if (admitted.length >= limit) return throttledReply()
    admitted.push(now)
    return okReply()
  }
}
