import type { Strategy } from '../../core/strategy.ts'
import { expectRate } from '../bounds.ts'
import { expired, mayBeSent } from '../wait.ts'
import { Line, lineName, type WaitingOptions } from './line.ts'
import { firstCome } from './order.ts'
import { retriesFirst } from './retries-first.ts'
import { Slots } from './slots.ts'

/** The options of `pace`. */
export interface PaceOptions extends WaitingOptions {
  /** Attempts per second. >= 1e-6. */
  readonly perSecond: number
  /** Whether a call that comes again, a retry, goes before the calls that come for the first time. Default true. */
  readonly retriesFirst?: boolean
}

/**
 * Spaces attempts evenly, never faster than `perSecond` in any window (`slots.ts` has the bound). Which call is sent is decided only when
 * a slot has come. A waiting call has no slot of its own, so an aborted or expired one leaves no gap, and a retry can still go first.
 * Throws an `OptionError` for a wrong option.
 */
export function pace({ perSecond, retriesFirst: isRetryFirst = true, ...lineOptions }: PaceOptions): Strategy {
  expectRate('perSecond', perSecond, 1000)
  return {
    name: `pace(${perSecond}/s${isRetryFirst ? '' : ', fifo'}${lineName(lineOptions)})`,
    wrap: (next, env) => {
      const { clock } = env
      const slots = new Slots(perSecond, 1000)
      const line = new Line(env, lineOptions, isRetryFirst ? retriesFirst() : firstCome())
      let isServing = false

      async function serve(): Promise<void> {
        isServing = true
        while (!line.isEmpty) {
          const now = clock.now()
          if (slots.next > now) await clock.sleep(Math.ceil(slots.next - now))
          else if (line.serve(now)) slots.take(now)
        }
        isServing = false
      }

      return async function pace(call) {
        const now = clock.now()
        if (slots.next <= now && line.isEmpty) slots.take(now)
        else {
          const turn = line.join(call)
          if (!isServing) serve()
          if (!(await turn) || !mayBeSent(call, clock.now())) return expired
        }
        return line.send(call, next)
      }
    },
  }
}
