import type { Millis } from '../core/clock.ts'
import type { Switches } from '../scenario/world.ts'
import type { Capacity } from './capacity.ts'

/** What a limit on requests lets through, asked from one admission to the next. */
export interface Gate {
  /** When the next admission is possible at the earliest. */
  earliest(): Millis
  admit(at: Millis): void
}

export function gateFor(capacity: Capacity, kind: Switches['window'], calls: number): Gate {
  return kind === 'bucket' ? new BucketGate(capacity) : new WindowGate(capacity, kind, calls)
}

/** Remembers the last C admissions: the next must wait for the one C before it to be released. */
class WindowGate implements Gate {
  readonly #window: Millis
  readonly #phases: Capacity['phases']
  readonly #slides: boolean
  readonly #ring: Float64Array
  #admitted = 0

  constructor({ window, phases }: Capacity, kind: 'sliding' | 'fixed', calls: number) {
    this.#window = window
    this.#phases = phases
    this.#slides = kind === 'sliding'
    this.#ring = new Float64Array(Math.min(phases.at(-1)!.limit, calls))
  }

  earliest(): Millis {
    const phases = this.#phases
    for (let k = 0; k < phases.length; k++) {
      const { from, limit } = phases[k]!
      const at = Math.max(from, this.#freed(limit))
      if (at < (phases[k + 1]?.from ?? Infinity)) return at
    }
    return Infinity
  }

  admit(at: Millis): void {
    this.#ring[this.#admitted++ % this.#ring.length] = at
  }

  #freed(limit: number): Millis {
    if (this.#admitted < limit) return 0
    const at = this.#ring[(this.#admitted - limit) % this.#ring.length]!
    return this.#slides ? at + this.#window : (Math.floor(at / this.#window) + 1) * this.#window
  }
}

/** A bucket of C permits that refills at C a window. Raises are taken as in force from the start, which keeps it a bound. */
class BucketGate implements Gate {
  readonly #window: Millis
  readonly #limit: number
  /** In units of 1/window permit: whole numbers throughout. */
  #level: number
  #since: Millis = 0

  constructor({ window, phases }: Capacity) {
    this.#window = window
    this.#limit = phases.at(-1)!.limit
    this.#level = this.#limit * window
  }

  earliest(): Millis {
    const missing = this.#window - this.#level
    return missing <= 0 ? this.#since : this.#since + Math.ceil(missing / this.#limit)
  }

  admit(at: Millis): void {
    const refilled = this.#level + this.#limit * (at - this.#since)
    this.#level = Math.min(this.#limit * this.#window, refilled) - this.#window
    this.#since = at
  }
}
