import type { Millis } from '../../src/core/clock.ts'
import { TimerHeap } from './timer-heap.ts'

/** The number of instants that the wheel has places for. Later timers wait in a heap until the wheel reaches them. */
const wheelSpan = 1 << 15
const wheelMask = wheelSpan - 1

/**
 * Timers by due time, at a cost that does not depend on their number. Timers that are due at one instant leave in the order in which they came.
 * Times are whole milliseconds and never go back: a timer must not be due before the last timer that left.
 *
 * The wheel is a ring of queues, one for each instant, with a bit for each queue that is not empty. A far timer moves from the heap to the ring as
 * soon as the ring covers its instant, and so before any younger timer of that instant can be put there. This keeps their order.
 */
export class TimerWheel<T> {
  /** The last timer of each instant's queue, as slot + 1. 0: the queue is empty. A queue is a circle, so that the first timer follows the last. */
  readonly #last = new Int32Array(wheelSpan)
  /** A bit for each place of the ring whose queue is not empty. */
  readonly #taken = new Int32Array(wheelSpan >> 5)
  /** A bit for each word of `#taken` that is not 0. */
  readonly #takenWords = new Int32Array(wheelSpan >> 10)
  /** What the timer in each slot does. */
  readonly #what: (T | undefined)[] = []
  /** The slot that follows each slot in its queue or among the free slots, as slot + 1. */
  #next = new Int32Array(64)
  /** The first free slot, as slot + 1. 0: there is none. */
  #free = 0
  /** The slots of timers beyond the ring, by due time. */
  readonly #far = new TimerHeap()
  /** The instant of the last timer that left. The ring covers [now, now + span). */
  #now: Millis
  /** The number of timers in the ring. */
  #near = 0
  /** It is always kept up to date, since it is read more often than it changes. */
  #nextDue: Millis = Infinity

  constructor(origin: Millis) {
    this.#now = origin
  }

  get size(): number {
    return this.#near + this.#far.size
  }

  /** When the next timer is due. `Infinity`: there is no timer. */
  get nextDue(): Millis {
    return this.#nextDue
  }

  /** Adds a timer. Returns the number by which `cancel` knows the timer until it is popped. */
  push(due: Millis, what: T): number {
    const slot = this.#takeSlot()
    this.#what[slot] = what
    if (due < this.#nextDue) this.#nextDue = due
    if (due - this.#now < wheelSpan) this.#append(due & wheelMask, slot)
    else this.#far.push(due, slot)
    return slot
  }

  /** Forgets at once what a timer would do. The timer keeps its place until it is due, and `pop` then returns undefined for it. */
  cancel(slot: number): void {
    this.#what[slot] = undefined
  }

  /** Takes the next timer out. Returns undefined for a timer that was cancelled, and when there is none. */
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

  /** When the next timer in the ring is due. The ring must not be empty. */
  #nextInRing(): Millis {
    const from = this.#now & wheelMask
    return this.#now + ((this.#nextTaken(from) - from) & wheelMask)
  }

  /** The first place with a timer, from `from` on around the ring. The ring must not be empty. */
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
