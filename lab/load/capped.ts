import type { Call, Reply, Send, Usage } from '../../src/core/call.ts'
import type { Signal } from '../../src/core/clock.ts'
import { billedUsage, type CappedSpending, type SpendingCaps } from './spending.ts'

export interface CapOptions {
  readonly spending: CappedSpending
  /** Returns the most tokens that a request can be billed for. */
  readonly highestUsage: (call: Call) => Usage
  /** Called when a cap is reached and all that was sent before is over. It ends the load. */
  readonly reached: (cap: keyof SpendingCaps) => void
}

/** Returns a `Send` that keeps a load below its caps. An attempt that would exceed one is not sent and never answered. */
export function capped(next: Send, { spending, highestUsage, reached }: CapOptions): Send {
  let underWay = 0
  let cap: keyof SpendingCaps | undefined
  const endIfOver = () => {
    if (cap !== undefined && underWay === 0) reached(cap)
  }
  return async (call) => {
    const taken = cap ?? spending.take(call.target.model, highestUsage(call))
    if (typeof taken === 'string') {
      cap = taken
      endIfOver()
      return untilAborted(call.signal)
    }
    underWay++
    let reply: Reply | undefined
    try {
      reply = await next(call)
      return reply
    } finally {
      taken(billedUsage(reply))
      underWay--
      endIfOver()
    }
  }
}

/** Rejects with the reason of a signal when it aborts. */
function untilAborted(signal: Signal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason))
  })
}
