import type { Millis } from '../core/clock.ts'
import { maximum, minimum } from '../core/extremes.ts'
import { type Switches, switchTable } from '../scenario/switches.ts'
import type { Workload } from '../scenario/workload.ts'
import { gateFor, type PooledLimit } from './quota.ts'

/** The inputs of the optimum. Durations are in milliseconds. */
export interface OracleOptions {
  readonly workload: Workload
  /** The limits of the quota on which the strategy draws. */
  readonly limits: readonly PooledLimit[]
  readonly window: Switches['window']
  readonly tokenCharge: Switches['tokenCharge']
  /** Default: the default of the switch. */
  readonly refund?: Switches['refund']
  /** Returns an instant at which a fixed window of this length begins. Default: 0. */
  readonly windowPhase?: (length: Millis) => Millis
  /** `max_tokens` of every call. */
  readonly maxTokens: number
  /** How long every caller waits, from the intended arrival. */
  readonly patience: Millis
  /** The instant at which the run ends. */
  readonly horizon: Millis
  /** How long the model takes for this call. */
  serviceTime(call: number): Millis
}

/**
 * The best result that any client can reach under the same limits, even one that knows the future. Instants are in milliseconds
 * from the run's start. Network delays and the burst guard are left out: they can only make a result worse, so this stays a bound.
 */
export interface Optimum {
  /** The greatest number of calls that can be answered in time. */
  readonly answered: number
  /** The earliest instant by which that many calls can be answered. */
  readonly makespan: Millis
  /** The earliest instant by which that many calls can be admitted. */
  readonly lastAdmission: Millis
  /** The mean time that the model takes for a call. No client can change it. */
  readonly meanService: Millis
  /** How long each call waits for its admission in the optimal schedule; `Infinity` for a call that is left out. */
  readonly waits: Float64Array
}

/**
 * Computes the schedule that admits calls in the order of arrival, each as early as the windows allow:
 *
 *   a_i = max(r_i, a_{i−1}, max over windows k of release_k(a_{i−C_k}))
 *
 * where r_i is the arrival, C_k the limit of window k, and release(a) = a + W for a sliding log of length W. Any feasible
 * schedule, sorted, satisfies the same inequalities, so by induction none admits its i-th call earlier. This schedule is therefore
 * optimal call by call, although it does not use the future. A call that can no longer be answered in time is left out; all
 * calls have the same patience, so deadlines have the order of arrivals and no other call could be answered in its place.
 * Token limits enter through `tokenBound`, and only into the last admission and the makespan.
 */
export function optimum(options: OracleOptions): Optimum {
  const { arrival } = options.workload
  const calls = arrival.length
  const { latestEnd, possible, possibleCalls, lastPossibleEnd, shortestService, meanService } = demandOf(options)
  const requestLimits = options.limits.filter(({ unit }) => unit === 'requests')
  const gates = requestLimits.map((limit) => gateFor(limit, options.window, calls, options.windowPhase?.(limit.window)))
  const waits = new Float64Array(calls).fill(Infinity)
  let answered = 0
  let admitted = 0

  for (let call = 0; call < calls; call++) {
    if (!possible[call]) continue
    let at = Math.max(arrival[call]!, admitted)
    for (const gate of gates) at = Math.max(at, gate.earliest())
    // The test uses the shortest service of all, so that no call is left out that another order could have served.
    if (at + shortestService > latestEnd[call]!) continue
    for (const gate of gates) gate.admit(at)
    admitted = at
    waits[call] = at - arrival[call]!
    answered++
  }
  if (answered === 0) return { answered, makespan: 0, lastAdmission: 0, meanService, waits }
  // When some calls are left out, a client could leave out others instead. So the tokens of all calls, and the end of the call that
  // ends last, are bounds only when every possible call is answered.
  const answersAll = answered === possibleCalls
  const lastAdmission = answersAll ? Math.max(admitted, tokenBound(options, possible)) : admitted
  const makespan = Math.max(lastAdmission + shortestService, answersAll ? lastPossibleEnd : 0)
  return { answered, makespan, lastAdmission, meanService, waits }
}

/** The deadlines of the calls, and the result if every call were admitted on arrival. A call is possible when it would then be in time. */
interface Demand {
  /** The instant by which each call must be answered. */
  readonly latestEnd: Float64Array
  /** 1 for a possible call. */
  readonly possible: Uint8Array
  /** The number of possible calls. */
  readonly possibleCalls: number
  /** The instant at which the last possible call would be answered. */
  readonly lastPossibleEnd: Millis
  /** The shortest service time of a possible call. */
  readonly shortestService: Millis
  /** The mean service time of all calls. */
  readonly meanService: Millis
}

/** Uses plain loops over columns: it runs for every seed and quota, and closures would take longer to compile than to run. */
function demandOf({ workload: { arrival }, patience, horizon, serviceTime }: OracleOptions): Demand {
  const calls = arrival.length
  const latestEnd = new Float64Array(calls)
  const possible = new Uint8Array(calls)
  let possibleCalls = 0
  let lastPossibleEnd = 0
  let shortestService = Infinity
  let totalService = 0
  for (let call = 0; call < calls; call++) {
    const time = serviceTime(call)
    const end = arrival[call]! + time
    totalService += time
    latestEnd[call] = Math.min(arrival[call]! + patience, horizon)
    if (end > latestEnd[call]!) continue
    possible[call] = 1
    possibleCalls++
    lastPossibleEnd = Math.max(lastPossibleEnd, end)
    shortestService = Math.min(shortestService, time)
  }
  const meanService = calls > 0 ? totalService / calls : 0
  return { latestEnd, possible, possibleCalls, lastPossibleEnd, shortestService, meanService }
}

/**
 * An instant before which no schedule can admit its last call. After any arrival r_k, the tokens S_k of the calls k…n must be
 * admitted, at most T in each window; so the last window cannot begin before r_k + W (⌈S_k / T⌉ − 1). Only tokens that are charged at
 * admission count. Output that is charged on completion may exceed the limit, and a bound must allow for that.
 */
function tokenBound(options: OracleOptions, possible: Uint8Array): Millis {
  const { workload, limits, window: kind, tokenCharge, maxTokens } = options
  const { refund = switchTable.refund.default, windowPhase = () => 0 } = options
  const { arrival, promptTokens, outputTokens } = workload
  const bounds = limits.map(({ unit, window, phases }) => {
    if (unit !== 'tokens' || tokenCharge === 'completion') return 0
    // Limits never fall, so a schedule that ends within a phase was never under a greater limit than that phase's.
    return minimum(phases.map(({ from, limit }) => Math.max(from, boundUnder(limit, window))))
  })
  return maximum(bounds, 0)

  function boundUnder(limit: number, window: Millis): Millis {
    const phase = windowPhase(window)
    let bound = 0
    let tokens = 0
    for (let call = arrival.length - 1; call >= 0; call--) {
      if (!possible[call]) continue
      tokens += promptTokens[call]!
      // What is given back on completion does not count in the end.
      if (tokenCharge === 'reserve' && !refund) tokens += maxTokens
      else if (tokenCharge !== 'split') tokens += Math.min(outputTokens[call]!, maxTokens)
      const from = kind === 'fixed' ? Math.floor((arrival[call]! - phase) / window) * window + phase : arrival[call]!
      const refill = Math.ceil(((tokens - limit) * window) / limit)
      const wait = kind === 'bucket' ? refill : window * (Math.ceil(tokens / limit) - 1)
      bound = Math.max(bound, from + wait)
    }
    return bound
  }
}
