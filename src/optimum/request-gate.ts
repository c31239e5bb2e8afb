import type { Millis } from '../core/clock.ts'
import type { Switches } from '../scenario/switches.ts'
import type { Gate } from './gate.ts'
import { highest, type PooledLimit } from './quota.ts'

/** The gate of a limit on requests, for at most `calls` admissions. `phase` is an instant at which a fixed window begins. */
export function requestGate(limit: PooledLimit, kind: Switches['window'], calls: number, phase: Millis): Gate {
  if (kind === 'bucket') return new BucketGate(limit)
  return kind === 'anchored' ? new AnchoredGate(limit, calls) : new WindowGate(limit, kind, calls, phase)
}

/** A window of C requests. The next call must wait until the admission C places before it has left the window. */
class WindowGate implements Gate {
  readonly #window: Millis
  readonly #phases: PooledLimit['phases']
  readonly #slides: boolean
  readonly #phase: Millis
  readonly #ring: Float64Array
  #admitted = 0
  /** The number of the phase in force at the last admission. */
  #current = 0

  constructor(limit: PooledLimit, kind: 'sliding' | 'fixed', calls: number, phase: Millis) {
    this.#window = limit.window
    this.#phases = limit.phases
    this.#slides = kind === 'sliding'
    this.#phase = phase
    this.#ring = new Float64Array(Math.min(highest(limit), calls))
  }

  earliest(from: Millis): Millis {
    const phases = this.#phases
    for (let k = this.#current; k < phases.length; k++) {
      const { from: start, limit } = phases[k]!
      const at = Math.max(from, start, this.#freed(limit))
      if (at < (phases[k + 1]?.from ?? Infinity)) return at
    }
    return Infinity
  }

  admit(at: Millis): void {
    while ((this.#phases[this.#current + 1]?.from ?? Infinity) <= at) this.#current++
    this.#ring[this.#admitted++ % this.#ring.length] = at
  }

  #freed(limit: number): Millis {
    if (this.#admitted < limit) return 0
    const at = this.#ring[(this.#admitted - limit) % this.#ring.length]!
    if (this.#slides) return at + this.#window
    return (Math.floor((at - this.#phase) / this.#window) + 1) * this.#window + this.#phase
  }
}

/**
 * Windows of C requests that begin when a client makes them begin. Admissions from the instant a to the instant b lie in at most ⌈(b − a) / W⌉ + 1
 * windows, so that the admission m · C places after another is at least (m − 1) · W + 1 later. C is the limit at its highest.
 */
class AnchoredGate implements Gate {
  readonly #window: Millis
  /** Entry i mod C is an instant before which the admission i cannot be. */
  readonly #least: Float64Array
  #admitted = 0

  constructor(limit: PooledLimit, calls: number) {
    this.#window = limit.window
    this.#least = new Float64Array(Math.min(highest(limit), calls)).fill(-Infinity)
  }

  earliest(from: Millis): Millis {
    return Math.max(from, this.#least[this.#admitted % this.#least.length]!)
  }

  admit(at: Millis): void {
    const place = this.#admitted++ % this.#least.length
    this.#least[place] = Math.max(this.#least[place]! + this.#window, at + 1)
  }
}

/**
 * A bucket of C permits that is refilled at C permits a window. A change of the limit adds permits to what the bucket holds, or takes them, and
 * refills it at the new rate from then on, as the provider's bucket does: what was missing stays missing.
 */
class BucketGate implements Gate {
  readonly #window: Millis
  readonly #phases: PooledLimit['phases']
  /** The permits that are missing at `#since`, in units of 1/window, so that every value is a whole number. */
  #missing = 0
  #since: Millis = 0
  /** The phase in force at `#since`. */
  #phase = 0

  constructor({ window, phases }: PooledLimit) {
    this.#window = window
    this.#phases = phases
  }

  earliest(from: Millis): Millis {
    const phases = this.#phases
    let missing = this.#missing
    let at = this.#since
    for (let k = this.#phase; ; k++) {
      const { limit } = phases[k]!
      const end = phases[k + 1]?.from ?? Infinity
      const excess = missing + this.#window - limit * this.#window
      const passes = Math.max(from, at + Math.max(0, Math.ceil(excess / limit)))
      if (passes < end) return passes
      missing = Math.max(0, missing - limit * (end - at))
      at = end
    }
  }

  admit(at: Millis): void {
    const phases = this.#phases
    for (;;) {
      const { limit } = phases[this.#phase]!
      const end = phases[this.#phase + 1]?.from ?? Infinity
      const until = Math.min(at, end)
      this.#missing = Math.max(0, this.#missing - limit * (until - this.#since))
      this.#since = until
      if (at < end) break
      this.#phase++
    }
    this.#missing += this.#window
  }
}
