import type { Millis } from '../core/clock.ts'
import { type Rule, rules } from '../core/limit.ts'
import { type Outcome, outcomes, type Trace } from '../harness/trace.ts'
import type { Optimum } from '../optimum/oracle.ts'
import type { Workload } from '../scenario/workload.ts'
import { waitsOf } from './series.ts'
import { quantile, sorted } from './statistics.ts'

/** The service level: `withinSlo` counts the calls that are answered within this time of their intended arrival. */
export const slo: Millis = 30_000

/** The figures of one strategy on one seed. */
export interface Summary {
  /** The number of offered calls. */
  readonly calls: number
  /** The number of calls with each outcome. */
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly attempts: number
  /** The number of denied attempts by rule. The client sees only the cause of a denial, which is coarser. */
  readonly denials: Readonly<Record<Rule, number>>
  readonly metrics: Metrics
}

/**
 * The figures that are compared, one number a run. Times are in milliseconds, money in the profile's currency. A percentile is
 * over all offered calls; a call without an answer counts with an infinite time.
 */
export interface Metrics {
  /** Answered calls ÷ offered calls. */
  readonly success: number
  /** Calls answered within 30 s of the intended arrival ÷ offered calls. */
  readonly withinSlo: number
  /** Answered calls ÷ max(makespan, the optimum's makespan), in calls a minute. So a strategy that gives up early does not seem fast. */
  readonly goodput: number
  /** Prompt and output tokens of answered calls ÷ max(makespan, the optimum's makespan), in tokens a minute. */
  readonly tokenGoodput: number
  /** The median wait: from the intended arrival to the admission of the attempt that answered. */
  readonly waitP50: Millis
  /** The 95th percentile of the wait. */
  readonly waitP95: Millis
  /** The median latency: from the intended arrival to the answer. */
  readonly latencyP50: Millis
  /** The 95th percentile of the latency. */
  readonly latencyP95: Millis
  /** The 99th percentile of the latency. */
  readonly latencyP99: Millis
  /** From the run's start to the instant at which the last call was settled, with any outcome. */
  readonly makespan: Millis
  /** Attempts ÷ calls. */
  readonly amplification: number
  /** Denied attempts ÷ attempts. */
  readonly deniedShare: number
  /** The greatest number of attempts in a row, in the order of sending, that were denied. */
  readonly longestDenialStreak: number
  /** The greatest number of answered calls in service at the same time: admitted, and not yet answered. */
  readonly peakInFlight: number
  /** The price of all attempts. */
  readonly cost: number
  /** The price of the attempts whose reply no caller took. */
  readonly wastedCost: number
  /** 1000 × cost ÷ answered calls; `Infinity` when no call was answered. */
  readonly costPerThousandAnswers: number
  /** Calls that another model answered than the one asked for ÷ answered calls. */
  readonly elsewhere: number
  /**
   * The share of the optimum: (answered calls ÷ the optimum's) × min(1, the optimum's time to serve ÷ the strategy's). The time to
   * serve is the last admission of an answered call plus the mean service time, because no strategy can change what follows an
   * admission.
   */
  readonly efficiency: number
}

/** Computes the figures of one run. `maxTokens` is that of every call, and `best` is the optimum on the same seed. */
export function summarize(trace: Trace, workload: Workload, maxTokens: number, best: Optimum): Summary {
  const { arrival, promptTokens, outputTokens } = workload
  const calls = trace.calls
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>
  const latencies = new Float64Array(calls).fill(Infinity)
  let makespan = 0
  let lastAdmission = 0
  let tokens = 0
  let elsewhere = 0
  let withinSlo = 0
  for (let call = 0; call < calls; call++) {
    const outcome = trace.outcomeOf(call)
    counts[outcome]++
    const settled = trace.settled[call]!
    if (settled > makespan) makespan = settled
    if (outcome !== 'ok') continue
    latencies[call] = settled - arrival[call]!
    lastAdmission = Math.max(lastAdmission, trace.admittedAt(call))
    tokens += promptTokens[call]! + Math.min(outputTokens[call]!, maxTokens)
    if (latencies[call]! <= slo) withinSlo++
    if (trace.answeredByOtherModel(call)) elsewhere++
  }
  const { denials, denied, longestDenialStreak, cost, wastedCost } = judgeAttempts(trace)
  const wait = waitsOf(trace, workload)
  const latency = sorted(latencies)
  const minutes = Math.max(makespan, best.makespan) / 60_000
  const ok = counts.ok
  const timeToServe = (last: Millis) => last + best.meanService
  const isSlower = lastAdmission > best.lastAdmission
  const speed = isSlower ? timeToServe(best.lastAdmission) / timeToServe(lastAdmission) : 1
  return {
    calls,
    outcomes: counts,
    attempts: trace.attempts,
    denials,
    metrics: {
      success: share(ok, calls),
      withinSlo: share(withinSlo, calls),
      goodput: share(ok, minutes),
      tokenGoodput: share(tokens, minutes),
      waitP50: quantile(wait, 0.5),
      waitP95: quantile(wait, 0.95),
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
      efficiency: share(ok, best.answered) * speed,
    },
  }
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0
}

/** Counts denials and money in one pass over the attempts, in the order in which they were sent. */
function judgeAttempts(trace: Trace) {
  const denials = Object.fromEntries(rules.map((rule) => [rule, 0])) as Record<Rule, number>
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
  return { denials, denied, longestDenialStreak, cost, wastedCost }
}

/** The metric `peakInFlight`. */
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
