import type { Random } from '../../core/random.ts'
import type { Case } from '../scenario.ts'
import type { Workload } from '../workload.ts'
import { drawnArrivals } from './drawn-arrivals.ts'
import { drawnLengths } from './drawn-lengths.ts'
import { processArrivals } from './process-arrivals.ts'
import { sweptWorkload } from './swept-workload.ts'
import { tenantTraffic } from './tenant-traffic.ts'

/**
 * Draws a case's workload, at the load of its point where it is one of a sweep. Arrivals and lengths of the kind `trace` come from the recorded trace, up to the horizon.
 * Throws an `InputError` when that trace is missing, when there are more calls than `mostCalls`, or when a generator of arrivals fails or
 * yields wrong instants.
 */
export function workloadOf(chosen: Case, random: Random, recorded: Workload | undefined): Workload {
  const draw = (from: Random) => ownWorkload(chosen, from, recorded)
  return chosen.sweep ? sweptWorkload(draw, chosen.sweep.load, random) : draw(random)
}

function ownWorkload(chosen: Case, random: Random, recorded: Workload | undefined): Workload {
  if (chosen.tenants) return tenantTraffic(chosen, chosen.tenants, random, recorded)
  const own = random.fork('arrivals')
  const drawn = (chosen.processes ?? 1) > 1 ? processArrivals : drawnArrivals
  const arrivals = drawn(chosen, own, recorded)
  const lengths = drawnLengths(chosen, arrivals, random.fork('lengths'), recorded, () => chosen.lengths)
  const { arrival, loop, processes } = arrivals
  return { arrival, ...lengths, ...(loop && { loop }), ...(processes && { processes }) }
}
