import type { Millis } from '../src/core/clock.ts'

/**
 * Binary heap of timers by due time; timers due at one instant leave in the order they came.
 * The heap itself is numbers in typed columns; what a timer does stays put in a slot, so that sifting moves no references.
 */
export class TimerHeap<T> {
  #due = new Float64Array(64)
  #order = new Float64Array(64)
  #slot = new Int32Array(64)
  #size = 0
  #pushed = 0
  readonly #what: (T | undefined)[] = []
  readonly #freeSlots: number[] = []

  get size(): number {
    return this.#size
  }

  /** When the next timer is due; `Infinity` when there is none. */
  get nextDue(): Millis {
    return this.#size === 0 ? Infinity : this.#due[0]!
  }

  /** Adds a timer; what it returns names the timer to `cancel` until it is popped. */
  push(due: Millis, what: T): number {
    const slot = this.#freeSlots.pop() ?? this.#what.length
    this.#what[slot] = what
    if (this.#size === this.#due.length) this.#grow()
    let at = this.#size++
    // The newcomer is the youngest of its instant: it rises only past timers that are strictly later.
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#due[parent]! <= due) break
      this.#move(parent, at)
      at = parent
    }
    this.#put(at, due, this.#pushed++, slot)
    return slot
  }

  /** Forgets what a timer would do, at once. Its place stays until it is due; popping it gives undefined. */
  cancel(slot: number): void {
    this.#what[slot] = undefined
  }

  /** Takes the next timer out. Undefined for one that was cancelled, and when there is none. */
  pop(): T | undefined {
    if (this.#size === 0) return undefined
    const slot = this.#slot[0]!
    const what = this.#what[slot]
    this.#what[slot] = undefined
    this.#freeSlots.push(slot)
    if (--this.#size > 0) this.#sinkLast()
    return what
  }

  /** Puts the last timer in the place of the first, and lets it sink to where it belongs. */
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
    this.#put(at, due, order, this.#slot[size]!)
  }

  #isBefore(at: number, due: Millis, order: number): boolean {
    const own = this.#due[at]!
    return own < due || (own === due && this.#order[at]! < order)
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#due[from]!, this.#order[from]!, this.#slot[from]!)
  }

  #put(at: number, due: Millis, order: number, slot: number): void {
    this.#due[at] = due
    this.#order[at] = order
    this.#slot[at] = slot
  }

  #grow(): void {
    const { due, order, slot } = { due: this.#due, order: this.#order, slot: this.#slot }
    this.#due = new Float64Array(2 * due.length)
    this.#order = new Float64Array(2 * due.length)
    this.#slot = new Int32Array(2 * due.length)
    this.#due.set(due)
    this.#order.set(order)
    this.#slot.set(slot)
  }
}
