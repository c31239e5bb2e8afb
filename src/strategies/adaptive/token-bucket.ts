import type { Millis } from '../../core/clock.ts'

/** A bucket that fills at a rate that changes. An attempt takes one token, and waits until there is one. */
export class TokenBucket {
  #perSecond: number
  #capacity: number
  #tokens: number
  #filledAt: Millis

  constructor(perSecond: number, capacity: number, tokens: number, now: Millis) {
    this.#perSecond = perSecond
    this.#capacity = capacity
    this.#tokens = tokens
    this.#filledAt = now
  }

  get perSecond(): number {
    return this.#perSecond
  }

  /** Changes the rate and the capacity. What has filled in by now came at the former rate. */
  fillAt(perSecond: number, capacity: number, now: Millis): void {
    this.#fill(now)
    this.#perSecond = perSecond
    this.#capacity = capacity
  }

  /** Pours out all tokens. */
  empty(now: Millis): void {
    this.#tokens = 0
    this.#filledAt = now
  }

  readyAt(now: Millis): Millis {
    this.#fill(now)
    return this.#tokens >= 1 ? now : now + (1000 * (1 - this.#tokens)) / this.#perSecond
  }

  take(now: Millis): void {
    this.#fill(now)
    this.#tokens--
  }

  #fill(now: Millis): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + (this.#perSecond * (now - this.#filledAt)) / 1000)
    this.#filledAt = now
  }
}
