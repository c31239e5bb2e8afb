import type { Millis } from '../core/clock.ts'
import type { Trace } from '../harness/trace.ts'
import type { Workload } from '../scenario/workload.ts'
import { quantile, sorted } from './statistics.ts'

/** The curves that the charts draw of one run. */
export interface Series {
  /** The number of admitted attempts in each whole second from the run's start. */
  readonly admittedPerSecond: readonly number[]
  /** The quantiles 0, 1, …, 100 % of the wait for admission, over all offered calls. A call without an answer has the wait `Infinity`. */
  readonly waitQuantiles: readonly Millis[]
}

export function seriesOf(trace: Trace, workload: Workload): Series {
  const ascending = waitsOf(trace, workload)
  return {
    admittedPerSecond: admittedPerSecond(trace),
    waitQuantiles: Array.from({ length: 101 }, (_, p) => quantile(ascending, p / 100)),
  }
}

function admittedPerSecond(trace: Trace): number[] {
  const admitted: number[] = []
  for (let attempt = 0; attempt < trace.attempts; attempt++) {
    if (trace.verdictOf(attempt) !== 'admitted') continue
    const second = Math.floor(trace.decidedAt(attempt) / 1000)
    while (admitted.length <= second) admitted.push(0)
    admitted[second]!++
  }
  return admitted
}

/**
 * The waits of all offered calls in ascending order. A wait lasts from the intended arrival to the admission of the attempt that
 * answered; it is `Infinity` for a call without an answer.
 */
export function waitsOf(trace: Trace, { arrival }: Workload): Float64Array {
  const waits = new Float64Array(trace.calls).fill(Infinity)
  for (let call = 0; call < trace.calls; call++) {
    if (trace.outcomeOf(call) === 'ok') waits[call] = trace.admittedAt(call) - arrival[call]!
  }
  return sorted(waits)
}
