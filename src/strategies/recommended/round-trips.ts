import type { Millis } from '../../core/clock.ts'

/** The weight of the newest round trip in the averages. */
const weight = 0.1

/**
 * What denials tell of the network: a 429 takes no service time, so its round trip is the delay of the network alone. From the mean and
 * the mean absolute deviation of the round trips follow the times that the other parts need.
 */
export class RoundTrips {
  #mean = Number.NaN
  #deviation = 0

  add(roundTrip: Millis): void {
    if (Number.isNaN(this.#mean)) {
      this.#mean = roundTrip
      this.#deviation = roundTrip / 8
      return
    }
    this.#deviation += weight * (Math.abs(roundTrip - this.#mean) - this.#deviation)
    this.#mean += weight * (roundTrip - this.#mean)
  }

  /** The step by which pads change. */
  get step(): Millis {
    return Math.max(1, this.#deviation / 3)
  }

  /** Sends that are this close to each other may arrive in another order. */
  get smear(): Millis {
    return Math.min(1000, Math.max(20, Math.round(3 * this.#deviation)))
  }

  /** An attempt that has not been denied for so long was admitted. */
  get silence(): Millis {
    return Math.max(300, Math.round((this.#mean || 0) + 8 * this.#deviation))
  }
}
