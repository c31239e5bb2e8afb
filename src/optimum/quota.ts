import type { Millis } from '../core/clock.ts'
import { maximum, minimum } from '../core/extremes.ts'
import { isCalendarRule, type Limit, limitsOn, type Unit } from '../core/limit.ts'
import type { Switches } from '../scenario/switches.ts'

/** The limits of one account for one model, and their changes during the run. */
export interface Quota {
  readonly limits: readonly Limit[]
  readonly changes: readonly QuotaChange[]
}

/** A change of limits. */
export interface QuotaChange {
  readonly at: Millis
  /** Each limit is multiplied by this number. Below 1 it falls. */
  readonly factor: number
  /** Only the limits on this unit change. Default: all. */
  readonly unit?: Unit
}

/** A limit that is in force from its instant on, until the next phase begins. */
export interface Phase {
  readonly from: Millis
  readonly limit: number
}

/** A limit on the requests or tokens in any window. It changes with time. */
export interface PooledLimit {
  readonly unit: Unit
  readonly window: Millis
  /** The limits in force, in the order of time. The first begins at 0. */
  readonly phases: readonly Phase[]
}

/**
 * The limits of several quotas together: for each window, the sum of the amounts that each quota can admit in it.
 * The sum is exact for equal quotas that only rise. For others it is an upper bound, so that an optimum under it stays a bound: where one of
 * several quotas falls, the others admit calls although it has been charged more than it now bears, so a sum never falls. Limits that are not
 * bounding are left out.
 */
export function pooledLimits(quotas: readonly Quota[], kind: Switches['window']): PooledLimit[] {
  const units: readonly Unit[] = ['requests', 'tokens']
  return units.flatMap((unit) => {
    const pool = quotas.map((quota) => pooledOn(unit, quota))
    // A quota without a limit on this unit makes the pool unlimited in it.
    if (pool.length === 0 || pool.some((limits) => limits.length === 0)) return []
    const windows = [...new Set(pool.flat().map(({ window }) => window))].sort((a, b) => a - b)
    return windows.map((window) => {
      const amountAt = pool.length === 1 ? amountOfOne(window, kind) : amountOfSeveral(window, kind)
      const phases = instantsOf(quotas, window).map((from) => ({
        from,
        limit: sum(pool.map((limits) => minimum(limits.map((each) => amountAt(each, from))))),
      }))
      return { unit, window, phases }
    })
  })
}

/** Returns the greatest amount that a limit of a single quota admits in a window that ends at an instant, when calls are admitted then. */
function amountOfOne(window: Millis, kind: Switches['window']): (limit: PooledLimit, at: Millis) => number {
  return (limit, at) =>
    limit.window === window
      ? highest(limit, at, at)
      : highest(limit, at - window + 1, at) * windowsWithin(limit.window, window, kind)
}

/** Returns the greatest amount that a limit of one of several quotas admits in a window that ends at an instant. */
function amountOfSeveral(window: Millis, kind: Switches['window']): (limit: PooledLimit, at: Millis) => number {
  return (limit, at) => highest(limit, 0, at) * windowsWithin(limit.window, window, kind)
}

/**
 * Whether the bound counts a limit. A soft limit holds only at times, and weeks and months of the calendar are no trailing windows: the bound counts these
 * as no limits.
 */
export function isBounding({ rule, soft = false }: Limit): boolean {
  return !soft && !isCalendarRule(rule)
}

/** The limits of one quota on one unit, each with its phases. */
function pooledOn(unit: Unit, { limits, changes }: Quota): PooledLimit[] {
  const own = changes.filter((change) => (change.unit ?? unit) === unit).sort((a, b) => a.at - b.at)
  const factors = [{ at: 0, factor: 1 }, ...own]
  return limitsOn(unit, limits.filter(isBounding)).map(({ limit, window }) => {
    let product = 1
    const phases = factors.map(({ at, factor }) => {
      product *= factor
      return { from: at, limit: scaled(limit, product) }
    })
    return { unit, window, phases }
  })
}

/** The highest value of a limit from one instant to another, both included. Default: of all instants. */
export function highest({ phases }: PooledLimit, from: Millis = 0, to: Millis = Infinity): number {
  return maximum(
    phases.filter((each, j) => each.from <= to && (phases[j + 1]?.from ?? Infinity) > from).map(({ limit }) => limit),
  )
}

/**
 * The most tokens that one call may charge at its admission: a call is sent to one quota, so several quotas together bear no longer call
 * than the largest of them. `Infinity`: one of the quotas has no limit on tokens.
 */
export function longestCall(quotas: readonly Quota[]): Phase[] {
  const pool = quotas.map((quota) => pooledOn('tokens', quota))
  return instantsOf(quotas).map((from) => ({
    from,
    limit:
      pool.length > 0 ? maximum(pool.map((all) => minimum(all.map((limit) => highest(limit, from, from))))) : Infinity,
  }))
}

/**
 * The instants at which a limit of a quota changes, and 0, in the order of time. With a `window` also those at which a window no longer has any
 * instant before a fall.
 */
function instantsOf(quotas: readonly Quota[], window: Millis = 1): Millis[] {
  const changes = quotas.flatMap((quota) => quota.changes)
  const left = changes.filter(({ factor }) => factor < 1).map(({ at }) => at + window - 1)
  return [...new Set([0, ...changes.map(({ at }) => at), ...left])].sort((a, b) => a - b)
}

/** The tightest of several limits on requests in calls a second, at 0 and at each instant at which it changes. `Infinity`: there is none. */
export function requestRates(limits: readonly PooledLimit[]): { at: Millis; perSecond: number }[] {
  const ofRequests = limits.filter(({ unit }) => unit === 'requests')
  const changes = new Set([0, ...ofRequests.flatMap(({ phases }) => phases.map(({ from }) => from))])
  return [...changes]
    .sort((a, b) => a - b)
    .map((at) => ({
      at,
      perSecond: minimum(
        ofRequests.map(({ window, phases }) => {
          const inForce = phases.findLast(({ from }) => from <= at) ?? phases[0]!
          return (1000 * inForce.limit) / window
        }),
      ),
    }))
    .filter(({ perSecond }, i, all) => perSecond !== all[i - 1]?.perSecond)
}

/** The limit after changes. The provider rounds in the same way: a limit is a whole number, at least 1. */
function scaled(limit: number, factor: number): number {
  return Math.max(1, Math.round(limit * factor))
}

/**
 * The greatest number of windows of one length that overlap a window of another. It is one more when neither length divides the other, and for
 * windows that are anchored and so have no common grid.
 */
function windowsWithin(length: Millis, window: Millis, kind: Switches['window']): number {
  if (length === window) return 1
  const nested = kind !== 'anchored' && (window % length === 0 || length % window === 0)
  return Math.ceil(window / length) + (nested ? 0 : 1)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
