import { InputError } from '../../checks/input-error.ts'
import type { Random } from '../../core/random.ts'
import { mostCalls } from '../arrivals/most-calls.ts'
import { loadText } from '../sweep-point.ts'
import type { Workload } from '../workload.ts'

/**
 * Returns `load` times the calls of a workload: whole draws of it together, and one more of which each call is kept with the probability that
 * is left. So a smaller load has a part of the calls of a greater one, and the load 1 is the first draw itself. `draw` draws the workload from
 * a stream. The load of a closed loop is the number of its workers, at least one. Throws an `InputError` for more calls than `mostCalls`.
 */
export function sweptWorkload(draw: (random: Random) => Workload, load: number, random: Random): Workload {
  const first = draw(random)
  if (first.loop)
    return { ...first, loop: { ...first.loop, workers: Math.max(1, Math.round(first.loop.workers * load)) } }
  const expected = Math.round(first.arrival.length * load)
  if (expected > mostCalls)
    throw new InputError(
      `Expected a load of at most ${mostCalls} calls, got about ${expected} at ${loadText(load)}`,
      'SCENARIO_INVALID',
    )
  const copies = Array.from({ length: Math.ceil(load) }, (_, i) => (i === 0 ? first : draw(random.fork(`copy ${i}`))))
  const thinning = random.fork('thinning')
  const calls = copies.flatMap((copy, i) =>
    Array.from(copy.arrival, (arrival, call) => ({ copy, call, arrival })).filter(
      ({ call }) => thinning.at(call, i) < load - i,
    ),
  )
  calls.sort((a, b) => a.arrival - b.arrival)
  const { tenants, processes } = first
  return {
    arrival: Float64Array.from(calls, ({ arrival }) => arrival),
    promptTokens: Uint32Array.from(calls, ({ copy, call }) => copy.promptTokens[call]!),
    outputTokens: Uint32Array.from(calls, ({ copy, call }) => copy.outputTokens[call]!),
    ...(tenants && {
      tenants: { ...tenants, of: Uint16Array.from(calls, ({ copy, call }) => copy.tenants!.of[call]!) },
    }),
    ...(processes && {
      processes: { ...processes, of: Uint16Array.from(calls, ({ copy, call }) => copy.processes!.of[call]!) },
    }),
  }
}
