import type { Millis } from '../core/clock.ts'
import type { Switches } from '../core/world.ts'
import type { Capacity } from './capacity.ts'
import type { Workload } from './workload.ts'

export interface OracleOptions {
  readonly workload: Workload
  readonly capacities: readonly Capacity[]
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
  const { workload, patience, horizon, serviceTime } = options
  const { arrival } = workload
  const calls = arrival.length
  const counts = options.capacities.filter(({ unit }) => unit === 'requests')
  const gates = counts.map((capacity) => gateFor(capacity, options.window, calls))
  const service = Float64Array.from({ length: calls }, (_, call) => serviceTime(call))
  const inTime = (call: number) => Math.min(arrival[call]! + patience, horizon)
  const possible = (call: number) => arrival[call]! + service[call]! <= inTime(call)
  const shortest = service.reduce((least, time, call) => (possible(call) ? Math.min(least, time) : least), Infinity)
  const waits = new Float64Array(calls).fill(Infinity)
  let reachable = 0
  let lastReachable = 0
  let answered = 0
  let admitted = 0

  for (let call = 0; call < calls; call++) {
    if (!possible(call)) continue
    reachable++
    lastReachable = Math.max(lastReachable, arrival[call]! + service[call]!)
    let at = Math.max(arrival[call]!, admitted)
    for (const gate of gates) at = Math.max(at, gate.earliest())
    // Relaxed to the shortest service of all, so that leaving out never costs a call that another order could have served.
    if (at + shortest > inTime(call)) continue
    for (const gate of gates) gate.admit(at)
    admitted = at
    waits[call] = at - arrival[call]!
    answered++
  }
  const meanService = calls > 0 ? service.reduce((total, time) => total + time, 0) / calls : 0
  if (answered === 0) return { answered, makespan: 0, lastAdmission: 0, meanService, waits }
  // Where some are left out, others might be left out instead: only when all are answered do tokens and each one's own end bind.
  const isWhole = answered === reachable
  const lastAdmission = isWhole ? Math.max(admitted, tokenBound(options, possible)) : admitted
  const makespan = Math.max(lastAdmission + shortest, isWhole ? lastReachable : 0)
  return { answered, makespan, lastAdmission, meanService, waits }
}

interface Gate {
  /** When the next admission is possible at the earliest. */
  earliest(): Millis
  admit(at: Millis): void
}

function gateFor(capacity: Capacity, kind: Switches['window'], calls: number): Gate {
  if (kind === 'bucket') return bucketGate(capacity)
  const { window } = capacity
  const release =
    kind === 'sliding' ? (at: Millis) => at + window : (at: Millis) => (Math.floor(at / window) + 1) * window
  return windowGate(capacity, release, calls)
}

/** Remembers the last C admissions: the next must wait for the one C before it to be released. */
function windowGate({ phases }: Capacity, release: (at: Millis) => Millis, calls: number): Gate {
  const ring = new Float64Array(Math.min(phases.at(-1)!.limit, calls))
  let admitted = 0
  return {
    earliest() {
      for (let k = 0; k < phases.length; k++) {
        const { from, limit } = phases[k]!
        const freed = admitted < limit ? 0 : release(ring[(admitted - limit) % ring.length]!)
        const at = Math.max(from, freed)
        if (at < (phases[k + 1]?.from ?? Infinity)) return at
      }
      return Infinity
    },
    admit(at) {
      ring[admitted++ % ring.length] = at
    },
  }
}

/** A bucket of C permits that refills at C a window. Raises are taken as in force from the start, which keeps it a bound. */
function bucketGate({ window, phases }: Capacity): Gate {
  const limit = phases.at(-1)!.limit
  // In units of 1/window permit: whole numbers throughout.
  let level = limit * window
  let since = 0
  return {
    earliest: () => (level >= window ? since : since + Math.ceil((window - level) / limit)),
    admit(at) {
      level = Math.min(limit * window, level + limit * (at - since)) - window
      since = at
    },
  }
}

/**
 * No schedule admits its last call earlier. From any arrival r_k on, the tokens S_k of calls k…n must pass, at most T in each of
 * the disjoint windows they fill: the last cannot begin before r_k + W (⌈S_k / T⌉ − 1). Only tokens that are charged at
 * admission count: output charged on completion may overshoot, and a bound must not assume that it does not.
 */
function tokenBound(options: OracleOptions, possible: (call: number) => boolean): Millis {
  const { workload, capacities, window: kind, tokenCharge, maxTokens } = options
  const { arrival, promptTokens, outputTokens } = workload
  const bounds = capacities.map(({ unit, window, phases }) => {
    if (unit !== 'tokens' || tokenCharge === 'completion') return 0
    // Limits never fall: whoever is done within a phase has met none greater than that phase's.
    return Math.min(...phases.map(({ from, limit }) => Math.max(from, boundUnder(limit, window))))
  })
  return Math.max(0, ...bounds)

  function boundUnder(limit: number, window: Millis): Millis {
    let bound = 0
    let tokens = 0
    for (let call = arrival.length - 1; call >= 0; call--) {
      if (!possible(call)) continue
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
