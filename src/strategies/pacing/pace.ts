import type { Strategy } from '../../core/strategy.ts'
import { expectRate } from '../bounds.ts'
import { expired, mayBeSent } from '../wait.ts'
import { Line, Slots } from './line.ts'

export interface PaceOptions {
  /** Attempts a second. >= 1e-6. */
  readonly perSecond: number
  /** Whether a call that comes again (a retry) goes before those that come for the first time. Default true. */
  readonly retriesFirst?: boolean
}

/** How many unsuccessful calls are remembered at least. One that was forgotten waits among the first attempts: no harm but its place. */
const mostRemembered = 100_000

/**
 * Even spacing, never faster than `perSecond` in any window (`slots.ts` has the bound). Who is sent is decided only when
 * the slot has come: a waiting call holds none, so an aborted or expired one leaves no gap, and a retry can still go first.
 * Without that, under overload, calls come back to a line so long that they expire in it.
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
      // Calls that may come back. Nobody tells when one has been given up, so the older half is forgotten now and then.
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
