import { TimerHeap } from '../../sim/time/timer-heap.ts'
import { type Bound, boundOf } from '../../src/optimum/bound.ts'
import type { BoundOptions } from '../../src/optimum/demand.ts'
import type { ClosedLoop } from '../../src/scenario/workload.ts'

/**
 * The bound of a closed loop. A client that answers every call has each worker busy at least for the service and the thinking of its calls. As
 * workers take the calls in one order, the instant at which call i is taken never falls when another call takes longer, so without limits and
 * network it is the earliest that could be. A client that leaves calls out may take later ones sooner: where not all can be answered before the
 * end of the run, all arrive at 0. Patience counts from an arrival that is not known, so it is left out.
 */
export function closedBoundOf(options: BoundOptions, loop: ClosedLoop): Bound {
  const { workload, service } = options
  const patient = { ...options, patience: Infinity }
  const arrival = earliestArrivals(loop, service)
  const ofAll = boundOf({ ...patient, workload: { ...workload, arrival } })
  return ofAll.answered === arrival.length ? ofAll : boundOf(patient)
}

function earliestArrivals({ workers, think }: ClosedLoop, service: Float64Array): Float64Array {
  const ready = new TimerHeap()
  for (let worker = 0; worker < workers; worker++) ready.push(0, worker)
  return service.map((busy, call) => {
    const at = ready.nextDue
    ready.pop()
    ready.push(at + busy + think[call]!, call)
    return at
  })
}
