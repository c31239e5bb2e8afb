import type { Reply } from '../../core/call.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectList } from '../bounds.ts'
import { mayBeSent } from '../wait.ts'

/** The options of `articleFallback`. */
export interface ArticleFallbackOptions {
  /** The models, the preferred one first. At least one. Default: qwen3-max, qwen-plus, qwen-turbo, as printed. */
  readonly models?: readonly string[]
}

/** The models of the article's chain, the preferred one first. */
export const articleModels: readonly string[] = ['qwen3-max', 'qwen-plus', 'qwen-turbo']

/**
 * The article's solution 4, "fallback model", as printed (`FallbackClient`). After a 429 it tries the next model at once, without a
 * wait; the reply's `model` says which one answered. When all models are throttled, the print raises an exception; this strategy
 * returns the last reply. Throws an `OptionError` for a wrong option.
 */
export function articleFallback({ models = articleModels }: ArticleFallbackOptions = {}): Strategy {
  const chain = expectList('models', models)
  return {
    name: `articleFallback(${chain.join(' > ')})`,
    wrap: (next, { clock }) =>
      async function articleFallback(call) {
        let reply: Reply | undefined
        for (const model of chain) {
          if (reply && !mayBeSent(call, clock.now())) return reply
          reply = await next({ ...call, target: { ...call.target, model } })
          if (reply.kind !== 'throttled') return reply
        }
        return reply!
      },
  }
}
