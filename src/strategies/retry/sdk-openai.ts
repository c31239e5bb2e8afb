import type { Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { mayBeSent } from '../wait.ts'

/** The options of `sdkOpenai`. */
export interface SdkOpenaiOptions {
  /** The most retries of a call, `max_retries` of the SDK. Whole, 0 to 31. Default 2, as in the SDK. */
  readonly retries?: number
}

/** The SDK's first wait and its longest one, in milliseconds. */
const firstWait: Millis = 500
const longestWait: Millis = 8000

/** The longest advice that the SDK follows, in milliseconds. After longer advice it gives up. */
const longestAdvice: Millis = 120_000

/**
 * The retries that the OpenAI SDK for Python makes by itself, beneath the code that calls it. It retries after a 429, whatever its
 * cause, and after a failure that is retryable. Before retry k = 0, 1, … it waits min(0.5 · 2^k, 8) · (1 − U(0, 1) / 4) s, or as long as
 * Retry-After says; it gives up when that is more than 120 s. Throws an `OptionError` for a wrong option.
 */
export function sdkOpenai({ retries = 2 }: SdkOpenaiOptions = {}): Strategy {
  expectNumber('retries', retries, { atLeast: 0, atMost: 31, whole: true })
  return {
    name: `sdkOpenai(${retries})`,
    wrap: (next, { clock, random }) =>
      async function sdkOpenai(call) {
        for (let k = 0; ; k++) {
          const reply = await next(call)
          const wait = k < retries ? waitAfter(reply, k, random.next()) : undefined
          if (wait === undefined) return reply
          await clock.sleep(wait, call.signal)
          if (!mayBeSent(call, clock.now())) return reply
        }
      },
  }
}

/** Returns the wait before retry `k`, or undefined when the SDK gives up. `u` is a draw from [0, 1). */
function waitAfter(reply: Reply, k: number, u: number): Millis | undefined {
  if (reply.kind === 'ok' || (reply.kind === 'failed' && !reply.retryable)) return undefined
  const advice = (reply.kind === 'throttled' && reply.retryAfter) || 0
  if (advice > longestAdvice) return undefined
  return Math.ceil(advice > 0 ? advice : Math.min(firstWait * 2 ** k, longestWait) * (1 - u / 4))
}
