import type { Millis } from '../core/clock.ts'
import type { Switches } from '../scenario/switches.ts'
import type { PooledLimit } from './quota.ts'

/**
 * The most that a limit lets through from one instant on, when nothing was charged before. It is a sum over the phases: each adds the
 * amount by which it raises the limit once for every window that has begun since then,
 *
 *   S(t) = Σ over the phases j that have begun of (L_j − L_{j−1}) · n(max(from_j, from), t)
 *
 * with n(x, t) = ⌊(t − x) / W⌋ + 1 for a sliding window, ⌊(t − p) / W⌋ − ⌊(x − p) / W⌋ + 1 for a fixed one with the phase p, and 1 + (t − x) / W for a bucket.
 * Sliding: the windows (t − W, t], (t − 2W, t − W] … cover all instants from `from` to t, and each holds at most the limit at its end.
 * Fixed: each window holds at most the limit at its end. Bucket: what the bucket can hold at t, and the refill since `from`.
 */
export class Supply {
  readonly #kind: Switches['window']
  readonly #window: Millis
  readonly #from: Millis
  readonly #phase: Millis
  readonly #phases: readonly { readonly from: Millis; readonly limit: number; readonly raise: number }[]
  /** The parts into which one request or token is divided, so that every value is a whole number. */
  readonly #parts: number

  /** `phase` is an instant at which a fixed window begins. */
  constructor({ window, phases }: PooledLimit, kind: Switches['window'], from: Millis, phase: Millis) {
    this.#kind = kind
    this.#window = window
    this.#from = from
    this.#phase = phase
    this.#phases = phases.map((phase, j) => ({
      from: Math.max(phase.from, from),
      limit: phase.limit,
      raise: phase.limit - (phases[j - 1]?.limit ?? 0),
    }))
    this.#parts = kind === 'bucket' ? window : 1
  }

  /** The most that is let through from `from` to this instant, both included. */
  by(at: Millis): number {
    return Math.floor(this.#partsBy(at) / this.#parts)
  }

  /** The earliest instant, not before `at`, by which that much can be let through. */
  reaches(amount: number, at: Millis): Millis {
    for (let now = Math.max(at, this.#from); ; ) {
      const missing = amount * this.#parts - this.#partsBy(now)
      if (missing <= 0) return now
      const { limit } = this.#phases.findLast(({ from }) => from <= now)!
      const end = this.#phases.find(({ from }) => from > now)?.from ?? Infinity
      if (this.#kind === 'bucket') {
        now = Math.min(end, now + Math.ceil(missing / limit))
        continue
      }
      // Within a phase each whole window lets the limit through once more. So these windows are not enough yet.
      const windows = Math.min(Math.ceil(missing / limit) - 1, Math.floor((end - 1 - now) / this.#window))
      now = windows > 0 ? now + windows * this.#window : this.#nextStep(now, end)
    }
  }

  /** The number of windows that have begun; 1 for a bucket, which has none. */
  windowsBy(at: Millis): number {
    return this.#kind === 'bucket' ? 1 : this.#windows(this.#from, at)
  }

  /** The next instant at which a window begins; `Infinity` for a bucket. */
  nextWindow(at: Millis): Millis {
    return this.#kind === 'bucket' ? Infinity : this.#windowAfter(this.#from, at)
  }

  /** The next instant at which a window of a phase begins, at the latest `end`. */
  #nextStep(now: Millis, end: Millis): Millis {
    let next = end
    for (const { from } of this.#phases) if (from <= now) next = Math.min(next, this.#windowAfter(from, now))
    return next
  }

  #windowAfter(from: Millis, at: Millis): Millis {
    const origin = this.#kind === 'sliding' ? from : this.#phase
    return origin + (Math.floor((at - origin) / this.#window) + 1) * this.#window
  }

  #partsBy(at: Millis): number {
    let parts = 0
    for (const { from, raise } of this.#phases) if (from <= at) parts += raise * this.#windows(from, at)
    return parts
  }

  /** The windows since a phase began, those of a bucket in parts. */
  #windows(from: Millis, at: Millis): number {
    const window = this.#window
    if (this.#kind === 'bucket') return window + at - from
    const place = (instant: Millis) => Math.floor((instant - this.#phase) / window)
    if (this.#kind === 'fixed') return place(at) - place(from) + 1
    return Math.floor((at - from) / window) + 1
  }
}

/** The most that a limit, at its highest, lets through in `instants` whole milliseconds that follow each other. */
export function mostWithin({ window, phases }: PooledLimit, kind: Switches['window'], instants: number): number {
  const { limit } = phases.at(-1)!
  if (kind === 'sliding') return limit * Math.ceil(instants / window)
  if (kind === 'fixed') return limit * (Math.ceil((instants - 1) / window) + 1)
  return limit + Math.floor((limit * (instants - 1)) / window)
}
