import type { Millis } from '../core/clock.ts'
import type { Switches } from '../scenario/switches.ts'
import { highest, type PooledLimit } from './quota.ts'

/**
 * The most that a limit lets through from one instant on, when nothing was charged before. It is a sum over the phases: each adds the
 * amount by which it changes the limit once for every window that has begun since then,
 *
 *   S(t) = Σ over the phases j that have begun of (L_j − L_{j−1}) · n(max(from_j, from), t)
 *
 * with n(x, t) = ⌊(t − x) / W⌋ + 1 for a sliding window, ⌊(t − p) / W⌋ − ⌊(x − p) / W⌋ + 1 for a fixed one with the phase p, and 1 + (t − x) / W for a bucket.
 * Sliding: the windows (t − W, t], (t − 2W, t − W] … cover all instants from `from` to t, and each holds at most the highest limit in it.
 * Fixed: each window holds at most the highest limit in it. Bucket: what the bucket can hold at t, and the refill since `from`.
 * Anchored: of the windows that have begun by t, the last before them had begun by t − W, and so on; no window has begun before `from`,
 * but one may have before a later phase: n(x, t) = min(⌊(t − from) / W⌋ + 1, ⌈(t − x) / W⌉ + 1) there.
 *
 * Where a limit falls, the phases are those of `peaks`.
 */
export class Supply {
  readonly #kind: Switches['window']
  readonly #window: Millis
  readonly #from: Millis
  readonly #phase: Millis
  readonly #phases: readonly { readonly from: Millis; readonly limit: number; readonly change: number }[]
  /** The parts into which one request or token is divided, so that every value is a whole number. */
  readonly #parts: number

  /** `limit`: the result of `peaks`. `phase` is an instant at which a fixed window begins. */
  constructor({ window, phases }: PooledLimit, kind: Switches['window'], from: Millis, phase: Millis) {
    this.#kind = kind
    this.#window = window
    this.#from = from
    this.#phase = phase
    this.#phases = phases.map((each, j) => ({
      from: Math.max(each.from, from),
      limit: each.limit,
      change: each.limit - (phases[j - 1]?.limit ?? 0),
    }))
    this.#parts = kind === 'bucket' ? window : 1
  }

  /** The most that is let through from `from` to this instant, both included. */
  by(at: Millis): number {
    let most = this.#partsBy(at)
    // A bucket holds less after a fall, but what it has let through just before stays let through.
    if (this.#kind === 'bucket')
      for (const { from, change } of this.#phases)
        if (change < 0 && from > this.#from && from <= at) most = Math.max(most, this.#partsBy(from - 1))
    for (const dip of this.#dipsAfter(at)) most = Math.min(most, this.#partsBy(dip))
    return Math.floor(most / this.#parts)
  }

  /** The earliest instant, not before `at`, by which that much can be let through. */
  reaches(amount: number, at: Millis): Millis {
    for (let now = Math.max(at, this.#from); ; ) {
      const missing = amount * this.#parts - this.#partsBy(now)
      if (missing <= 0) {
        const dip = this.#dipsAfter(now).find((each) => this.#partsBy(each) < amount)
        if (dip === undefined) return now
        now = dip
        continue
      }
      const { limit } = this.#phases.findLast(({ from }) => from <= now)!
      const end = this.#phases.find(({ from }) => from > now)?.from ?? Infinity
      if (this.#kind === 'bucket') {
        now = Math.min(end, now + Math.ceil(missing / limit))
        continue
      }
      // Within a phase each whole window lets the limit through once more. So these windows are not enough yet, nor is any instant before.
      const windows = Math.min(Math.ceil(missing / limit) - 1, Math.floor((end - 1 - now) / this.#window))
      now = windows > 0 ? now + windows * this.#window : this.#nextStep(now, end)
    }
  }

  /**
   * The instants of the next window at which the sum over sliding windows falls, because one of them has left a higher limit behind. What is let
   * through by then bounds what is let through before. A window later the sum is higher again.
   */
  #dipsAfter(at: Millis): Millis[] {
    if (this.#kind !== 'sliding') return []
    const window = this.#window
    return this.#phases
      .filter(({ change, from }) => change < 0 && from < at + window)
      .map(({ from }) => (from > at ? from : this.#windowAfter(from, at)))
      .filter((dip) => dip < at + window)
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
    const next = (origin: Millis) => origin + (Math.floor((at - origin) / this.#window) + 1) * this.#window
    if (this.#kind === 'fixed') return next(this.#phase)
    return this.#kind === 'sliding' || from === this.#from ? next(from) : Math.min(next(this.#from), next(from + 1))
  }

  #partsBy(at: Millis): number {
    let parts = 0
    for (const { from, change } of this.#phases) if (from <= at) parts += change * this.#windows(from, at)
    return parts
  }

  /** The windows since a phase began, those of a bucket in parts. */
  #windows(from: Millis, at: Millis): number {
    const window = this.#window
    if (this.#kind === 'bucket') return window + at - from
    const place = (instant: Millis) => Math.floor((instant - this.#phase) / window)
    if (this.#kind === 'fixed') return place(at) - place(from) + 1
    const begun = Math.floor((at - from) / window) + 1
    if (this.#kind === 'sliding' || from === this.#from) return begun
    return Math.min(Math.floor((at - this.#from) / window) + 1, Math.ceil((at - from) / window) + 1)
  }
}

/**
 * The same limit, with a fall only from the instant on at which no window has seen the higher limit: what was charged under it stays charged. A
 * bucket falls at once. Anchored windows begin at unknown instants, and count as if the limit never fell. `phase` is an instant at which a
 * fixed window begins.
 */
export function peaks(limit: PooledLimit, kind: Switches['window'], phase: Millis): PooledLimit {
  const { window, phases } = limit
  if (kind === 'bucket' || phases.every((each, j) => each.limit >= (phases[j - 1]?.limit ?? 0))) return limit
  if (kind === 'anchored') return neverFalling(limit)
  const startOf = (end: Millis) =>
    kind === 'sliding' ? end - window + 1 : Math.floor((end - phase) / window) * window + phase
  const firstWithout = (instant: Millis) =>
    kind === 'sliding' ? instant + window - 1 : Math.ceil((instant - phase) / window) * window + phase
  const steps = new Set(phases.flatMap(({ from }) => (from === 0 ? [0] : [from, firstWithout(from)])))
  return {
    ...limit,
    phases: [...steps]
      .sort((a, b) => a - b)
      .map((from) => ({ from, limit: highest(limit, startOf(from), from) }))
      .filter((each, j, all) => each.limit !== all[j - 1]?.limit),
  }
}

/** The same limit, as if it never fell. */
export function neverFalling(limit: PooledLimit): PooledLimit {
  return { ...limit, phases: limit.phases.map(({ from }) => ({ from, limit: highest(limit, 0, from) })) }
}

/** The most that a limit, at its highest, lets through in `instants` whole milliseconds that follow each other. */
export function mostWithin(pooled: PooledLimit, kind: Switches['window'], instants: number): number {
  const limit = highest(pooled)
  const { window } = pooled
  if (kind === 'sliding') return limit * Math.ceil(instants / window)
  if (kind === 'bucket') return limit + Math.floor((limit * (instants - 1)) / window)
  return limit * (Math.ceil((instants - 1) / window) + 1)
}
