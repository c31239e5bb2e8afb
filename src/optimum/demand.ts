import type { Millis } from '../core/clock.ts'
import type { Switches } from '../scenario/switches.ts'
import type { Workload } from '../scenario/workload.ts'
import type { Phase, PooledLimit } from './quota.ts'
import { chargedAtAdmission } from './token-demand.ts'

/** What a bound is computed from. Durations are in milliseconds. */
export interface BoundOptions {
  readonly workload: Workload
  /** The limits of the quota on which the strategy draws. */
  readonly limits: readonly PooledLimit[]
  /** The most tokens that one call may charge at its admission: `longestCall` of the quotas. */
  readonly longestCall: readonly Phase[]
  readonly window: Switches['window']
  readonly tokenCharge: Switches['tokenCharge']
  readonly refund: Switches['refund']
  /** Whether others use the quota, too. The bound counts what they use as free. Default: nobody else does. */
  readonly isShared?: boolean
  /** Returns an instant at which a fixed window of this length begins. */
  windowPhase(length: Millis): Millis
  /** `max_tokens` of every call. */
  readonly maxTokens: number
  /** How long every caller waits, from the intended arrival. */
  readonly patience: Millis
  /** The instant at which the run ends. */
  readonly horizon: Millis
  /** How long the model takes for each call. */
  readonly service: Float64Array
}

/** The calls that can be answered at all, and the result if each were admitted as soon as it is possible. */
export interface Demand {
  /** The instant by which each call must be answered. */
  readonly latestEnd: Float64Array
  /** The calls that can be answered in time when no other call stands in their way, in the order of arrival. */
  readonly possible: readonly number[]
  /** 1 for a possible call. */
  readonly isPossible: Uint8Array
  /** The latest instant at which a possible call can be admitted first. */
  readonly latestStart: Millis
  /** The instant at which the last possible call would be answered. */
  readonly lastEnd: Millis
  /** The shortest service time of a possible call. */
  readonly shortestService: Millis
}

/** A call is possible from its arrival on, whenever it does not charge more than a quota's limit on tokens, which may change. */
export function demandOf(options: BoundOptions): Demand {
  const { workload, longestCall, patience, horizon, service } = options
  const { arrival } = workload
  const calls = arrival.length
  const latestEnd = new Float64Array(calls)
  const isPossible = new Uint8Array(calls)
  const possible: number[] = []
  let latestStart = 0
  let lastEnd = 0
  let shortestService = Infinity
  for (let call = 0; call < calls; call++) {
    const tokens = chargedAtAdmission(options, call)
    const start = firstPossible(tokens, arrival[call]!, longestCall)
    const end = start + service[call]!
    latestEnd[call] = Math.min(arrival[call]! + patience, horizon)
    if (end > latestEnd[call]!) continue
    isPossible[call] = 1
    possible.push(call)
    latestStart = Math.max(latestStart, start)
    lastEnd = Math.max(lastEnd, end)
    shortestService = Math.min(shortestService, service[call]!)
  }
  return { latestEnd, possible, isPossible, latestStart, lastEnd, shortestService }
}

/** The earliest instant, not before the arrival, at which a quota bears so many tokens of one call. `Infinity`: none does. */
function firstPossible(tokens: number, arrival: Millis, longestCall: readonly Phase[]): Millis {
  const phase = longestCall.find(({ limit }, j) => tokens <= limit && (longestCall[j + 1]?.from ?? Infinity) > arrival)
  return phase ? Math.max(arrival, phase.from) : Infinity
}
