import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { seriesOf, summarize } from '../../../src/compare/summary.ts'
import { type Rule, rules } from '../../../src/core/limit.ts'
import { type Outcome, outcomes, Trace } from '../../../src/harness/trace.ts'
import type { Optimum } from '../../../src/optimum/optimum.ts'
import type { Charges } from '../../../src/optimum/token-demand.ts'
import type { Workload } from '../../../src/scenario/workload.ts'
import type { Verdict } from '../../../src/scenario/world.ts'

function workloadAt(...arrival: number[]): Workload {
  return {
    arrival: Float64Array.from(arrival),
    promptTokens: new Uint32Array(arrival.length).fill(100),
    outputTokens: new Uint32Array(arrival.length).fill(50),
  }
}

/** `also`: the rules that denied the attempt beside the verdict. */
function attempt(
  trace: Trace,
  call: number,
  sent: number,
  decided: number,
  verdict: Verdict,
  money = 0,
  also: readonly Rule[] = [],
): number {
  const number = trace.sent(call, sent)
  const denied = rules.filter((rule) => rule === verdict || also.includes(rule))
  trace.decided(number, decided, verdict, denied)
  if (money > 0) trace.billed(number, money)
  return number
}

function answer(trace: Trace, call: number, sent: number, decided: number, settled: number, money = 1): void {
  trace.answered(attempt(trace, call, sent, decided, 'admitted', money))
  trace.settle(call, settled, 'ok')
}

/** An optimum whose mean service time is 1 s. What is reachable is admitted twice as late as the bound. */
const best = (answered: number, lastAdmission: number): Optimum => {
  const figures = { answered, makespan: lastAdmission, lastAdmission, tokens: 0 }
  return {
    bound: { ...figures, admissions: new Float64Array(answered) },
    reachable: { ...figures, lastAdmission: 2 * lastAdmission, waits: new Float64Array(answered) },
    meanService: 1000,
  }
}

/** The figures of a run whose tokens are charged as by default. */
const summaryOf = (
  trace: Trace,
  workload: Workload,
  maxTokens: number,
  optimum: Optimum,
  more: Partial<Charges> = {},
) =>
  summarize(trace, {
    charges: { workload, tokenCharge: 'split', refund: true, maxTokens, ...more },
    best: optimum,
    span: 12_000,
    patience: 20_000,
    horizon: 60_000,
  })

