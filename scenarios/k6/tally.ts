import { Gauge } from 'k6/metrics'
import type { Metrics } from '../../src/compare/raw-result.ts'
import { quantile, sorted } from '../../src/compare/statistics.ts'
import { slo } from '../../src/compare/summary.ts'
import type { Reply, Send } from '../../src/core/call.ts'
import type { Clock, Millis } from '../../src/core/clock.ts'
import { metricTable } from '../../src/report/figures/metrics.ts'

/** Those metrics of our reports that a client can compute from what it sees itself. */
const seen = [
  'success',
  'withinSlo',
  'throughput',
  'tokenThroughput',
  'latencyP50',
  'latencyP95',
  'latencyP99',
  'makespan',
  'amplification',
  'deniedShare',
  'longestDenialStreak',
  'peakInFlight',
  'elsewhere',
] as const satisfies readonly (keyof Metrics)[]

type Seen = (typeof seen)[number]

/** The k6 metrics, under the names of our reports. k6 asks that they are made before the test begins. */
export const gauges = Object.fromEntries(seen.map((name) => [name, new Gauge(metricTable[name].json)])) as Record<
  Seen,
  Gauge
>

/** Counts how attempts and calls end, and computes the metrics from that. */
export class ReplyTally {
  readonly #clock: Clock
  readonly #model: string
  readonly #start: Millis
  readonly #latencies: number[] = []
  #calls = 0
  #answered = 0
  #elsewhere = 0
  #tokens = 0
  #attempts = 0
  #denied = 0
  #streak = 0
  #longestStreak = 0
  #inFlight = 0
  #peakInFlight = 0
  #end: Millis

  constructor(clock: Clock, model: string) {
    this.#clock = clock
    this.#model = model
    this.#start = clock.now()
    this.#end = this.#start
  }

  /** Returns a `Send` that counts each attempt. It belongs beneath the strategy. */
  around(send: Send): Send {
    return async (call) => {
      this.#attempts++
      this.#peakInFlight = Math.max(this.#peakInFlight, ++this.#inFlight)
      try {
        const reply = await send(call)
        const isDenied = reply.kind === 'throttled'
        if (isDenied) this.#denied++
        this.#streak = isDenied ? this.#streak + 1 : 0
        this.#longestStreak = Math.max(this.#longestStreak, this.#streak)
        return reply
      } finally {
        this.#inFlight--
      }
    }
  }

  /** Counts a call that ends now. `reply` is undefined for a call without an answer. Its latency counts from `arrival`, its intended start. */
  settled(arrival: Millis, reply: Reply | undefined): void {
    const now = this.#clock.now()
    this.#calls++
    this.#end = now
    const isAnswered = reply?.kind === 'ok'
    this.#latencies.push(isAnswered ? now - arrival : Infinity)
    if (!isAnswered) return
    this.#answered++
    this.#tokens += reply.usage.promptTokens + reply.usage.outputTokens
    if (reply.model !== this.#model) this.#elsewhere++
  }

  /** The metrics by the formulas of our reports. The one difference: goodput is per makespan, since there is no optimum to compare with. */
  metrics(): Record<Seen, number> {
    const makespan = this.#end - this.#start
    const inOrder = sorted(this.#latencies)
    return {
      success: this.#answered / this.#calls,
      withinSlo: inOrder.filter((each) => each <= slo).length / this.#calls,
      throughput: (60_000 * this.#answered) / makespan,
      tokenThroughput: (60_000 * this.#tokens) / makespan,
      latencyP50: quantile(inOrder, 0.5),
      latencyP95: quantile(inOrder, 0.95),
      latencyP99: quantile(inOrder, 0.99),
      makespan,
      amplification: this.#attempts / this.#calls,
      deniedShare: this.#denied / this.#attempts,
      longestDenialStreak: this.#longestStreak,
      peakInFlight: this.#peakInFlight,
      elsewhere: this.#answered === 0 ? 0 : this.#elsewhere / this.#answered,
    }
  }

  /** Gives the metrics to k6, but for infinite ones: a latency percentile is infinite when too many calls had no answer. */
  report(): void {
    for (const [name, value] of Object.entries(this.metrics()))
      if (Number.isFinite(value)) gauges[name as Seen].add(value)
  }
}
