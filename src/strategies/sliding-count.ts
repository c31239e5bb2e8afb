import type { Millis } from '../core/clock.ts'

/** Forgotten instants are cut off when there are so many, so that cutting costs little for each of them. */
const mostForgotten = 1024

/** Counts events in a trailing window (t − window, t]. */
export class SlidingCount {
  readonly #window: Millis
  #instants: Millis[] = []
  #forgotten = 0

  constructor(window: Millis) {
    this.#window = window
  }

  /** Adds an event. Events are added in the order of their instants. */
  add(now: Millis): void {
    this.#forget(now)
    this.#instants.push(now)
  }

  /** Returns the number of events in the window that ends at `now`. `now` never goes back. */
  at(now: Millis): number {
    this.#forget(now)
    return this.#instants.length - this.#forgotten
  }

  /** Forgets what has left the window. It is done at each event too: whoever only adds must not fill the memory. */
  #forget(now: Millis): void {
    while (this.#instants[this.#forgotten]! <= now - this.#window) this.#forgotten++
    if (this.#forgotten >= mostForgotten) {
      this.#instants = this.#instants.slice(this.#forgotten)
      this.#forgotten = 0
    }
  }
}
