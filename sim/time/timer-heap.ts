import type { Millis } from '../../src/core/clock.ts'

/** A binary heap of timers, which are numbers, by due time. Timers that are due at one instant leave in the order in which they came. */
export class TimerHeap {
  #due = new Float64Array(64)
  #order = new Float64Array(64)
  #timer = new Int32Array(64)
  #size = 0
  #pushed = 0

  get size(): number {
    return this.#size
  }

  /** When the next timer is due. `Infinity`: there is no timer. */
  get nextDue(): Millis {
    return this.#size === 0 ? Infinity : this.#due[0]!
  }

  push(due: Millis, timer: number): void {
    if (this.#size === this.#due.length) this.#grow()
    let at = this.#size++
    // The new timer is the youngest of its instant, so that it rises only past timers that are strictly later.
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#due[parent]! <= due) break
      this.#move(parent, at)
      at = parent
    }
    this.#put(at, due, this.#pushed++, timer)
  }

  /** Takes the next timer out. Returns undefined when there is none. */
  pop(): number | undefined {
    if (this.#size === 0) return undefined
    const timer = this.#timer[0]!
    if (--this.#size > 0) this.#sinkLast()
    return timer
  }

  /** Puts the last timer in the place of the first, and lets it sink to its place. */
  #sinkLast(): void {
    const size = this.#size
    const due = this.#due[size]!
    const order = this.#order[size]!
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && this.#isBefore(child + 1, this.#due[child]!, this.#order[child]!)) child++
      if (!this.#isBefore(child, due, order)) break
      this.#move(child, at)
      at = child
    }
    this.#put(at, due, order, this.#timer[size]!)
  }

  #isBefore(at: number, due: Millis, order: number): boolean {
    const own = this.#due[at]!
    return own < due || (own === due && this.#order[at]! < order)
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#due[from]!, this.#order[from]!, this.#timer[from]!)
  }

  #put(at: number, due: Millis, order: number, timer: number): void {
    this.#due[at] = due
    this.#order[at] = order
    this.#timer[at] = timer
  }

  #grow(): void {
    const { due, order, timer } = { due: this.#due, order: this.#order, timer: this.#timer }
    this.#due = new Float64Array(2 * due.length)
    this.#order = new Float64Array(2 * due.length)
    this.#timer = new Int32Array(2 * due.length)
    this.#due.set(due)
    this.#order.set(order)
    this.#timer.set(timer)
  }
}
