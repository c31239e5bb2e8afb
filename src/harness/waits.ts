import { sorted } from './statistics.ts'
import type { Trace } from './trace.ts'
import type { Workload } from './workload.ts'

/** From the intended arrival to the admission of the attempt that answered, over all offered calls, ascending; `Infinity` without an answer. */
export function waitsOf(trace: Trace, { arrival }: Workload): Float64Array {
  const waits = new Float64Array(trace.calls).fill(Infinity)
  for (let call = 0; call < trace.calls; call++) {
    if (trace.outcomeOf(call) !== 'ok') continue
    const attempt = trace.answeredBy(call)
    // A strategy may answer by itself, without an attempt: then all its time was waiting.
    const until = attempt < 0 ? trace.settled[call]! : trace.decidedAt(attempt)
    waits[call] = until - arrival[call]!
  }
  return sorted(waits)
}
