import type { Millis } from '../core/clock.ts'
import { minimum } from '../core/extremes.ts'
import { type Limit, type Unit, unitOf } from '../core/limit.ts'
import type { Switches } from '../scenario/switches.ts'

/** The limits of one account for one model, and their raises during the run. */
export interface Quota {
  readonly limits: readonly Limit[]
  /** Raises in the order of time. Each multiplies the limits before it by its factor, which is at least 1. */
  readonly raises: readonly { readonly at: Millis; readonly factor: number }[]
}

/** A limit on the requests or tokens in any window. It changes with time, and never falls. */
export interface PooledLimit {
  readonly unit: Unit
  readonly window: Millis
  /** The limits in force, each from its instant on. The first begins at 0. */
  readonly phases: readonly { readonly from: Millis; readonly limit: number }[]
}

/**
 * The limits of several quotas together: for each window, the sum of the amounts that each quota can admit in it.
 * The sum is exact for equal quotas. For unequal quotas it is an upper bound, so that an optimum under it stays a bound.
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
        .map((from) => ({
          from,
          limit: sum(quotas.map((quota, i) => amountIn(limitsOf[i]!, factorAt(quota, from), window))),
        })),
    }))
  })
}

/** The tightest request limit of one quota in calls a second, at 0 and at each instant at which it changes. */
export function requestRates(quota: Quota): { at: Millis; perSecond: number }[] {
  const limits = pooledLimits([quota]).filter(({ unit }) => unit === 'requests')
  const phases = limits[0]?.phases ?? [{ from: 0 }]
  return phases
    .map(({ from }, i) => ({
      at: from,
      perSecond: minimum(limits.map(({ window, phases }) => (1000 * phases[i]!.limit) / window)),
    }))
    .filter(({ perSecond }, i, all) => perSecond !== all[i - 1]?.perSecond)
}

/** The greatest amount that a set of limits admits in a window: min over the limits of limit × windowsWithin(limit's window, window). */
function amountIn(limits: readonly Limit[], factor: number, window: Millis): number {
  // The provider rounds in the same way: a limit is a whole number, at least 1.
  return minimum(
    limits.map((each) => Math.max(1, Math.round(each.limit * factor)) * windowsWithin(each.window, window)),
  )
}

/** The greatest number of windows of one length that overlap a window of another. It is one more when neither length divides the other. */
function windowsWithin(length: Millis, window: Millis): number {
  const nested = window % length === 0 || length % window === 0
  return Math.ceil(window / length) + (nested ? 0 : 1)
}

function factorAt({ raises }: Quota, at: Millis): number {
  return raises.filter((raise) => raise.at <= at).reduce((factor, raise) => factor * raise.factor, 1)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** A limit on requests that is asked for one admission after the other. */
export interface Gate {
  /** The earliest instant at which the next call can be admitted. */
  earliest(): Millis
  admit(at: Millis): void
}

/** `phase`: an instant at which a fixed window begins. Default: 0. */
export function gateFor(limit: PooledLimit, kind: Switches['window'], calls: number, phase: Millis = 0): Gate {
  return kind === 'bucket' ? new BucketGate(limit) : new WindowGate(limit, kind, calls, phase)
}

/** A window of C requests. The next call must wait until the admission C places before it has left the window. */
class WindowGate implements Gate {
  readonly #window: Millis
  readonly #phases: PooledLimit['phases']
  readonly #slides: boolean
  readonly #phase: Millis
  readonly #ring: Float64Array
  #admitted = 0

  constructor({ window, phases }: PooledLimit, kind: 'sliding' | 'fixed', calls: number, phase: Millis) {
    this.#window = window
    this.#phases = phases
    this.#slides = kind === 'sliding'
    this.#phase = phase
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
    if (this.#slides) return at + this.#window
    return (Math.floor((at - this.#phase) / this.#window) + 1) * this.#window + this.#phase
  }
}

/** A bucket of C permits that is refilled at C permits a window. A raise counts from the run's start, so that the result stays a bound. */
class BucketGate implements Gate {
  readonly #window: Millis
  readonly #limit: number
  /** The permits in the bucket, in units of 1/window, so that every value is a whole number. */
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
