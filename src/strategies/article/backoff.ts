import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { mostDoublings } from '../bounds.ts'
import { mayBeSent } from '../wait.ts'

/** The options of `articleBackoff`. */
export interface ArticleBackoffOptions {
  /** The most attempts at a call, the first included. Whole, 1 to 31. Default 5, as printed. */
  readonly attempts?: number
}

/**
 * The article's solution 2, "exponential backoff", as printed (`call_with_backoff`). After a 429, whatever its cause, it waits
 * 2^k + U(0, 1) seconds, k = 0, 1, 2, …, and tries again. The waits have no cap and, compared with 2^k, hardly any spread; with 5
 * attempts they add up to 15 to 19 s. Throws an `OptionError` for a wrong option.
 */
export function articleBackoff({ attempts = 5 }: ArticleBackoffOptions = {}): Strategy {
  expectNumber('attempts', attempts, { atLeast: 1, atMost: mostDoublings, whole: true })
  return {
    name: `articleBackoff(${attempts})`,
    wrap: (next, { clock, random }) =>
      async function articleBackoff(call) {
        for (let k = 0; ; k++) {
          const reply = await next(call)
          if (reply.kind !== 'throttled' || k >= attempts - 1) return reply
          await clock.sleep(Math.ceil((2 ** k + random.next()) * 1000), call.signal)
          if (!mayBeSent(call, clock.now())) return reply
        }
      },
  }
}
