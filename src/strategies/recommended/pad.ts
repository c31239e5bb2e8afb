import type { Millis } from '../../core/clock.ts'
import type { RoundTrips } from './round-trips.ts'

/** The share of attempts in full windows that may be denied. */
const target = 0.02

/**
 * By how much a window is widened, since two attempts do not take equally long to arrive. A denial in a full window widens it, and every
 * admission narrows it a little, so that the share of denials comes to the target whatever the delays of the network are.
 */
export class Pad {
  readonly #trips: RoundTrips
  #exact = 20

  constructor(trips: RoundTrips) {
    this.#trips = trips
  }

  get value(): Millis {
    return Math.round(this.#exact)
  }

  denied(): void {
    this.#exact += this.#trips.step
  }

  admitted(): void {
    this.#exact = Math.max(0, this.#exact - (this.#trips.step * target) / (1 - target))
  }
}
