import type { Millis } from '../../core/clock.ts'
import type { Unit } from '../../core/limit.ts'
import type { Cap } from './cap.ts'
import { RejectTest } from './reject-test.ts'
import type { RoundTrips } from './round-trips.ts'
import type { SentAttempt } from './sent-attempt.ts'
import type { Spending } from './spending.ts'

/** What is learned of whether rejected attempts count (`reject-test.ts`), and which attempts find it out. Rejected tokens never count. */
export class FreeRejects {
  readonly #unit: Unit
  readonly #caps: readonly Cap[]
  readonly #spending: Spending
  readonly #trips: RoundTrips
  readonly #test = new RejectTest()

  constructor(unit: Unit, caps: readonly Cap[], spending: Spending, trips: RoundTrips) {
    this.#unit = unit
    this.#caps = caps
    this.#spending = spending
    this.#trips = trips
  }

  get areFree(): boolean {
    return this.#test.areFree
  }

  /** Whether an attempt may be sent for which a window has room only if rejects are free. */
  mayBeOmitted({ failures }: Cap): boolean {
    return this.#test.areFree || (failures > 0 && this.#mayTest())
  }

  send(attempt: SentAttempt): void {
    if (this.#mayTest() && this.#mustBeFree(attempt.sentAt)) this.#test.send(attempt)
  }

  end(attempt: SentAttempt, outcome: 'admitted' | 'denied' | 'unknown'): void {
    this.#test.end(attempt, outcome)
    this.#spending.takeRejectsAs(this.#test.areFree)
  }

  #mayTest(): boolean {
    return this.#unit === 'requests' && this.#test.isOpen
  }

  /** Whether what was sent until now fits into some window only if rejects are free. */
  #mustBeFree(sentAt: Millis): boolean {
    const distance = 2 * this.#trips.smear
    return this.#caps.some(
      ({ limit, failures, isTesting, window }) =>
        failures > 0 && !isTesting && this.#spending.counted.sum(sentAt, window - distance) > limit,
    )
  }
}
