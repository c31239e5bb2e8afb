import type { Millis } from '../../core/clock.ts'

/**
 * Amounts by the instant at which they were spent, in a ring with running totals: the sum over any window is the difference of two
 * totals, found by bisection. Amounts of one instant share an entry. `forget` drops what is older than any window asks for, so that the
 * ring holds at most as many entries as the longest window has milliseconds.
 */
export class AmountLog {
  #at = new Float64Array(64)
  #total = new Float64Array(64)
  #head = 0
  #size = 0
  /** The running total of all that was forgotten. */
  #forgotten = 0
  /** The running total of everything, including what was forgotten. */
  total = 0

  /** Adds an amount. An instant before the newest one costs as many steps as there are entries after it. */
  add(at: Millis, amount: number): void {
    if (amount === 0) return
    this.total += amount
    let place = this.#size
    while (place > 0 && this.#at[this.#index(place - 1)]! > at) place--
    if (place === 0 || this.#at[this.#index(place - 1)]! < at) this.#insert(place, at)
    else place--
    for (let i = place; i < this.#size; i++) this.#total[this.#index(i)]! += amount
  }

  /** The running total of all amounts up to this instant, which is included. */
  through(instant: Millis): number {
    let low = 0
    let high = this.#size
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#at[this.#index(middle)]! <= instant) low = middle + 1
      else high = middle
    }
    return low === 0 ? this.#forgotten : this.#total[this.#index(low - 1)]!
  }

  /** The sum over the window (until − window, until]. */
  sum(until: Millis, window: Millis): number {
    return this.through(until) - this.through(until - window)
  }

  /** The first instant at which the running total reaches `total`, which is at most that of everything. `-Infinity`: it was forgotten. */
  reached(total: number): Millis {
    if (total <= this.#forgotten) return -Infinity
    let low = 0
    let high = this.#size - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#total[this.#index(middle)]! >= total) high = middle
      else low = middle + 1
    }
    return this.#at[this.#index(low)]!
  }

  /** Forgets the entries up to this instant. */
  forget(instant: Millis): void {
    while (this.#size > 0 && this.#at[this.#head]! <= instant) {
      this.#forgotten = this.#total[this.#head]!
      this.#head = this.#index(1)
      this.#size--
    }
  }

  #index(place: number): number {
    return (this.#head + place) & (this.#at.length - 1)
  }

  #insert(place: number, at: Millis): void {
    if (this.#size === this.#at.length) this.#grow()
    this.#size++
    for (let i = this.#size - 1; i > place; i--) {
      this.#at[this.#index(i)] = this.#at[this.#index(i - 1)]!
      this.#total[this.#index(i)] = this.#total[this.#index(i - 1)]!
    }
    this.#at[this.#index(place)] = at
    this.#total[this.#index(place)] = place === 0 ? this.#forgotten : this.#total[this.#index(place - 1)]!
  }

  #grow(): void {
    const wider = { at: new Float64Array(this.#at.length * 2), total: new Float64Array(this.#at.length * 2) }
    for (let i = 0; i < this.#size; i++) {
      wider.at[i] = this.#at[this.#index(i)]!
      wider.total[i] = this.#total[this.#index(i)]!
    }
    this.#at = wider.at
    this.#total = wider.total
    this.#head = 0
  }
}
