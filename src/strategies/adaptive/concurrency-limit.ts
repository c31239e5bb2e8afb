import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Inspection } from '../../core/strategy.ts'
import type { Controller } from './controller.ts'

/** The bounds of a limit of attempts in flight. */
export interface ConcurrencyBounds {
  /** The limit at the start. */
  readonly start: number
  readonly least: number
  readonly most: number
}

/** Checks the bounds: whole, 1 <= `least` <= `start` <= `most`. Throws an `OptionError`. */
export function expectConcurrencyBounds({ start, least, most }: ConcurrencyBounds): void {
  expectNumber('least', least, { atLeast: 1, whole: true })
  expectNumber('most', most, { atLeast: least, whole: true })
  expectNumber('start', start, { atLeast: least, atMost: most, whole: true })
}

/** A limit of attempts in flight that a law moves. It may have a fraction, which counts as nothing until it is whole. */
export class ConcurrencyLimit implements Controller {
  readonly #least: number
  readonly #most: number
  #limit: number
  #inFlight = 0

  constructor({ start, least, most }: ConcurrencyBounds) {
    this.#limit = start
    this.#least = least
    this.#most = most
  }

  get limit(): number {
    return this.#limit
  }

  set limit(value: number) {
    this.#limit = Math.max(this.#least, Math.min(this.#most, value))
  }

  get inFlight(): number {
    return this.#inFlight
  }

  opensAt(now: Millis): Millis {
    return this.#inFlight < Math.floor(this.#limit) ? now : Infinity
  }

  sent(): void {
    this.#inFlight++
  }

  ended(): void {
    this.#inFlight--
  }

  state(): Inspection {
    return { limit: this.#limit, inFlight: this.#inFlight }
  }
}