describe('a trace made by hand', () => {
  // There are ten calls, one a second.
  const workload = workloadAt(0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000)
  const trace = new Trace(10)
  answer(trace, 0, 0, 40, 1040) // answered at the first attempt
  attempt(trace, 1, 1000, 1040, 'rps', 0, ['rpm', 'burst'])
  attempt(trace, 1, 2000, 2040, 'tpm')
  answer(trace, 1, 4000, 4040, 5000) // answered at the third attempt
  answer(trace, 2, 2000, 2040, 40_000, 3) // answered after more than 30 s
  attempt(trace, 3, 3000, 3040, 'rpm')
  trace.settle(3, 3080, 'throttled')
  attempt(trace, 4, 4000, 4040, 'refused')
  trace.settle(4, 4080, 'failed')
  attempt(trace, 5, 5000, 5040, 'admitted', 5) // served and billed after the caller had left
  trace.settle(5, 15_000, 'expired')
  trace.sent(6, 6000) // not decided when the run ended
  trace.settle(6, 60_000, 'unfinished')
  // Call 7 is dropped. Call 8 has two answers, of which the second comes too late. Another model answers call 9.
  answer(trace, 8, 8000, 8040, 9000)
  trace.answered(attempt(trace, 8, 8500, 8540, 'admitted', 7))
  trace.answered(attempt(trace, 9, 9000, 9040, 'admitted', 2))
  trace.settle(9, 10_000, 'ok', true)
  const summary = summaryOf(trace, workload, 30, best(9, 3000))

  test('counts every call under one outcome', () => {
    expect(summary.calls).toBe(10)
    expect(summary.outcomes).toEqual({ ok: 5, throttled: 1, failed: 1, expired: 1, unfinished: 1, dropped: 1 })
  })

  test('counts attempts and denials', () => {
    expect(summary.attempts).toBe(12)
    const none = Object.fromEntries(rules.map((rule) => [rule, 0]))
    expect(summary.denials).toEqual({ ...none, rps: 1, rpm: 1, tpm: 1 })
    expect(summary.deniedBy).toEqual({ ...none, rps: 1, rpm: 2, tpm: 1, burst: 1 })
    expect(summary.metrics).toMatchObject({
      amplification: 1.2,
      deniedShare: 3 / 12,
      // The denials by rps and tpm follow each other in the order of sending.
      longestDenialStreak: 2,
    })
  })

  test('gives shares of the offered calls, and of the answered ones', () => {
    expect(summary.metrics).toMatchObject({ success: 0.5, withinSlo: 0.4, elsewhere: 1 / 5 })
  })

  test('takes percentiles over all offered calls, with an infinite time for a call without an answer', () => {
    // The waits are 40, 40, 40, 40, 3040 and five infinite ones; the latencies 1000, 1000, 1040, 4000, 38000 and five infinite ones.
    expect(summary.metrics).toMatchObject({
      waitP50: 3040,
      waitP95: Infinity,
      latencyP50: 38_000,
      latencyP95: Infinity,
      latencyP99: Infinity,
    })
  })

  test('takes rates over the span: call 2, whose answer comes after it and after 30 s, does not count', () => {
    expect(summary.span).toBe(12_000)
    expect(summary.metrics).toMatchObject({
      makespan: 60_000,
      goodput: 20,
      throughput: 20,
      tokenThroughput: 20 * (100 + 30),
    })
  })

  test('compares the waits with the reachable ones, and counts the patience of callers without an answer', () => {
    // The waits are 40, 3040, 40, 40, 40, and five times the patience of 20 s. In the reachable schedule of this test nobody waits.
    expect(summary.metrics.excessWait).toBeCloseTo((3200 + 5 * 20_000) / 10, 9)
    expect([summary.metrics.waitShare, summary.metrics.waitShareP95]).toEqual([Number.NaN, Number.NaN])
    const waits = Float64Array.from([0, 0, 0, 0, 0, 0, 0, 0, 5000, Infinity])
    const optimum = best(9, 3000)
    const waiting = { ...optimum, reachable: { ...optimum.reachable, waits } }
    const { metrics } = summaryOf(trace, workload, 30, waiting)
    expect(metrics.excessWait).toBeCloseTo((3200 + 5 * 20_000 - 25_000) / 10, 9)
    expect(metrics.waitShare).toBeCloseTo(25_000 / 103_200, 12)
    expect(metrics.waitShareP95).toBe(1)
  })

  test('adds up the money, and the money for replies that no caller took', () => {
    // The cost is 1 + 1 + 3 + 5 + 1 + 7 + 2. The expired call's 5 and the second answer's 7 are wasted.
    expect(summary.metrics).toMatchObject({ cost: 20, wastedCost: 12, costPerThousandAnswers: 4000 })
  })

  test('finds the greatest number of calls in service at the same time', () => {
    // Call 2 is still in service at 8040. Calls 8 and 9 do not overlap, because call 8 ends at 9000.
    expect(summary.metrics.peakInFlight).toBe(2)
  })

  test('gives the efficiency from the answered calls and the time to serve', () => {
    // The last admission of an answered call is that of call 9, at 9040.
    expect(summary.metrics.efficiency).toBeCloseTo((5 / 9) * ((6000 + 1000) / (9040 + 1000)), 12)
    expect(summary.metrics.ofBound).toBeCloseTo((5 / 9) * ((3000 + 1000) / (9040 + 1000)), 12)
  })

  test.each([
    ['split', 100],
    ['admission', 130],
    ['reserve', 130],
    ['completion', 0],
  ] as const)('adds up what the answered calls charge at their admission: %s', (tokenCharge, each) => {
    const { served } = summaryOf(trace, workload, 30, best(9, 3000), { tokenCharge })
    expect(served).toEqual({ calls: 5, tokens: 5 * each })
  })

  test('has the curves of the charts', () => {
    const { admittedPerSecond, deniedPerSecond, waitQuantiles, reachableWaitQuantiles } = seriesOf(
      trace,
      workload,
      best(9, 3000),
    )
    expect(admittedPerSecond).toEqual([1, 0, 1, 0, 1, 1, 0, 0, 2, 1])
    expect(deniedPerSecond).toEqual([0, 1, 1, 1])
    expect(reachableWaitQuantiles).toEqual(new Array(101).fill(0))
    expect(waitQuantiles).toHaveLength(101)
    expect([0, 10, 40, 41, 50, 51, 100].map((p) => waitQuantiles[p])).toEqual([
      40,
      40,
      40,
      3040,
      3040,
      Infinity,
      Infinity,
    ])
  })
})

