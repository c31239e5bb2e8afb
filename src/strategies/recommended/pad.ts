import type { Millis } from '../../core/clock.ts'
import type { RoundTrips } from './round-trips.ts'

/** The share of attempts in full windows that may be denied. */
const target = 0.02

/**
 * By how much a window is widened, since two attempts do not take equally long to arrive. A denial in a full window widens it, and every
 * admission narrows it a little, so that the share of denials comes to the target whatever the delays of the network are. Denials do not widen
 * it beyond what delays can explain: others who use the account would otherwise widen it without end.
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
    this.#exact = Math.min(this.#exact + this.#trips.step, Math.max(this.#exact, this.#trips.smear))
  }

  admitted(): void {
    this.#exact = Math.max(0, this.#exact - (this.#trips.step * target) / (1 - target))
  }
}
