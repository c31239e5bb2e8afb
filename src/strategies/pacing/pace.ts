import type { Strategy } from '../../core/strategy.ts'
import { expectRate } from '../bounds.ts'
import { expired, mayBeSent } from '../wait.ts'
import { Line, Slots } from './line.ts'

/** The options of `pace`. */
export interface PaceOptions {
  /** Attempts per second. >= 1e-6. */
  readonly perSecond: number
  /** Whether a call that comes again, a retry, goes before the calls that come for the first time. Default true. */
  readonly retriesFirst?: boolean
}

/** At least so many unsuccessful calls are remembered. A call that was forgotten waits among the first attempts, and that is all. */
const mostRemembered = 100_000

/**
 * Spaces attempts evenly, never faster than `perSecond` in any window (`Slots` in `line.ts` has the bound). Which call is sent is
 * decided only when a slot has come. A waiting call has no slot of its own, so an aborted or expired one leaves no gap, and a retry
 * can still go first. Without that, under overload, calls would come back to a line so long that they expire in it. Throws an
 * `OptionError` for a wrong option.
 */
export function pace({ perSecond, retriesFirst = true }: PaceOptions): Strategy {
  expectRate('perSecond', perSecond, 1000)
  return {
    name: `pace(${perSecond}/s${retriesFirst ? '' : ', fifo'})`,
    wrap: (next, { clock }) => {
      const slots = new Slots(perSecond, 1000)
      const retries = new Line()
      const firsts = new Line()
      let isServing = false
      // The calls that may come back. No event tells that one was given up, so the older half is forgotten now and then.
      let unsuccessful = new Set<number>()
      let older = new Set<number>()

      function remember(id: number): void {
        unsuccessful.add(id)
        if (unsuccessful.size < mostRemembered) return
        older = unsuccessful
        unsuccessful = new Set()
      }

      async function serve(): Promise<void> {
        isServing = true
        while (!retries.isEmpty || !firsts.isEmpty) {
          const now = clock.now()
          if (slots.next > now) await clock.sleep(Math.ceil(slots.next - now))
          else if (retries.serve(now) || firsts.serve(now)) slots.take(now)
        }
        isServing = false
      }

      return async function pace(call) {
        const isRetry = unsuccessful.delete(call.id) || older.delete(call.id)
        const now = clock.now()
        if (slots.next <= now && retries.isEmpty && firsts.isEmpty) slots.take(now)
        else {
          const turn = (isRetry ? retries : firsts).join(call)
          if (!isServing) serve()
          if (!(await turn) || !mayBeSent(call, clock.now())) return expired
        }
        const reply = await next(call)
        if (retriesFirst && reply.kind !== 'ok') remember(call.id)
        return reply
      }
    },
  }
}