describe('a summary', () => {
  test('of a run without answers has infinite waits and no efficiency', () => {
    const trace = new Trace(2)
    const { metrics } = summaryOf(trace, workloadAt(0, 0), 10, best(2, 100))
    expect(metrics).toMatchObject({ success: 0, goodput: 0, waitP50: Infinity, efficiency: 0, peakInFlight: 0 })
    expect(metrics.costPerThousandAnswers).toBe(Infinity)
    const series = seriesOf(trace, workloadAt(0, 0), best(2, 100))
    expect([series.admittedPerSecond, series.deniedPerSecond]).toEqual([[], []])
  })

  test('has efficiency 1 when a model without latency answers everything at once', () => {
    const trace = new Trace(1)
    answer(trace, 0, 0, 0, 0)
    expect(summaryOf(trace, workloadAt(0), 10, best(1, 0)).metrics.efficiency).toBe(1)
  })

  test('has no efficiency above 1 for being faster than what is reachable', () => {
    const trace = new Trace(1)
    answer(trace, 0, 0, 0, 50)
    expect(summaryOf(trace, workloadAt(0), 10, best(1, 100)).metrics.efficiency).toBe(1)
  })

  test('counts a call that the strategy answers without an attempt', () => {
    const trace = new Trace(1)
    trace.settle(0, 70, 'ok')
    const { served, metrics } = summaryOf(trace, workloadAt(20), 10, best(1, 70))
    expect(metrics).toMatchObject({ success: 1, waitP50: 50, latencyP50: 50, amplification: 0 })
    // The quota has not answered it, so it is no share of what the quota can answer.
    expect(served).toEqual({ calls: 0, tokens: 0 })
    expect(metrics).toMatchObject({ efficiency: 0, ofBound: 0 })
  })

  test('does not count a call as in service when its answer comes after the caller has left', () => {
    const trace = new Trace(2)
    answer(trace, 0, 0, 40, 1000)
    trace.settle(1, 10, 'expired')
    trace.answered(attempt(trace, 1, 0, 40, 'admitted', 5))
    const { metrics } = summaryOf(trace, workloadAt(0, 0), 10, best(2, 1000))
    expect(metrics).toMatchObject({ peakInFlight: 1, cost: 6, wastedCost: 5 })
  })

  test('does not count two calls as in service together when one begins at the instant at which the other ends', () => {
    const trace = new Trace(2)
    answer(trace, 0, 0, 40, 1000)
    answer(trace, 1, 0, 1000, 2000)
    expect(summaryOf(trace, workloadAt(0, 0), 10, best(2, 1000)).metrics.peakInFlight).toBe(1)
  })
})

const story = fc.record({
  outcome: fc.constantFrom<Outcome>(...outcomes),
  verdicts: fc.array(fc.constantFrom<Verdict>('admitted', 'refused', ...rules), { maxLength: 4 }),
  took: fc.nat(50_000),
})

test.prop([fc.array(story, { minLength: 1, maxLength: 40 })])('every failure is counted', (stories) => {
  const workload = workloadAt(...stories.map((_, call) => 100 * call))
  const trace = new Trace(stories.length)
  stories.forEach(({ outcome, verdicts, took }, call) => {
    for (const verdict of verdicts) attempt(trace, call, 100 * call, 100 * call, verdict)
    if (outcome === 'dropped') return
    if (outcome === 'ok') answer(trace, call, 100 * call, 100 * call + took, 100 * call + took)
    else trace.settle(call, 100 * call + took, outcome)
  })
  const {
    calls,
    outcomes: counts,
    denials,
    deniedBy,
    attempts,
    metrics,
  } = summaryOf(trace, workload, 30, best(stories.length, 1))
  const oks = stories.filter(({ outcome }) => outcome === 'ok')
  expect(calls).toBe(stories.length)
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(calls)
  expect(metrics.success).toBe(oks.length / calls)
  const allVerdicts = stories.flatMap(({ verdicts }) => verdicts)
  expect(attempts).toBe(allVerdicts.length + oks.length)
  for (const rule of rules) expect(denials[rule]).toBe(allVerdicts.filter((verdict) => verdict === rule).length)
  expect(deniedBy).toEqual(denials)
  const { admittedPerSecond, deniedPerSecond } = seriesOf(trace, workload, best(stories.length, 1))
  const sum = (counts: readonly number[]) => counts.reduce((total, each) => total + each, 0)
  expect(sum(admittedPerSecond)).toBe(allVerdicts.filter((verdict) => verdict === 'admitted').length + oks.length)
  expect(sum(deniedPerSecond)).toBe(sum(Object.values(denials)))
  expect(deniedPerSecond.at(-1)).not.toBe(0)
  // A percentile is finite only when that share of all calls was answered, and then it is the latency of an answered call.
  expect(metrics.latencyP50 < Infinity).toBe(oks.length >= Math.ceil(calls / 2))
  if (metrics.latencyP95 < Infinity) expect(oks.map(({ took }) => took)).toContain(metrics.latencyP95)
  expect(metrics.efficiency).toBeGreaterThanOrEqual(0)
  expect(metrics.ofBound).toBeGreaterThanOrEqual(0)
  expect(metrics.ofBound).toBeLessThanOrEqual(1)
})

describe('what tenants get', () => {
  /** Ten calls arrive, one every 10 s, and go to two tenants in turn. */
  const calls = Array.from({ length: 10 }, (_, call) => call)
  const list = [{ name: 'web' }, { name: 'batch' }]
  const of = Uint16Array.from(calls, (call) => call % 2)
  const workload = { ...workloadAt(...calls.map((call) => 10_000 * call)), tenants: { list, of } }
  const jainOfRun = (isAnswered: (call: number) => boolean) => {
    const trace = new Trace(calls.length)
    for (const call of calls)
      if (isAnswered(call)) answer(trace, call, 10_000 * call, 10_000 * call + 40, 10_000 * call + 1000)
      else trace.settle(call, 200_000, 'expired')
    return summaryOf(trace, workload, 100, best(10, 100_000)).metrics.jain
  }

  test('has the index 1 when they get the same, and 1/2 when one of two gets all', () => {
    expect(jainOfRun(() => true)).toBe(1)
    expect(jainOfRun((call) => call % 2 === 0)).toBe(0.5)
  })
})
