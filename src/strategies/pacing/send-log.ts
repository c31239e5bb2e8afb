import type { Millis } from '../../core/clock.ts'
import type { Meter } from './meter.ts'

interface Entry {
  readonly at: Millis
  cost: number
}

/**
 * A sliding log of own sends: the sum of their costs in the window (now − window, now] never exceeds the limit. A cost that is greater than the
 * limit counts as the whole limit, so that it goes when the window is empty, and the provider decides.
 */
export class SendLog implements Meter {
  readonly #limit: number
  readonly #window: Millis
  /** The entries from `#first` on are in the window, or were at the last look; `#sum` is theirs. */
  #entries: Entry[] = []
  #first = 0
  #sum = 0

  constructor(limit: number, window: Millis) {
    this.#limit = limit
    this.#window = window
  }

  opensAt(cost: number, now: Millis): Millis {
    this.#expire(now)
    let excess = this.#sum + Math.min(cost, this.#limit) - this.#limit
    let at = -Infinity
    for (let i = this.#first; excess > 0 && i < this.#entries.length; i++) {
      excess -= this.#entries[i]!.cost
      at = this.#entries[i]!.at + this.#window
    }
    return at
  }

  count(cost: number, now: Millis): (actual?: number) => void {
    this.#expire(now)
    const entry: Entry = { at: now, cost: Math.min(cost, this.#limit) }
    this.#entries.push(entry)
    this.#sum += entry.cost
    return (actual = entry.cost) => {
      // What has left the window counts no more.
      if (this.#first === this.#entries.length || entry.at < this.#entries[this.#first]!.at) return
      this.#sum += actual - entry.cost
      entry.cost = actual
    }
  }

  #expire(now: Millis): void {
    while (this.#first < this.#entries.length && this.#entries[this.#first]!.at <= now - this.#window)
      this.#sum -= this.#entries[this.#first++]!.cost
    if (2 * this.#first <= this.#entries.length) return
    this.#entries = this.#entries.slice(this.#first)
    this.#first = 0
  }
}
