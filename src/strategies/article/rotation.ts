import type { Strategy } from '../../core/strategy.ts'
import { expectList } from '../bounds.ts'

/** The options of `articleRotation`. */
export interface ArticleRotationOptions {
  /** The API keys. At least one. The article means keys of different accounts. */
  readonly keys: readonly string[]
}

/**
 * The article's solution 3, "multi-account rotation", as printed (`MultiAccountClient`). Each call takes the next key, and nothing
 * is retried. Limits belong to an account, so several keys of one account gain nothing. Throws an `OptionError` for a wrong option.
 *
 * Terms of service: to use several accounts to get round a limit can breach a provider's terms. The laboratory measures this; it
 * does not advise it.
 */
export function articleRotation({ keys }: ArticleRotationOptions): Strategy {
  const ring = expectList('keys', keys)
  return {
    name: `articleRotation(${ring.length} keys)`,
    wrap: (next) => {
      let turn = 0
      return function articleRotation(call) {
        const key = ring[turn]!
        turn = (turn + 1) % ring.length
        return next({ ...call, target: { ...call.target, key } })
      }
    },
  }
}
