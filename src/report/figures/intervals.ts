import type { Estimate } from '../../compare/statistics.ts'
import type { Millis } from '../../core/clock.ts'
import { decimal, fixed, none, unitFor } from './figures.ts'

/**
 * A figure with its 95 % interval: `12.3 s ±0.4 s`, or `12.3 s (11.9 s to never)` where the interval is lopsided.
 * `margin` words half the interval, beside the value.
 */
export function estimated(
  estimate: Estimate,
  format: (value: number) => string,
  margin: (half: number, value: number) => string,
): string {
  const { value, low, high } = estimate
  const shown = format(value)
  if (Number.isNaN(low) || Number.isNaN(high) || pointed(estimate)) return shown
  if (!symmetric(estimate)) return `${shown} (${format(low)} to ${format(high)})`
  return `${shown} ±${margin((high - low) / 2, value)}`
}

/** No wider than the last float bits: every seed gave the same. */
function pointed({ value, low, high }: Estimate): boolean {
  return low === high || (Number.isFinite(value) && high - low <= 1e-9 * Math.abs(value))
}

export function symmetric({ value, low, high }: Estimate): boolean {
  return Math.abs(high - value - (value - low)) <= 1e-6 * (high - low)
}

/** A time and half its interval, in one unit: `112 s ±0.4 s`. */
export function durationMargin(half: Millis, time: Millis): string {
  const [unit, length] = unitFor(time)
  return `${decimal(half / length, 2)} ${unit}`
}

/** Half an interval of shares, in percentage points. */
export function points(half: number): string {
  if (!Number.isFinite(half)) return none
  return half < 0.00005 ? '0' : decimal(half * 100, 2)
}

export function pValue(p: number): string {
  if (Number.isNaN(p)) return none
  return p < 0.001 ? '<0.001' : fixed(p, 3)
}
