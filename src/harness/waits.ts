import { sorted } from '../compare/statistics.ts'
import type { Workload } from '../scenario/workload.ts'
import type { Trace } from './trace.ts'

/** From the intended arrival to the admission of the attempt that answered, over all offered calls, ascending; `Infinity` without an answer. */
export function waitsOf(trace: Trace, { arrival }: Workload): Float64Array {
  const waits = new Float64Array(trace.calls).fill(Infinity)
  for (let call = 0; call < trace.calls; call++) {
    if (trace.outcomeOf(call) === 'ok') waits[call] = trace.admittedAt(call) - arrival[call]!
  }
  return sorted(waits)
}
