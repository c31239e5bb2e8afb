import type { Call } from '../../core/call.ts'
import type { Millis, Signal } from '../../core/clock.ts'

interface Place {
  readonly call: Call
  readonly settle: (mayGo: boolean) => void
  readonly onAbort: () => void
  ahead: Place | undefined
  behind: Place | undefined
}

/** Calls that wait for their turn, first come first served. It is a linked list: an aborted call leaves at once, from anywhere in it. */
export class Line {
  #head: Place | undefined
  #tail: Place | undefined

  get isEmpty(): boolean {
    return this.#head === undefined
  }

  /**
   * Resolves when the call's turn comes: with true if the call may be sent, with false if its deadline has passed. Rejects with
   * `call.signal.reason` as soon as the call is aborted.
   */
  join(call: Call): Promise<boolean> {
    return new Promise((settle, reject) => {
      const signal: Signal = call.signal
      if (signal.aborted) return reject(signal.reason)
      const onAbort = () => {
        this.#remove(place)
        reject(signal.reason)
      }
      const place: Place = { call, settle, onAbort, ahead: this.#tail, behind: undefined }
      if (this.#tail) this.#tail.behind = place
      else this.#head = place
      this.#tail = place
      signal.addEventListener('abort', onAbort)
    })
  }

  /** Gives the turn to the first call whose deadline is after `now`, and drops those before it. Returns false if no call took it. */
  serve(now: Millis): boolean {
    while (this.#head) {
      const { call, settle } = this.#remove(this.#head)
      const inTime = now < call.deadline
      settle(inTime)
      if (inTime) return true
    }
    return false
  }

  #remove(place: Place): Place {
    const { ahead, behind } = place
    if (ahead) ahead.behind = behind
    else this.#head = behind
    if (behind) behind.ahead = ahead
    else this.#tail = ahead
    place.call.signal.removeEventListener('abort', place.onAbort)
    return place
  }
}

/**
 * Evenly spaced instants, `limit` of them in each `window`: any window of w whole milliseconds has at most ⌈limit·w/window⌉.
 *
 * The ideal instants are exactly window/limit apart, with fractions; each slot is used less than a millisecond late, at the next
 * whole one. So n uses span more than (n−1)·window/limit − 1 ms, and in the long run the rate is exact. After an idle time, or a
 * timer that was late by a millisecond or more, nothing is made up for: the spacing starts anew.
 * An instant is computed from where the spacing last began, not from the instant before: rounding errors do not add up.
 */
export class Slots {
  readonly #limit: number
  readonly #window: Millis
  #began: Millis = -Infinity
  #taken = 0

  constructor(limit: number, window: Millis) {
    this.#limit = limit
    this.#window = window
  }

  /** The next ideal instant, with fractions. The slot is free from then on. */
  get next(): Millis {
    return this.#began + (this.#taken * this.#window) / this.#limit
  }

  /** Uses the next slot. `now` may be before it: a call reserves it then. */
  take(now: Millis): void {
    if (now - this.next >= 1) {
      this.#began = now
      this.#taken = 0
    }
    this.#taken++
  }
}
