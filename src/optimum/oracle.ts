import type { Millis } from '../core/clock.ts'
import type { Switches } from '../scenario/switches.ts'
import type { Workload } from '../scenario/workload.ts'
import { gateFor, type PooledLimit } from './quota.ts'

export interface OracleOptions {
  readonly workload: Workload
  readonly limits: readonly PooledLimit[]
  readonly window: Switches['window']
  readonly tokenCharge: Switches['tokenCharge']
  readonly maxTokens: number
  readonly patience: Millis
  readonly horizon: Millis
  /** What the model takes for this call, in milliseconds. */
  serviceTime(call: number): Millis
}

/** What no client can beat under the same limits, whatever it knows. Network delays and the burst guard are left out: both only cost. */
export interface Optimum {
  /** The most calls that can be answered in time. */
  readonly answered: number
  /** The earliest instant by which as many are answered. */
  readonly makespan: Millis
  /** The earliest instant by which as many are admitted. */
  readonly lastAdmission: Millis
  /** What the model takes for a call, on the mean. No client can choose it. */
  readonly meanService: Millis
  /** How long each call waits for its admission in the optimal schedule; `Infinity` for a call left out. */
  readonly waits: Float64Array
}

/**
 * First come, first served, as early as the windows allow:
 *
 *   a_i = max(r_i, a_{i−1}, max over windows k of release_k(a_{i−C_k}))
 *
 * with release(a) = a + W for a sliding log. Any feasible schedule, sorted, obeys the same inequalities, so by induction none
 * admits its i-th call earlier: greedy is optimal call by call, without knowing the future. A call that could no longer be
 * answered in time is left out; with one patience for all, deadlines come in the order of arrivals and leaving out the
 * hopeless loses nothing. The token bound joins in through `tokenBound`, for the last admission and the makespan alone.
 */
export function optimum(options: OracleOptions): Optimum {
  const { arrival } = options.workload
  const calls = arrival.length
  const { latest, possible, reachable, lastReachable, shortest, meanService } = demandOf(options)
  const counts = options.limits.filter(({ unit }) => unit === 'requests')
  const gates = counts.map((capacity) => gateFor(capacity, options.window, calls))
  const waits = new Float64Array(calls).fill(Infinity)
  let answered = 0
  let admitted = 0

  for (let call = 0; call < calls; call++) {
    if (!possible[call]) continue
    let at = Math.max(arrival[call]!, admitted)
    for (const gate of gates) at = Math.max(at, gate.earliest())
    // Relaxed to the shortest service of all, so that leaving out never costs a call that another order could have served.
    if (at + shortest > latest[call]!) continue
    for (const gate of gates) gate.admit(at)
    admitted = at
    waits[call] = at - arrival[call]!
    answered++
  }
  if (answered === 0) return { answered, makespan: 0, lastAdmission: 0, meanService, waits }
  // Where some are left out, others might be left out instead: only when all are answered do tokens and each one's own end bind.
  const isWhole = answered === reachable
  const lastAdmission = isWhole ? Math.max(admitted, tokenBound(options, possible)) : admitted
  const makespan = Math.max(lastAdmission + shortest, isWhole ? lastReachable : 0)
  return { answered, makespan, lastAdmission, meanService, waits }
}

/** What the calls ask for, by call, and what would come of it without limits. */
interface Demand {
  /** When the call must have been answered. */
  readonly latest: Float64Array
  /** 1 for a call that would be answered in time if it were admitted as it arrives. */
  readonly possible: Uint8Array
  readonly reachable: number
  readonly lastReachable: Millis
  /** The shortest service of those. */
  readonly shortest: Millis
  readonly meanService: Millis
}

/** Columns and plain loops: this runs for every seed and quota, and a closure a call would cost more to compile than to run. */
function demandOf({ workload: { arrival }, patience, horizon, serviceTime }: OracleOptions): Demand {
  const calls = arrival.length
  const latest = new Float64Array(calls)
  const possible = new Uint8Array(calls)
  let reachable = 0
  let lastReachable = 0
  let shortest = Infinity
  let service = 0
  for (let call = 0; call < calls; call++) {
    const time = serviceTime(call)
    const end = arrival[call]! + time
    service += time
    latest[call] = Math.min(arrival[call]! + patience, horizon)
    if (end > latest[call]!) continue
    possible[call] = 1
    reachable++
    lastReachable = Math.max(lastReachable, end)
    shortest = Math.min(shortest, time)
  }
  return { latest, possible, reachable, lastReachable, shortest, meanService: calls > 0 ? service / calls : 0 }
}

/**
 * No schedule admits its last call earlier. From any arrival r_k on, the tokens S_k of calls k…n must pass, at most T in each of
 * the disjoint windows they fill: the last cannot begin before r_k + W (⌈S_k / T⌉ − 1). Only tokens that are charged at
 * admission count: output charged on completion may overshoot, and a bound must not assume that it does not.
 */
function tokenBound(options: OracleOptions, possible: Uint8Array): Millis {
  const { workload, limits, window: kind, tokenCharge, maxTokens } = options
  const { arrival, promptTokens, outputTokens } = workload
  const bounds = limits.map(({ unit, window, phases }) => {
    if (unit !== 'tokens' || tokenCharge === 'completion') return 0
    // Limits never fall: whoever is done within a phase has met none greater than that phase's.
    return Math.min(...phases.map(({ from, limit }) => Math.max(from, boundUnder(limit, window))))
  })
  return Math.max(0, ...bounds)

  function boundUnder(limit: number, window: Millis): Millis {
    let bound = 0
    let tokens = 0
    for (let call = arrival.length - 1; call >= 0; call--) {
      if (!possible[call]) continue
      tokens += promptTokens[call]!
      if (tokenCharge === 'admission') tokens += Math.min(outputTokens[call]!, maxTokens)
      if (tokenCharge === 'reserve') tokens += maxTokens
      const from = kind === 'fixed' ? Math.floor(arrival[call]! / window) * window : arrival[call]!
      const refill = Math.ceil(((tokens - limit) * window) / limit)
      const wait = kind === 'bucket' ? refill : window * (Math.ceil(tokens / limit) - 1)
      bound = Math.max(bound, from + wait)
    }
    return bound
  }
}
