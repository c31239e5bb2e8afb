import { expectNumber, OptionError } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectText, mostDoublings } from '../bounds.ts'
import { mayBeSent } from '../wait.ts'

/** The options of `articleProxyClient`. */
export interface ArticleProxyClientOptions {
  /** The proxy's endpoint, which replaces that of the call. Not empty. */
  readonly endpoint: string
  /** The key for the proxy, which replaces that of the call. Not empty. */
  readonly key: string
  /** The most attempts at a call, the first included. Whole, 1 to 31. Default 3, as printed. */
  readonly attempts?: number
}

/**
 * The article's solution 1, "API proxy", as printed (`Qwen3MaxClient`). It sends to another endpoint with another key, and after a
 * 429 it waits 2^k seconds, k = 0, 1, …, and tries again. The waits have no jitter: calls that were throttled together come back
 * together. Throws an `OptionError` for a wrong option; the message does not quote the key.
 *
 * Terms of service: to pool the quota of several accounts behind a proxy can breach a provider's terms, and the proxy reads every
 * prompt. The laboratory measures this; it does not advise it.
 */
export function articleProxyClient({ endpoint, key, attempts = 3 }: ArticleProxyClientOptions): Strategy {
  expectText('endpoint', endpoint)
  if (typeof key !== 'string' || key === '') throw new OptionError('Expected `key` to be a non-empty string')
  expectNumber('attempts', attempts, { atLeast: 1, atMost: mostDoublings, whole: true })
  return {
    name: `articleProxyClient(${endpoint}, ${attempts})`,
    wrap: (next, { clock }) =>
      async function articleProxyClient(call) {
        const viaProxy = { ...call, target: { ...call.target, endpoint, key } }
        for (let k = 0; ; k++) {
          const reply = await next(viaProxy)
          if (reply.kind !== 'throttled' || k >= attempts - 1) return reply
          await clock.sleep(2 ** k * 1000, call.signal)
          if (!mayBeSent(call, clock.now())) return reply
        }
      },
  }
}
