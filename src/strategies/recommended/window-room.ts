import type { Millis } from '../../core/clock.ts'
import type { Cap } from './cap.ts'
import type { FreeRejects } from './free-rejects.ts'
import type { Pad } from './pad.ts'
import type { RoundTrips } from './round-trips.ts'
import type { Spending } from './spending.ts'

/** What a test may ask of the shorter windows, as a share of the most that they have borne. */
const precedented = 0.75

/** By how much rejected requests may exceed a limit while they are taken to be free, as a share of it, and one at least. */
const freeShare = 0.1

/** A test begins only if the window was as full half a window ago: a bucket that had time to fill would admit more than its limit. */
const before = { windows: 1.5, limits: 1.35 }

/** When the windows have room for an attempt, and when a full one is tested with more. */
export class WindowRoom {
  readonly #caps: readonly Cap[]
  readonly #spending: Spending
  readonly #trips: RoundTrips
  readonly #pad: Pad
  readonly #rejects: FreeRejects

  constructor(caps: readonly Cap[], spending: Spending, trips: RoundTrips, pad: Pad, rejects: FreeRejects) {
    this.#caps = caps
    this.#spending = spending
    this.#trips = trips
    this.#pad = pad
    this.#rejects = rejects
  }

  /** The first instant at which every window has room for this cost. */
  readyAt(cost: number, now: Millis): Millis {
    let ready = now
    for (const cap of this.#caps) if (cap.limit < Infinity) ready = Math.max(ready, this.#capAt(cap, cost, now))
    return ready
  }

  #capAt(cap: Cap, cost: number, now: Millis): Millis {
    const spent = this.#spending.total
    const distance = 2 * this.#trips.smear
    cap.expire(now, distance, spent)
    let at = this.#roomAt(cap, cost)
    if (at <= now) return at
    if (!cap.isTesting && this.#rejects.mayBeOmitted(cap)) {
      const free = this.#roomAt(cap, cost, this.#spending.admitted)
      at = Math.max(free, this.#roomAt(cap, cost - Math.max(1, freeShare * cap.limit)))
      if (at <= now) return at
    }
    const { counted } = this.#spending
    if (!cap.isTesting && counted.sum(now, before.windows * cap.window) >= before.limits * cap.limit) {
      cap.test(now, distance, spent)
      if (cap.extra > 0) cap.precedents = this.#precedents(cap, now)
      if (cap.isTesting) at = this.#roomAt(cap, cost)
    }
    if (cap.extra > 0 && counted.sum(now, cap.window) + cost > cap.limit)
      return Math.min(this.#roomAt(cap, cost + cap.extra), Math.max(at, this.#precedentedAt(cap, cost, now)))
    return at
  }

  /** When there is room in a window. A cost above the limit goes when the window is empty. */
  #roomAt(cap: Cap, cost: number, log = this.#spending.counted): Millis {
    const excess = cap.isWaiting(this.#spending.total) ? log.total : log.total + cost - cap.allowed
    return (
      log.reached(Math.min(log.total, excess)) + cap.window + (cap.isTesting ? 2 * this.#trips.smear : this.#pad.value)
    )
  }

  /** The most that was admitted in each shorter window during the last two windows of this cap. */
  #precedents({ window }: Cap, now: Millis): readonly number[] {
    const shorter = this.#caps.filter((cap) => cap.window < window)
    return shorter.map((cap) => this.#spending.busiest(cap.window, now, 2 * window))
  }

  /** When one more attempt asks little of the shorter windows: only then does a denial concern the window that is tested. */
  #precedentedAt({ precedents }: Cap, cost: number, now: Millis): Millis {
    const log = this.#spending.counted
    const distance = 2 * this.#trips.smear
    let at = now
    precedents.forEach((most, k) => {
      const { window } = this.#caps[k]!
      const since = now - window - distance
      const excess = log.sum(now, now - since) + cost - precedented * most
      if (excess > 0 && most >= cost) at = Math.max(at, log.reached(log.through(since) + excess) + window + distance)
    })
    return at
  }
}
