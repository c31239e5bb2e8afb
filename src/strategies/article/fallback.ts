import type { Reply } from '../../core/call.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectList } from '../bounds.ts'
import { mayBeSent } from '../wait.ts'

export interface ArticleFallbackOptions {
  /** The preferred one first. Default: qwen3-max, qwen-plus, qwen-turbo. */
  readonly models?: readonly string[]
}

const printed = ['qwen3-max', 'qwen-plus', 'qwen-turbo']

/**
 * The article's solution 4, "fallback model", as printed (`FallbackClient`): on a 429 the next model at once, without a wait;
 * the reply's `model` says which one answered. When all are throttled the print raises; here the last reply is handed on.
 */
export function articleFallback({ models = printed }: ArticleFallbackOptions = {}): Strategy {
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
