import { LinkedList } from './linked-list.ts'
import { firstCome, type LineOrder, type Place } from './order.ts'

/** At least so many unsuccessful calls are remembered. A call that was forgotten waits among the first attempts, and that is all. */
const mostRemembered = 100_000

/**
 * Serves the calls that come again, the retries, before all others, first come first served. Without that, under overload, calls would come
 * back to a line so long that they expire in it. The other calls have an order of their own.
 */
export function retriesFirst(others: LineOrder = firstCome()): LineOrder {
  const retries = new LinkedList<Place>()
  // The calls that may come back. No event tells that one was given up, so the older half is forgotten now and then.
  let unsuccessful = new Set<number>()
  let older = new Set<number>()

  const forget = (id: number): boolean => unsuccessful.delete(id) || older.delete(id)

  function remember(id: number): void {
    unsuccessful.add(id)
    if (unsuccessful.size < mostRemembered) return
    older = unsuccessful
    unsuccessful = new Set()
  }

  return {
    join: (place) => (forget(place.call.id) ? retries.add(place) : others.join(place)),
    first: (now) => retries.first ?? others.first(now),
    started(call) {
      forget(call.id)
      others.started?.(call)
    },
    ended(call, reply) {
      if (reply && reply.kind !== 'ok') remember(call.id)
      others.ended?.(call, reply)
    },
  }
}
