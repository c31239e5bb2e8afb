import { priceOf } from '../../sim/provider/billing.ts'
import type { Reply, Usage } from '../../src/core/call.ts'
import type { Profile } from '../../src/scenario/profile.ts'

/** What a load may cost at most. */
export interface SpendingCaps {
  /** The most requests that are sent. Default: no cap. */
  readonly maxRequests?: number
  /** The most that they may cost by the profile's prices, in its currency. Default: no cap. */
  readonly maxSpend?: number
}

/** Keeps a load below its caps. */
export interface CappedSpending {
  /**
   * Takes a request to a model up to its highest price. Returns the cap that stands in its way, and then it must not be sent; or else a function that is called
   * once with its real usage, when it is over. A request whose usage nobody knows counts with its highest price.
   */
  take(model: string, highest: Usage): keyof SpendingCaps | ((usage: Usage | undefined) => void)
}

/** The spending of a load that has sent nothing yet. */
export function spendingOf(
  profile: Profile,
  { maxRequests = Infinity, maxSpend = Infinity }: SpendingCaps,
): CappedSpending {
  let requests = 0
  let spent = 0
  return {
    take(model, highest) {
      const most = priceIn(profile, model, highest)
      if (requests >= maxRequests) return 'maxRequests'
      if (spent + most > maxSpend) return 'maxSpend'
      requests++
      spent += most
      return (usage) => {
        if (usage) spent += priceIn(profile, model, usage) - most
      }
    },
  }
}

/** Returns the price of a request. A model that the profile does not have costs nothing. */
export function priceIn({ models }: Profile, model: string, usage: Usage): number {
  const row = models[model]
  return row ? priceOf(row, usage) : 0
}

/**
 * Returns what a reply is billed for. Nobody knows it of a request whose caller has left or whose connection broke: it may have been answered all the same.
 */
export function billedUsage(reply: Reply | undefined): Usage | undefined {
  if (reply?.kind === 'ok') return reply.usage
  return !reply || (reply.kind === 'failed' && reply.status === 0) ? undefined : { promptTokens: 0, outputTokens: 0 }
}
