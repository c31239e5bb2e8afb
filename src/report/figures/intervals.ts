import type { Estimate } from '../../compare/statistics.ts'
import type { Millis } from '../../core/clock.ts'
import { decimal, fixed, notApplicable, unitFor } from './figures.ts'

/**
 * Writes a figure with its 95 % interval: `12.3 s ±0.4 s`, or `12.3 s (11.9 s to never)` when the interval is not symmetric.
 * `margin` writes half the interval's length, in the unit of the value.
 */
export function withInterval(
  estimate: Estimate,
  format: (value: number) => string,
  margin: (half: number, value: number) => string,
): string {
  const { value, low, high } = estimate
  const shown = format(value)
  if (Number.isNaN(low) || Number.isNaN(high) || hasNoWidth(estimate)) return shown
  if (!isSymmetric(estimate)) return `${shown} (${format(low)} to ${format(high)})`
  return `${shown} ±${margin((high - low) / 2, value)}`
}

/** Whether the interval is no wider than rounding errors, because every seed gave the same value. */
function hasNoWidth({ value, low, high }: Estimate): boolean {
  return low === high || (Number.isFinite(value) && high - low <= 1e-9 * Math.abs(value))
}

export function isSymmetric({ value, low, high }: Estimate): boolean {
  return Math.abs(high - value - (value - low)) <= 1e-6 * (high - low)
}

/** Writes half an interval in the unit of its time: `0.4 s` for 112 s. */
export function durationMargin(half: Millis, time: Millis): string {
  const [unit, length] = unitFor(time)
  return `${decimal(half / length, 2)} ${unit}`
}

/** Writes half an interval of shares, in percentage points. */
export function percentagePoints(half: number): string {
  if (!Number.isFinite(half)) return notApplicable
  return half < 0.00005 ? '0' : decimal(half * 100, 2)
}

export function pValue(p: number): string {
  if (Number.isNaN(p)) return notApplicable
  return p < 0.001 ? '<0.001' : fixed(p, 3)
}
