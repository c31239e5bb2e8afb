import type { Millis } from '../core/clock.ts'
import type { Trace } from '../harness/trace.ts'
import { waitsOf } from '../harness/waits.ts'
import type { Workload } from '../scenario/workload.ts'
import { quantile } from './statistics.ts'

/** What a chart shows of one run. */
export interface Series {
  /** Admitted requests in each whole second from the run's start. */
  readonly admittedPerSecond: readonly number[]
  /** The wait for admission at the quantiles 0, 1, …, 100 %, over all offered calls; `Infinity` for a call without an answer. */
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
