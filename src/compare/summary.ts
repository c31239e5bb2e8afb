import type { Millis } from '../core/clock.ts'
import { type Rule, rules } from '../core/limit.ts'
import { type Outcome, outcomes, type Trace } from '../harness/trace.ts'
import type { Optimum } from '../optimum/optimum.ts'
import { type Charges, keptFromAdmission } from '../optimum/token-demand.ts'
import type { Workload } from '../scenario/workload.ts'
import type { Metrics, Series, Summary } from './raw-result.ts'
import { shareOf } from './share.ts'
import { convergenceOf, groupsOf, jainOf } from './sharing.ts'
import { quantile, sorted } from './statistics.ts'
import { tenantSummaries } from './tenant-figures.ts'

/** The service level: `withinSlo` counts the calls that are answered within this time of their intended arrival. */
export const slo: Millis = 30_000

/** What the figures of a run are computed from, besides its trace. Times are in milliseconds. */
export interface Measures {
  readonly charges: Charges
  /** The optimum on the same seed. */
  readonly best: Optimum
  /** The time over which rates are taken, from the run's start. It is the same for all strategies. */
  readonly span: Millis
  /** How long a caller without an answer has waited at most. */
  readonly patience: Millis
  readonly horizon: Millis
}

/** Computes the figures of one run. */
export function summarize(trace: Trace, { charges, best, span, patience, horizon }: Measures): Summary {
  const { workload, maxTokens } = charges
  const { arrival, promptTokens, outputTokens } = workload
  const calls = trace.calls
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>
  const latencies = new Float64Array(calls).fill(Infinity)
  let makespan = 0
  let lastAdmission = 0
  let tokens = 0
  let elsewhere = 0
  let withinSlo = 0
  let inSpan = 0
  let inSpanAndSlo = 0
  const served = { calls: 0, tokens: 0 }
  for (let call = 0; call < calls; call++) {
    const outcome = trace.outcomeOf(call)
    counts[outcome]++
    const settled = trace.settled[call]!
    if (settled > makespan) makespan = settled
    if (outcome !== 'ok') continue
    latencies[call] = settled - arrival[call]!
    if (trace.answeredBy(call) >= 0) {
      lastAdmission = Math.max(lastAdmission, trace.admittedAt(call))
      served.calls++
      served.tokens += keptFromAdmission(charges, call)
    }
    if (latencies[call]! <= slo) withinSlo++
    if (settled <= span) {
      inSpan++
      if (latencies[call]! <= slo) inSpanAndSlo++
      tokens += promptTokens[call]! + Math.min(outputTokens[call]!, maxTokens)
    }
    if (trace.answeredByOtherModel(call)) elsewhere++
  }
  const { denials, deniedBy, denied, longestDenialStreak, cost, wastedCost } = countAttempts(trace)
  const latency = sorted(latencies)
  const minutes = span / 60_000
  const longest = (call: number) => Math.min(patience, horizon - arrival[call]!)
  const waits = waitsByCall(trace, workload)
  const wait = sorted(waits)
  const meanWait = meanOf(waits, longest)
  const reachableWaits = best.reachable.waits
  const reachableMean = meanOf(reachableWaits, longest)
  const reachableP95 = quantile(sorted(reachableWaits), 0.95)
  const waitP95 = quantile(wait, 0.95)
  const ok = counts.ok
  const own = { answered: served.calls, lastAdmission }
  return {
    calls,
    outcomes: counts,
    attempts: trace.attempts,
    denials,
    deniedBy,
    served,
    span,
    metrics: {
      success: share(ok, calls),
      withinSlo: share(withinSlo, calls),
      goodput: share(inSpanAndSlo, minutes),
      throughput: share(inSpan, minutes),
      tokenThroughput: share(tokens, minutes),
      waitP50: quantile(wait, 0.5),
      waitP95,
      excessWait: Math.max(0, meanWait - reachableMean),
      waitShare: waitShareOf(reachableMean, meanWait),
      waitShareP95: waitShareOf(reachableP95, waitP95),
      latencyP50: quantile(latency, 0.5),
      latencyP95: quantile(latency, 0.95),
      latencyP99: quantile(latency, 0.99),
      makespan,
      amplification: share(trace.attempts, calls),
      deniedShare: share(denied, trace.attempts),
      longestDenialStreak,
      peakInFlight: peakInFlight(trace),
      cost,
      wastedCost,
      costPerThousandAnswers: ok > 0 ? (1000 * cost) / ok : Infinity,
      elsewhere: share(elsewhere, ok),
      efficiency: shareOf(own, best.reachable, best.meanService),
      ofBound: shareOf(own, best.bound, best.meanService),
      ...sharingOf(trace, workload),
    },
    ...(workload.tenants && { tenants: tenantSummaries(trace, workload, waits) }),
  }
}

