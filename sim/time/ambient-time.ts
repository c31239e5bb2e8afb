import { InputError } from '../../src/checks/input-error.ts'
import { dateOf, LentTimer, lentTime } from './lent-time.ts'
import type { Timeline } from './virtual-clock.ts'

let isBorrowed = false

/**
 * Replaces the time of the platform by simulated time, for libraries that use the former, as SDKs do between retries. `setTimeout`, `setInterval`,
 * the functions that clear them, `Date` and `performance.now` follow the timeline until the returned function is called, which also clears the
 * timers that are left. Nothing else follows it: neither `node:timers` nor sockets, for which time would pass too fast. Throws when the time is
 * already borrowed.
 */
export function borrowTime(timeline: Timeline): () => void {
  if (isBorrowed)
    throw new InputError('Expected nobody else to have borrowed the ambient time: release it first', 'TIME_BORROWED')
  isBorrowed = true
  const { setTimeout, setInterval, clearTimeout, clearInterval, Date: RealDate } = globalThis
  const { now } = performance
  const ahead = performance.now() - timeline.now()
  const lent = lentTime(timeline)

  const clear = (timer: unknown) => {
    if (timer instanceof LentTimer) timer.close()
    // This timer was set before the time was borrowed.
    else clearTimeout(timer as Parameters<typeof clearTimeout>[0])
  }
  Object.assign(globalThis, {
    setTimeout: lent.setTimeout,
    setInterval: lent.setInterval,
    clearTimeout: clear,
    clearInterval: clear,
    Date: dateOf(RealDate, lent.now),
  })
  performance.now = () => timeline.now() + ahead

  let isReleased = false
  return () => {
    if (isReleased) return
    isReleased = true
    isBorrowed = false
    lent.close()
    Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval, Date: RealDate })
    performance.now = now
  }
}
