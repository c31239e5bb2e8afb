import type { Millis } from '../../core/clock.ts'
import type { Unit } from '../../core/limit.ts'
import { AmountLog } from './amount-log.ts'
import type { RoundTrips } from './round-trips.ts'

/** The log reaches this much further back than the longest window, since replies and delays are late. */
const reserve: Millis = 30_000

/** How often the sums of a window are looked at in the search for their greatest: so many times in each window, and never more often than this. */
const looks = 4
const shortestLook: Millis = 250

/** What this client has spent of one unit, and what it says of a window: surely, probably and possibly, since delays in the network differ. */
export class Spending {
  /** All that was sent. Rejected requests stay in it, because a provider may count them; rejected tokens do not. */
  readonly counted = new AmountLog()
  /** What was admitted, as far as it is known. */
  readonly admitted: AmountLog
  readonly #trips: RoundTrips
  /** Whether rejected requests are known not to count. */
  #rejectsAreFree = false

  constructor(unit: Unit, trips: RoundTrips) {
    this.admitted = unit === 'requests' ? new AmountLog() : this.counted
    this.#rejectsAreFree = unit === 'tokens'
    this.#trips = trips
  }

  /** What counts when it is not known whether rejects do: everything. */
  get total(): number {
    return this.counted.total
  }

  takeRejectsAs(free: boolean): void {
    this.#rejectsAreFree = free || this.admitted === this.counted
  }

  add(at: Millis, amount: number): void {
    this.counted.add(at, amount)
    if (this.admitted !== this.counted) this.admitted.add(at, amount)
  }

  /** An attempt of this instant was denied. */
  reject(at: Millis, amount: number): void {
    this.admitted.add(at, -amount)
  }

  /** The least that was in the window of an attempt that was admitted, itself included, whatever the delays were. */
  surely(window: Millis, sentAt: Millis): number {
    return this.admitted.sum(sentAt, Math.max(1, window - 2 * this.#trips.smear))
  }

  /** The most that can have been in the window of an attempt that was denied, besides it. `flight` as in `probably`. */
  possibly(window: Millis, sentAt: Millis, flight: Millis): number {
    const { smear } = this.#trips
    return this.#untilDenial(window + 2 * smear, sentAt + smear, flight)
  }

  /**
   * What was probably in the window of an attempt that was denied, besides it: the clump to which it belongs, less what was denied of
   * it, and the rejects from before `flight`, the instant at which the clump began, unless they are known not to count.
   */
  probably(window: Millis, sentAt: Millis, now: Millis, flight: Millis): number {
    return this.#untilDenial(window, Math.min(now, sentAt + this.#trips.smear), flight)
  }

  #untilDenial(window: Millis, until: Millis, flight: Millis): number {
    const since = until - window
    const sum = this.admitted.sum(until, window)
    if (this.#rejectsAreFree || flight <= since) return sum
    return sum + this.counted.sum(flight, flight - since) - this.admitted.sum(flight, flight - since)
  }

  /** The most that was admitted in any window of this length that ended in the time before `now`. */
  busiest(window: Millis, now: Millis, time: Millis): number {
    let most = 0
    for (let until = now; until > now - time; until -= Math.max(shortestLook, window / looks))
      most = Math.max(most, this.admitted.sum(until, window))
    return most
  }

  /** Forgets what no window up to this length asks for any more. */
  forget(now: Millis, longest: Millis): void {
    this.counted.forget(now - longest - reserve)
    if (this.admitted !== this.counted) this.admitted.forget(now - longest - reserve)
  }
}
