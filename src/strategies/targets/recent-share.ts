import type { Millis } from '../../core/clock.ts'

/** The number of parts of the window. What is older than the window by less than a part still counts. */
const parts = 10

/** The share of events of one kind among those of a window of time, in ten parts of which the oldest is dropped as a whole. */
export class RecentShare {
  readonly #part: Millis
  /** The parts by their number since instant 0, the newest last. */
  #counts: { readonly part: number; hits: number; all: number }[] = []

  /** `window` is in milliseconds. */
  constructor(window: Millis) {
    this.#part = window / parts
  }

  /** Adds an event at `now`. Returns the share of hits, and of how many events. */
  add(isHit: boolean, now: Millis): { readonly share: number; readonly of: number } {
    const part = Math.floor(now / this.#part)
    while (this.#counts.length > 0 && this.#counts[0]!.part <= part - parts) this.#counts.shift()
    if (this.#counts.at(-1)?.part !== part) this.#counts.push({ part, hits: 0, all: 0 })
    const newest = this.#counts.at(-1)!
    newest.all++
    if (isHit) newest.hits++
    let hits = 0
    let all = 0
    for (const each of this.#counts) {
      hits += each.hits
      all += each.all
    }
    return { share: hits / all, of: all }
  }

  clear(): void {
    this.#counts = []
  }
}
