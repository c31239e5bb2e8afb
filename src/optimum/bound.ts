import type { Millis } from '../core/clock.ts'
import { type BoundOptions, type Demand, demandOf } from './demand.ts'
import type { Gate } from './gate.ts'
import type { PooledLimit } from './quota.ts'
import { requestGate } from './request-gate.ts'
import { peaks, Supply } from './supply.ts'
import { SupplyGate } from './supply-gate.ts'
import {
  type ChargedCalls,
  demandAtAdmission,
  demandOfRequests,
  demandsOnCompletion,
  keptFromAdmission,
} from './token-demand.ts'

/**
 * What no client can exceed under the same limits, even one that knows the future. Instants are in milliseconds from the run's start.
 * Network delays and the burst guard are left out: they can only make a result worse, so this stays a bound.
 */
export interface Bound {
  /** A number of calls that no client exceeds in answering in time. */
  readonly answered: number
  /** An instant before which no client has answered that many calls. */
  readonly makespan: Millis
  /** An instant before which no client has that many calls admitted. */
  readonly lastAdmission: Millis
  /** The least number of tokens that stay charged of the admissions of this many calls. */
  readonly tokens: number
  /** Entry i is an instant before which no client has i + 1 calls admitted. */
  readonly admissions: Float64Array
}

/**
 * Admits calls in the order of arrival, each as early as the gates allow:
 *
 *   a_i = max(r_i, a_{i−1}, max over windows k of requests of release_k(a_{i−C_k}), max over limits of tokens of f(i))
 *
 * where r_i is the arrival, C_k the limit of window k, release(a) = a + W for a sliding log of length W, and f(i) the instant by which
 * a limit on tokens lets the i smallest demands through (`SupplyGate`). Any feasible schedule, sorted, satisfies the same inequalities,
 * so by induction none admits its i-th call earlier. A call that can no longer be answered in time is left out; all calls have the same
 * patience, so deadlines have the order of arrivals and no other call could be answered in its place. Without limits on tokens the
 * result is a schedule, and so the optimum. With them it is a bound: the smallest demands need not arrive first, nor fill the windows.
 */
export function boundOf(options: BoundOptions): Bound {
  const { arrival } = options.workload
  const demand = demandOf(options)
  const { latestEnd, possible, isPossible, shortestService } = demand
  const charged: ChargedCalls = { ...options, counted: possible }
  const supplyOf = suppliesOf(options)
  const { gates, least } = gatesFor(options, charged, supplyOf)
  const admissions = new Float64Array(possible.length)
  let answered = 0
  let admitted = 0

  for (let call = 0; call < arrival.length; call++) {
    if (!isPossible[call]) continue
    const at = earliestOf(gates, Math.max(arrival[call]!, admitted))
    // The test uses the shortest service of all, so that no call is left out that another order could have served.
    if (at + shortestService > latestEnd[call]!) continue
    for (const gate of gates) gate.admit(at)
    admitted = at
    admissions[answered++] = at
  }
  if (answered === 0) return { answered, makespan: 0, lastAdmission: 0, tokens: 0, admissions: admissions.slice(0, 0) }
  // When some calls are left out, a client could leave out others instead. So what holds for the last of all possible calls, or for the
  // one that ends last, is a bound only when every possible call is answered.
  const answersAll = answered === possible.length
  const lastAdmission = answersAll ? Math.max(admitted, lastOfAll(options, charged, demand, supplyOf)) : admitted
  const makespan = Math.max(lastAdmission + shortestService, answersAll ? demand.lastEnd : 0)
  return { answered, makespan, lastAdmission, tokens: least[answered]!, admissions: admissions.slice(0, answered) }
}

/** The earliest instant, not before this one, at which all gates let the next call through. */
function earliestOf(gates: readonly Gate[], from: Millis): Millis {
  let at = from
  /** The number of gates in a row that let the call through at this instant. */
  let agreed = 0
  for (let i = 0; agreed < gates.length; i = (i + 1) % gates.length) {
    const next = gates[i]!.earliest(at)
    agreed = next === at ? agreed + 1 : 1
    at = next
  }
  return at
}

function gatesFor(options: BoundOptions, charged: ChargedCalls, supplyOf: SupplyFrom) {
  const { workload, limits, window: kind, windowPhase } = options
  const requestLimits = limits.filter(({ unit }) => unit === 'requests')
  const tokenLimits = limits.filter(({ unit }) => unit === 'tokens')
  const from = workload.arrival[charged.counted[0] ?? 0] ?? 0
  const atAdmission = demandAtAdmission(charged)
  const demands = tokenLimits.length > 0 ? [atAdmission, ...demandsOnCompletion(charged, requestLimits, kind)] : []
  const gates: Gate[] = [
    ...requestLimits.map((limit) => requestGate(limit, kind, charged.counted.length, windowPhase(limit.window))),
    // Anchored windows begin with the first admission, which their gate of requests does not know.
    ...(kind === 'anchored' ? requestLimits : []).map(
      (limit) => new SupplyGate(supplyOf(limit, from), demandOfRequests(charged)),
    ),
    ...tokenLimits.flatMap((limit) => demands.map((demand) => new SupplyGate(supplyOf(limit, from), demand))),
  ]
  return { gates, least: atAdmission.least }
}

/**
 * An instant before which no schedule that admits all possible calls admits the last of them: when the last call becomes possible, and
 * when the tokens of the calls k…n have been let through since the arrival of k, for every k. Only tokens that are charged at admission
 * count.
 */
function lastOfAll(
  { limits, workload }: BoundOptions,
  charged: ChargedCalls,
  { possible, latestStart }: Demand,
  supplyOf: SupplyFrom,
): Millis {
  let latest = latestStart
  for (const limit of limits) {
    if (limit.unit !== 'tokens') continue
    let tokens = 0
    for (let i = possible.length - 1; i >= 0; i--) {
      const from = workload.arrival[possible[i]!]!
      tokens += keptFromAdmission(charged, possible[i]!)
      if (tokens <= limit.phases[0]!.limit) continue
      latest = Math.max(latest, supplyOf(limit, from).reaches(tokens, from))
    }
  }
  return latest
}

/** What a limit lets through from an instant on, at which a call arrives. */
type SupplyFrom = (limit: PooledLimit, from: Millis) => Supply

function suppliesOf({ limits, window: kind, windowPhase, workload, isShared = false }: BoundOptions): SupplyFrom {
  const highestOf = new Map(limits.map((limit) => [limit, peaks(limit, kind, windowPhase(limit.window))]))
  const first = isShared ? -Infinity : (workload.arrival[0] ?? 0)
  return (limit, from) => {
    // Another call, or another user of the quota, may have begun the anchored window in which the calls from this instant on are counted.
    const origin = kind === 'anchored' ? Math.max(first, from - limit.window + 1) : from
    return new Supply(highestOf.get(limit)!, kind, origin, windowPhase(limit.window))
  }
}