function sharingOf(
  trace: Trace,
  { arrival, processes, tenants }: Workload,
): Partial<Pick<Metrics, 'jain' | 'convergence'>> {
  if (tenants) return { jain: jainOf(groupsOf(trace, arrival, tenants.of, tenants.list.length)) }
  if (!processes) return {}
  const groups = groupsOf(trace, arrival, processes.of, processes.starts.length)
  return { jain: jainOf(groups), convergence: convergenceOf(groups, processes.starts) }
}

/** The mean wait. A call without an answer counts with `longest`, the time for which its caller would have waited. */
function meanOf(waits: Float64Array, longest: (call: number) => Millis): Millis {
  let total = 0
  for (let call = 0; call < waits.length; call++) total += Math.min(waits[call]!, longest(call))
  return waits.length > 0 ? total / waits.length : 0
}

/** The reachable wait as a share of the own one. NaN when nobody has to wait: then there is nothing to share. */
function waitShareOf(reachable: Millis, own: Millis): number {
  if (reachable === 0 || Number.isNaN(reachable)) return Number.NaN
  return own === Infinity ? (reachable === Infinity ? 1 : 0) : reachable === Infinity ? Number.NaN : reachable / own
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0
}

/** Counts denials and adds up prices in one pass over the attempts, in the order in which they were sent. */
function countAttempts(trace: Trace) {
  const none = Object.fromEntries(rules.map((rule) => [rule, 0])) as Record<Rule, number>
  const denials = { ...none }
  const deniedBy = { ...none }
  let denied = 0
  let streak = 0
  let longestDenialStreak = 0
  let cost = 0
  let wastedCost = 0
  for (let attempt = 0; attempt < trace.attempts; attempt++) {
    const verdict = trace.verdictOf(attempt)
    if (verdict === 'pending' || verdict === 'admitted' || verdict === 'refused') streak = 0
    else {
      denials[verdict]++
      for (const rule of trace.deniedBy(attempt)) deniedBy[rule]++
      denied++
      longestDenialStreak = Math.max(longestDenialStreak, ++streak)
    }
    const money = trace.moneyOf(attempt)
    cost += money
    if (money > 0) {
      const call = trace.callOf(attempt)
      if (trace.outcomeOf(call) !== 'ok' || trace.answeredBy(call) !== attempt) wastedCost += money
    }
  }
  return { denials, deniedBy, denied, longestDenialStreak, cost, wastedCost }
}

/** Computes the metric `peakInFlight`. */
function peakInFlight(trace: Trace): number {
  const starts: number[] = []
  const ends: number[] = []
  for (let call = 0; call < trace.calls; call++) {
    const attempt = trace.outcomeOf(call) === 'ok' ? trace.answeredBy(call) : -1
    if (attempt < 0) continue
    starts.push(trace.decidedAt(attempt))
    ends.push(trace.settled[call]!)
  }
  const begin = sorted(Float64Array.from(starts))
  const end = sorted(Float64Array.from(ends))
  let peak = 0
  for (let started = 0, ended = 0; started < begin.length; started++) {
    while (end[ended]! <= begin[started]!) ended++
    peak = Math.max(peak, started + 1 - ended)
  }
  return peak
}

/** Computes the curves of one run, and the waits of the reachable on the same seed. */
export function seriesOf(trace: Trace, workload: Workload, { reachable }: Optimum): Series {
  const admittedPerSecond: number[] = []
  const deniedPerSecond: number[] = []
  for (let attempt = 0; attempt < trace.attempts; attempt++) {
    const verdict = trace.verdictOf(attempt)
    if (verdict === 'pending' || verdict === 'refused') continue
    const counts = verdict === 'admitted' ? admittedPerSecond : deniedPerSecond
    const second = Math.floor(trace.decidedAt(attempt) / 1000)
    while (counts.length <= second) counts.push(0)
    counts[second]!++
  }
  return {
    admittedPerSecond,
    deniedPerSecond,
    waitQuantiles: quantilesOf(waitsOf(trace, workload)),
    reachableWaitQuantiles: quantilesOf(sorted(reachable.waits)),
  }
}

function quantilesOf(ascending: Float64Array): number[] {
  return Array.from({ length: 101 }, (_, p) => quantile(ascending, p / 100))
}

/**
 * Returns the waits of all offered calls in ascending order. A wait is the time from the intended arrival to the admission of the
 * attempt that answered; it is `Infinity` without an answer.
 */
function waitsOf(trace: Trace, workload: Workload): Float64Array {
  return sorted(waitsByCall(trace, workload))
}

function waitsByCall(trace: Trace, { arrival }: Workload): Float64Array {
  const waits = new Float64Array(trace.calls).fill(Infinity)
  for (let call = 0; call < trace.calls; call++) {
    if (trace.outcomeOf(call) === 'ok') waits[call] = trace.admittedAt(call) - arrival[call]!
  }
  return waits
}
