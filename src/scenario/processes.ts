import type { Millis } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { Arrivals } from './arrivals.ts'
import type { Case } from './scenario.ts'

/** The processes of a case that share its calls. */
export interface Processes {
  /** The process that makes each call, from 0, in the order of the calls. */
  readonly of: Uint16Array
  /** When each process starts, in milliseconds from the run's start. */
  readonly starts: readonly Millis[]
}

/** The greatest number of processes in one case. */
export const mostProcesses = 1000

/** When each process of a case starts. */
export function startsOf({ processes = 1, joinEvery = 0 }: Pick<Case, 'processes' | 'joinEvery'>): Millis[] {
  return Array.from({ length: processes }, (_, process) => process * joinEvery)
}

/**
 * Draws the calls of several processes, in the order of arrival; of calls at one instant, that of the first process comes first. Where
 * arrivals have a rate, each process has its part of the rate and a stream of its own. Other arrivals are drawn once, and dealt to the
 * processes in turn. `draw` gives the instants of arrivals from a stream.
 */
export function drawProcesses(
  chosen: Case,
  random: Random,
  draw: (arrivals: Arrivals, random: Random) => Float64Array,
): { readonly arrival: Float64Array; readonly processes: Processes } {
  const { arrivals, leaveAfter = Infinity } = chosen
  const starts = startsOf(chosen)
  const part = partOf(arrivals, starts.length)
  const all = part ? undefined : draw(arrivals, random)
  const calls = starts.flatMap((start, process) => {
    const own = part
      ? draw(part, random.fork(`process ${process}`))
      : all!.filter((_, call) => call % starts.length === process)
    return Array.from(
      own.filter((at) => at < leaveAfter),
      (at) => ({ at: start + at, process }),
    )
  })
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
    case 'on-off':
      return { ...arrivals, perSecond: arrivals.perSecond / processes }
    case 'step':
      return { ...arrivals, before: arrivals.before / processes, after: arrivals.after / processes }
    case 'at-once':
    case 'trace':
    case 'custom':
      return undefined
  }
}
