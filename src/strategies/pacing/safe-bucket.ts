import { minimum } from '../../core/extremes.ts'
import type { Limit } from '../../core/limit.ts'

/** The size of a bucket in units, the rate at which it refills, in units a millisecond, and the greatest cost that it counts in full. */
export interface BucketSize {
  readonly size: number
  readonly rate: number
  readonly mostCost: number
}

/**
 * Sizes a bucket so that no window of any of the limits ever holds more than it may. `burst` is its size b as a share of the smallest limit,
 * and at least one unit; `share` is the share of the greatest safe rate at which it refills.
 *
 * Theorem: within a time of s, a bucket lets at most b + ρs units through. All that stands in one window of length W was sent within less than
 * W, since the window is half-open. So its units are fewer than b + ρW; they are whole, and hence at most C if b + ρW ≤ C + 1. The usual
 * bucket, with b = C and ρ = C/W, lets nearly 2C through in the first window.
 */
export function safeBucket(limits: readonly Limit[], burst: number, share: number): BucketSize {
  const mostCost = minimum(limits.map(({ limit }) => limit))
  const size = Math.max(1, burst * mostCost)
  return { size, rate: share * minimum(limits.map(({ limit, window }) => (limit + 1 - size) / window)), mostCost }
}

/** Returns a bucket as the name of a strategy shows it: its size, and its rate in units a second. */
export function bucketName({ size, rate }: BucketSize): string {
  return `${Number(size.toPrecision(4))}, ${Number((1000 * rate).toPrecision(4))}/s`
}
