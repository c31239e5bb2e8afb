import { priceOf } from '../../sim/provider/billing.ts'
import type { Call, Usage } from '../../src/core/call.ts'
import type { Profile } from '../../src/scenario/profile.ts'

/** What a load may cost at most. */
export interface SpendingCaps {
  /** The most requests that are sent. Default: no cap. */
  readonly maxRequests?: number
  /** The most that they may cost by the profile's prices, in its currency. Default: no cap. */
  readonly maxSpend?: number
}

/** Keeps a load below its caps. */
export interface Spending {
  /** Takes a request up to its highest price. Returns which cap stands in its way, if one does; then the request must not be sent. */
  take(call: Call): keyof SpendingCaps | undefined
  /** Gives back what a request was taken up for beyond its real price, which it returns. Called once for each, when its reply is complete. */
  settle(call: Call, usage: Usage | undefined): number
}

/** The spending of a load that has sent nothing yet. A model that the profile does not have costs nothing. */
export function spendingOf(
  { models }: Profile,
  { maxRequests = Infinity, maxSpend = Infinity }: SpendingCaps,
): Spending {
  let requests = 0
  let spent = 0
  const price = ({ target }: Call, usage: Usage) => {
    const row = models[target.model]
    return row ? priceOf(row, usage) : 0
  }
  const highest = (call: Call) => price(call, { promptTokens: call.promptTokens, outputTokens: call.maxTokens })
  return {
    take(call) {
      if (requests >= maxRequests) return 'maxRequests'
      if (spent + highest(call) > maxSpend) return 'maxSpend'
      requests++
      spent += highest(call)
      return undefined
    },
    settle(call, usage) {
      const money = usage ? price(call, usage) : 0
      spent += money - highest(call)
      return money
    },
  }
}
