import { maximum, minimum } from '../../core/extremes.ts'
import { shortDuration } from '../figures/figures.ts'
import type { Curve } from './wait-labels.ts'

/** When the longest wait is more than this number of times the waits in the middle of a curve, the axis is logarithmic. */
const logarithmicRatio = 100

/** The least wait of a run that is not 0, in seconds. */
const shortest = 0.001

/** How waits in seconds are placed on the vertical axis. */
export interface WaitScale {
  /** What the title of the axis says about it. */
  readonly note: string
  /** The place of a wait on the axis. It is 0 for 0, and grows with the wait. */
  readonly at: (seconds: number) => number
  /** The places and labels of the ticks. Default: Chart.js chooses them. */
  readonly ticks?: readonly { readonly value: number; readonly label: string }[]
}

/** Returns the scale that fits the curves. They share it, so that their panels can be compared. */
export function waitScale(curves: readonly Curve[]): WaitScale {
  return needsLogarithm(curves) ? logarithmicScale(curves) : { note: '', at: (seconds) => seconds }
}

/**
 * A logarithm has no place for 0. So the axis is linear from 0 to the power of ten below the shortest wait that is not 0, and from there on each
 * power of ten takes as much room as that part: at(w) = w / c below c, and 1 + log10(w / c) above it.
 */
function logarithmicScale(curves: readonly Curve[]): WaitScale {
  const waits = curves.flatMap(({ points }) => points.map(({ y }) => y))
  const longest = maximum(waits, shortest)
  const least = Math.max(
    shortest,
    minimum(
      waits.filter((wait) => wait > 0),
      longest,
    ),
  )
  const start = 10 ** Math.floor(Math.log10(least) + 1e-9)
  const at = (seconds: number) => (seconds < start ? seconds / start : 1 + Math.log10(seconds / start))
  const powers = Array.from({ length: Math.floor(at(longest) + 1e-9) + 1 }, (_, i) =>
    i === 0 ? 0 : start * 10 ** (i - 1),
  )
  return {
    note: ` (logarithmic above ${label(start)})`,
    at,
    ticks: powers.map((wait) => ({ value: at(wait), label: label(wait) })),
  }
}

export function label(seconds: number): string {
  return shortDuration(1000 * seconds).replace(/\.0+ /, ' ')
}

/** Whether the axis must be logarithmic. Curves that end below 50 % of the calls do not count when there are others. */
function needsLogarithm(curves: readonly Curve[]): boolean {
  const long = curves.filter(({ points }) => points.at(-1)!.x >= 50)
  const judged = long.length > 0 ? long : curves
  const longest = maximum(
    judged.map(({ points }) => points.at(-1)!.y),
    0,
  )
  const middles = judged.map(({ points }) => points[points.length >> 1]!.y)
  return longest > logarithmicRatio * Math.max(0.01, minimum(middles, longest))
}
