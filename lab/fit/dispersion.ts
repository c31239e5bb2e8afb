import type { Millis } from '../../src/core/clock.ts'

/** How much the counts of arrivals in windows of one length vary. */
export interface Dispersion {
  /** The index of dispersion: their variance ÷ mean. It is 1 for a Poisson process. NaN with fewer than two windows. */
  readonly index: number
  /** The number of complete windows. */
  readonly windows: number
}

/** Counts ascending arrivals in the complete windows of this length from the first arrival on. */
export function dispersionOf(arrival: Float64Array, length: Millis): Dispersion {
  const first = arrival[0]!
  const windows = Math.floor((arrival.at(-1)! - first) / length)
  if (windows < 2) return { index: Number.NaN, windows }
  let [sum, squares, inWindow, window] = [0, 0, 0, 0]
  for (const at of arrival) {
    const own = Math.floor((at - first) / length)
    if (own !== window) {
      squares += inWindow ** 2
      window = own
      inWindow = 0
    }
    if (own >= windows) break
    inWindow++
    sum++
  }
  const mean = sum / windows
  return { index: (squares / windows - mean ** 2) / mean, windows }
}
