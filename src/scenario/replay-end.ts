import type { Millis } from '../core/clock.ts'
import { partitionPoint } from '../core/partition-point.ts'
import type { Case } from './scenario.ts'

/** The instants of the calls of a trace, ascending. A workload is one. */
export interface TraceArrivals {
  readonly arrival: Float64Array
}

/** 180 days, in milliseconds. A longer run is more likely a mistake than intended: one wrong date in a trace makes years of it. */
export const longestHorizon: Millis = 180 * 86_400_000

/** How long a run goes on after the last arrival of a trace when callers wait until its end. */
const endlessWait: Millis = 86_400_000

/**
 * Returns a case whose horizon is a number. A case that replays arrivals ends with the trace, unless its own horizon is earlier:
 *
 *   horizon = min(own horizon, ⌊last arrival ÷ speed⌋ + patience, 180 days)
 *
 * Patience includes the answer, so nothing that happens later could count. A patience that is endless adds a day.
 */
export function endingWithTrace(chosen: Case, recorded: TraceArrivals | undefined): Case {
  const { arrivals, patience, horizon } = chosen
  if (arrivals.kind !== 'trace' || !recorded) return chosen
  const last = Math.floor((recorded.arrival.at(-1) ?? 0) / arrivals.speed)
  return {
    ...chosen,
    horizon: Math.min(horizon, last + (Number.isFinite(patience) ? patience : endlessWait), longestHorizon),
  }
}

/** Returns how many calls of a trace arrive before the horizon. The others are not offered. They are a part of no figure. */
export function callsBeforeEnd({ arrivals, horizon }: Case, { arrival }: TraceArrivals): number {
  if (arrivals.kind !== 'trace') return arrival.length
  return partitionPoint(arrival.length, (i) => Math.floor(arrival[i]! / arrivals.speed) < horizon)
}
