import type { Millis } from '../../core/clock.ts'
import type { Unit } from '../../core/limit.ts'
import type { Cap } from './cap.ts'
import type { Pad } from './pad.ts'
import type { RoundTrips } from './round-trips.ts'
import type { Spending } from './spending.ts'

/** So many denials at least are most of a clump, or all of it if it is smaller. */
const leastClump = 3

/** A denial concerns a cap if its window lacked at most this share of the limit, or one and a half requests. */
const near = 0.05

/** Whether a known cap explains the denials of a flight, attempts that were under way when the first of them came. */
export class Explanation {
  readonly #unit: Unit
  readonly #caps: readonly Cap[]
  readonly #spending: Spending
  readonly #trips: RoundTrips
  readonly #pad: Pad
  /** The cap whose full window was taken to explain the first denial of the flight, and the number of denials in this flight. */
  #struck: Cap | undefined
  #denials = 0

  constructor(unit: Unit, caps: readonly Cap[], spending: Spending, trips: RoundTrips, pad: Pad) {
    this.#unit = unit
    this.#caps = caps
    this.#spending = spending
    this.#trips = trips
    this.#pad = pad
  }

  /** A flight begins with its first denial. */
  begin(): void {
    this.#struck = undefined
    this.#denials = 1
  }

  /** Whether a known cap explains the first denial of a flight. The one with the shortest window learns from it. `flight`: when its clump began. */
  isKnown(sentAt: Millis, cost: number, now: Millis, flight: Millis): boolean {
    for (const cap of this.#caps) {
      if (cap.limit === Infinity) continue
      const sum = this.#spending.possibly(cap.window, sentAt, flight)
      const slack = this.#unit === 'requests' ? 0 : cost
      const isNear = sum >= cap.limit - slack - Math.max(1.5, near * cap.limit)
      if (sum >= cap.allowed - slack || (isNear && !cap.isTesting)) {
        this.#pad.denied()
        cap.strike(now)
        this.#struck = cap
      } else if (isNear) cap.lower(sum, now, this.#spending.total)
      else continue
      return true
    }
    return false
  }

  /** Whether one more denial in the flight makes too many: the delays of the network explain some of a clump, but not most of it. */
  isRefuted(): boolean {
    this.#denials++
    const struck = this.#struck
    if (!struck) return false
    const most = struck.limit * Math.min(0.5, 0.1 + (2 * this.#trips.smear) / struck.window)
    if (this.#denials < Math.max(2, Math.min(leastClump, struck.limit), most)) return false
    this.#struck = undefined
    return true
  }
}
