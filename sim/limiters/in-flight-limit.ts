import type { Millis } from '../../src/core/clock.ts'
import { expectNumber } from '../../src/core/expect.ts'
import type { Limiter } from './limiter.ts'

/** A limiter of requests in flight. What enters it leaves by itself at its end. */
export interface InFlightLimit extends Pick<Limiter, 'check'> {
  /** Counts a request from now on, which ends at this instant at the latest. */
  enter(end: Millis, now: Millis): void
  /** Ends a request early that was to end at this instant. It has no effect when it has ended. */
  leave(end: Millis): void
}

/** At most `limit` requests in flight. Whole, > 0. Time and memory: in proportion to the requests in flight. */
export function inFlightLimit(limit: number): InFlightLimit {
  expectNumber('limit', limit, { above: 0, whole: true })
  /** When each request in flight ends, the first to end first. */
  const ends: Millis[] = []

  function expire(now: Millis): void {
    let over = 0
    while (over < ends.length && ends[over]! <= now) over++
    if (over > 0) ends.splice(0, over)
  }

  /** The place of the first request that ends at this instant or later. */
  function placeOf(end: Millis): number {
    const place = ends.findIndex((each) => each >= end)
    return place < 0 ? ends.length : place
  }

  return {
    check({ requests }, now) {
      expire(now)
      if (requests === 0 || ends.length + requests <= limit) return undefined
      const freed = ends[ends.length + requests - limit - 1]
      return { rule: 'concurrency', retryAfter: freed === undefined ? Infinity : freed - now }
    },
    enter(end, now) {
      expire(now)
      ends.splice(placeOf(end), 0, end)
    },
    leave(end) {
      const place = placeOf(end)
      if (ends[place] === end) ends.splice(place, 1)
    },
  }
}
