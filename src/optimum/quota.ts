import type { Millis } from '../core/clock.ts'
import { maximum, minimum } from '../core/extremes.ts'
import { type Limit, type Unit, unitOf } from '../core/limit.ts'

/** The limits of one account for one model, and their raises during the run. */
export interface Quota {
  readonly limits: readonly Limit[]
  readonly raises: readonly QuotaRaise[]
}

/** A raise of limits. Raises are in the order of time. */
export interface QuotaRaise {
  readonly at: Millis
  /** Each limit is multiplied by this number, which is at least 1. */
  readonly factor: number
  /** Only the limits on this unit are raised. Default: all. */
  readonly unit?: Unit
}

/** A limit that is in force from its instant on, until the next phase begins. */
export interface Phase {
  readonly from: Millis
  readonly limit: number
}

/** A limit on the requests or tokens in any window. It changes with time, and never falls. */
export interface PooledLimit {
  readonly unit: Unit
  readonly window: Millis
  /** The limits in force, in the order of time. The first begins at 0. */
  readonly phases: readonly Phase[]
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
    return windows.map((window) => ({
      unit,
      window,
      phases: changesOf(quotas).map((from) => ({
        from,
        limit: sum(quotas.map((quota, i) => amountIn(limitsOf[i]!, factorAt(quota, from, unit), window))),
      })),
    }))
  })
}

/**
 * The most tokens that one call may charge at its admission: a call is sent to one quota, so several quotas together bear no longer call
 * than the largest of them. `Infinity`: one of the quotas has no limit on tokens.
 */
export function longestCall(quotas: readonly Quota[]): Phase[] {
  const longestIn = ({ limits, raises }: Quota, at: Millis) =>
    minimum(
      limits
        .filter(({ rule }) => unitOf(rule) === 'tokens')
        .map(({ limit }) => raised(limit, factorAt({ limits, raises }, at, 'tokens'))),
    )
  return changesOf(quotas).map((from) => ({
    from,
    limit: quotas.length > 0 ? maximum(quotas.map((quota) => longestIn(quota, from))) : Infinity,
  }))
}

/** The instants at which a limit of a quota changes, and 0, in the order of time. */
function changesOf(quotas: readonly Quota[]): Millis[] {
  return [...new Set([0, ...quotas.flatMap(({ raises }) => raises.map(({ at }) => at))])].sort((a, b) => a - b)
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

/** The greatest amount that a set of limits admits in a window: min over the limits of limit × windowsWithin(limit's window, window). */
function amountIn(limits: readonly Limit[], factor: number, window: Millis): number {
  return minimum(limits.map((each) => raised(each.limit, factor) * windowsWithin(each.window, window)))
}

/** The limit after raises. The provider rounds in the same way: a limit is a whole number, at least 1. */
function raised(limit: number, factor: number): number {
  return Math.max(1, Math.round(limit * factor))
}

/** The greatest number of windows of one length that overlap a window of another. It is one more when neither length divides the other. */
function windowsWithin(length: Millis, window: Millis): number {
  const nested = window % length === 0 || length % window === 0
  return Math.ceil(window / length) + (nested ? 0 : 1)
}

function factorAt({ raises }: Quota, at: Millis, unit: Unit): number {
  const raised = raises.filter((raise) => raise.at <= at && (raise.unit ?? unit) === unit)
  return raised.reduce((factor, raise) => factor * raise.factor, 1)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
