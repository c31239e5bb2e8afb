import type { Millis } from '../../src/core/clock.ts'
import { TimerHeap } from './timer-heap.ts'

/** How many instants the wheel has places for. Later timers wait in a heap until the wheel has come round to them. */
const wheelSpan = 1 << 15
const wheelMask = wheelSpan - 1

/**
 * Timers by due time, at the same cost however many there are; those due at one instant leave in the order they came. For whole
 * milliseconds, and for a time that never goes back: a timer may not be due before the last one that left.
 *
 * A ring of queues, one an instant, with a bit for each that is not empty. A far timer moves from the heap to the ring as soon
 * as the ring covers its instant, hence before any younger timer of that instant can be put there: that keeps their order.
 */
export class TimerWheel<T> {
  /** The last timer of each instant's queue, as slot + 1; 0 for none. The first one follows it: a queue is a circle. */
  readonly #last = new Int32Array(wheelSpan)
  /** A bit for each place of the ring, and a bit for each word of these. */
  readonly #taken = new Int32Array(wheelSpan >> 5)
  readonly #takenWords = new Int32Array(wheelSpan >> 10)
  /** What a slot's timer does, and which slot + 1 follows it in its queue, or among the free ones. */
  readonly #what: (T | undefined)[] = []
  #next = new Int32Array(64)
  /** The first free slot, as slot + 1. */
  #free = 0
  /** Slots by due time. */
  readonly #far = new TimerHeap()
  /** Instant of the last timer that left: the ring covers [now, now + span). */
  #now: Millis
  #near = 0
  /** Known at all times, for it is asked for more often than it changes. */
  #nextDue: Millis = Infinity

  constructor(origin: Millis) {
    this.#now = origin
  }

  get size(): number {
    return this.#near + this.#far.size
  }

  /** When the next timer is due; `Infinity` when there is none. */
  get nextDue(): Millis {
    return this.#nextDue
  }

  /** Adds a timer; what it returns names the timer to `cancel` until it is popped. */
  push(due: Millis, what: T): number {
    const slot = this.#takeSlot()
    this.#what[slot] = what
    if (due < this.#nextDue) this.#nextDue = due
    if (due - this.#now < wheelSpan) this.#append(due & wheelMask, slot)
    else this.#far.push(due, slot)
    return slot
  }

  /** Forgets what a timer would do, at once. Its place stays until it is due; popping it gives undefined. */
  cancel(slot: number): void {
    this.#what[slot] = undefined
  }

  /** Takes the next timer out. Undefined for one that was cancelled, and when there is none. */
  pop(): T | undefined {
    const due = this.#nextDue
    if (due === Infinity) return undefined
    if (due > this.#now) this.#turnTo(due)
    const place = due & wheelMask
    const slot = this.#takeFirst(place)
    const what = this.#what[slot]
    this.#what[slot] = undefined
    this.#next[slot] = this.#free
    this.#free = slot + 1
    if (this.#last[place] === 0) this.#nextDue = this.#near === 0 ? this.#far.nextDue : this.#nextInRing()
    return what
  }

  #takeSlot(): number {
    const slot = this.#free - 1
    if (slot >= 0) {
      this.#free = this.#next[slot]!
      return slot
    }
    if (this.#what.length === this.#next.length) this.#grow()
    return this.#what.length
  }

  #turnTo(now: Millis): void {
    this.#now = now
    while (this.#far.nextDue - now < wheelSpan) {
      const due = this.#far.nextDue
      this.#append(due & wheelMask, this.#far.pop()!)
    }
  }

  #append(place: number, slot: number): void {
    this.#near++
    const last = this.#last[place]!
    this.#last[place] = slot + 1
    if (last !== 0) {
      this.#next[slot] = this.#next[last - 1]!
      this.#next[last - 1] = slot + 1
      return
    }
    this.#next[slot] = slot + 1
    this.#taken[place >> 5]! |= 1 << (place & 31)
    this.#takenWords[place >> 10]! |= 1 << ((place >> 5) & 31)
  }

  #takeFirst(place: number): number {
    this.#near--
    const last = this.#last[place]! - 1
    const slot = this.#next[last]! - 1
    if (slot !== last) {
      this.#next[last] = this.#next[slot]!
      return slot
    }
    this.#last[place] = 0
    this.#taken[place >> 5]! &= ~(1 << (place & 31))
    if (this.#taken[place >> 5] === 0) this.#takenWords[place >> 10]! &= ~(1 << ((place >> 5) & 31))
    return slot
  }

  /** When the next timer in the ring is due. There is one. */
  #nextInRing(): Millis {
    const from = this.#now & wheelMask
    return this.#now + ((this.#nextTaken(from) - from) & wheelMask)
  }

  /** The first taken place from `from` on, round the ring. There is one. */
  #nextTaken(from: number): number {
    const word = from >> 5
    const rest = this.#taken[word]! & (-1 << (from & 31))
    if (rest !== 0) return (word << 5) + lowestBit(rest)
    let group = word >> 5
    let words = this.#takenWords[group]! & (-2 << (word & 31))
    while (words === 0) {
      group = (group + 1) & ((wheelSpan >> 10) - 1)
      words = this.#takenWords[group]!
    }
    const found = (group << 5) + lowestBit(words)
    return (found << 5) + lowestBit(this.#taken[found]!)
  }

  #grow(): void {
    const wider = new Int32Array(2 * this.#next.length)
    wider.set(this.#next)
    this.#next = wider
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}
