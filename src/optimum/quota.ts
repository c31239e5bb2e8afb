import type { Millis } from '../core/clock.ts'
import { type Limit, type Unit, unitOf } from '../core/limit.ts'
import type { Switches } from '../scenario/switches.ts'

/** What one account grants for one model, and by how much it is raised when. */
export interface Quota {
  readonly limits: readonly Limit[]
  /** Ascending; each factor, >= 1, multiplies what held before. */
  readonly raises: readonly { readonly at: Millis; readonly factor: number }[]
}

/** At most so many requests or tokens in any window; the limit in force changes with time, and never falls. */
export interface PooledLimit {
  readonly unit: Unit
  readonly window: Millis
  readonly phases: readonly { readonly from: Millis; readonly limit: number }[]
}

/**
 * What several quotas grant together: for each window, the sum of what each can admit in it.
 * Exact for equal quotas; for unequal ones it is an upper bound, so that an optimum under it stays a bound.
 */
export function pooledLimits(quotas: readonly Quota[]): PooledLimit[] {
  const units: readonly Unit[] = ['requests', 'tokens']
  return units.flatMap((unit) => {
    const limitsOf = quotas.map(({ limits }) => limits.filter(({ rule }) => unitOf(rule) === unit))
    // A quota without a limit on this unit makes the pool unlimited in it.
    if (limitsOf.length === 0 || limitsOf.some((limits) => limits.length === 0)) return []
    const windows = [...new Set(limitsOf.flat().map(({ window }) => window))].sort((a, b) => a - b)
    const changes = [...new Set([0, ...quotas.flatMap(({ raises }) => raises.map(({ at }) => at))])]
    return windows.map((window) => ({
      unit,
      window,
      phases: changes
        .sort((a, b) => a - b)
        .map((from) => ({ from, limit: sum(quotas.map((c, i) => mostIn(limitsOf[i]!, raisedBy(c, from), window))) })),
    }))
  })
}

/** The tightest request limit of one quota, as calls a second, from each instant on at which it changes; the first is 0. */
export function requestRates(quota: Quota): { at: Millis; perSecond: number }[] {
  const limits = pooledLimits([quota]).filter(({ unit }) => unit === 'requests')
  const phases = limits[0]?.phases ?? [{ from: 0 }]
  return phases
    .map(({ from }, i) => ({
      at: from,
      perSecond: Math.min(...limits.map(({ window, phases }) => (1000 * phases[i]!.limit) / window)),
    }))
    .filter(({ perSecond }, i, all) => perSecond !== all[i - 1]?.perSecond)
}

/** The most that a set of limits admits in a window of any length: by each limit, as many of its windows as it meets. */
function mostIn(limits: readonly Limit[], factor: number, window: Millis): number {
  // Rounded as the provider rounds it: a limit is whole, and never nothing.
  return Math.min(
    ...limits.map((each) => Math.max(1, Math.round(each.limit * factor)) * windowsMet(each.window, window)),
  )
}

/** How many windows of one length a window of another meets at most. Those that do not nest may also meet one that only begins in it. */
function windowsMet(length: Millis, window: Millis): number {
  const nested = window % length === 0 || length % window === 0
  return Math.ceil(window / length) + (nested ? 0 : 1)
}

function raisedBy({ raises }: Quota, at: Millis): number {
  return raises.filter((raise) => raise.at <= at).reduce((factor, raise) => factor * raise.factor, 1)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** What a limit on requests lets through, asked from one admission to the next. */
export interface Gate {
  /** When the next admission is possible at the earliest. */
  earliest(): Millis
  admit(at: Millis): void
}

export function gateFor(limit: PooledLimit, kind: Switches['window'], calls: number): Gate {
  return kind === 'bucket' ? new BucketGate(limit) : new WindowGate(limit, kind, calls)
}

/** Remembers the last C admissions: the next must wait for the one C before it to be released. */
class WindowGate implements Gate {
  readonly #window: Millis
  readonly #phases: PooledLimit['phases']
  readonly #slides: boolean
  readonly #ring: Float64Array
  #admitted = 0

  constructor({ window, phases }: PooledLimit, kind: 'sliding' | 'fixed', calls: number) {
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

  constructor({ window, phases }: PooledLimit) {
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
