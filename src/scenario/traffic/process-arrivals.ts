import type { Random } from '../../core/random.ts'
import type { Arrivals } from '../arrivals/arrivals.ts'
import { mostCalls } from '../arrivals/most-calls.ts'
import { startsOf } from '../processes.ts'
import type { Case } from '../scenario.ts'
import type { Workload } from '../workload.ts'
import { type DrawnArrivals, drawnArrivals, tooMany } from './drawn-arrivals.ts'

/**
 * Draws the calls of several processes, in the order of arrival; of calls at one instant, that of the first process comes first. Where
 * arrivals have a rate, each process has its part of the rate and a stream of its own. Other arrivals are drawn once, and dealt to the
 * processes in turn; those of a trace stay where they are. Throws an `InputError` as `workloadOf` does.
 */
export function processArrivals(chosen: Case, random: Random, recorded: Workload | undefined): DrawnArrivals {
  const { name, arrivals, leaveAfter = Infinity } = chosen
  const starts = startsOf(chosen)
  const part = partOf(arrivals, starts.length)
  const all = part ? undefined : drawnArrivals(chosen, random, recorded)
  if (all && arrivals.kind === 'trace') {
    const of = Uint16Array.from(all.arrival, (_, call) => call % starts.length)
    return { ...all, processes: { of, starts } }
  }
  const calls = starts.flatMap((start, process) => {
    const own = part
      ? drawnArrivals({ ...chosen, arrivals: part }, random.fork(`process ${process}`), recorded).arrival
      : all!.arrival.filter((_, call) => call % starts.length === process)
    return Array.from(
      own.filter((at) => at < leaveAfter),
      (at) => ({ at: start + at, process }),
    )
  })
  if (calls.length > mostCalls) throw tooMany(name)
  calls.sort((a, b) => a.at - b.at)
  return {
    arrival: Float64Array.from(calls, ({ at }) => at),
    processes: { of: Uint16Array.from(calls, ({ process }) => process), starts },
  }
}

/** Returns the arrivals of one of so many processes, or undefined where arrivals have no rate that could be divided. */
function partOf(arrivals: Arrivals, processes: number): Arrivals | undefined {
  switch (arrivals.kind) {
    case 'poisson':
    case 'gamma':
    case 'on-off':
    case 'diurnal':
    case 'flash-crowd':
      return { ...arrivals, perSecond: arrivals.perSecond / processes }
    case 'step':
      return { ...arrivals, before: arrivals.before / processes, after: arrivals.after / processes }
    default:
      return undefined
  }
}
