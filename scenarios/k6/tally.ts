import { Gauge } from 'k6/metrics'
import type { Metrics } from '../../src/compare/raw-result.ts'
import { quantile, sorted } from '../../src/compare/statistics.ts'
import { slo } from '../../src/compare/summary.ts'
import type { Reply, Send } from '../../src/core/call.ts'
import type { Clock, Millis } from '../../src/core/clock.ts'
import { metricTable } from '../../src/report/figures/metrics.ts'

/** The metrics of our reports that a client can see by itself. */
const seen = [
  'success',
  'withinSlo',
  'goodput',
  'tokenGoodput',
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

/** k6 metrics, by the names that our reports give them; k6 wants them made before the test begins. */
export const gauges = Object.fromEntries(seen.map((name) => [name, new Gauge(metricTable[name].json)])) as Record<
  Seen,
  Gauge
>

/** Counts what calls and attempts come to. */
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

  /** Counts attempts beneath the strategy. */
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

  /** Counts a call when it settles; without a reply it had none. Latency counts from its intended arrival. */
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

  /** By the formulas of our reports, but that goodput here counts over the makespan alone: there is no optimum to compare with. */
  metrics(): Record<Seen, number> {
    const makespan = this.#end - this.#start
    const inOrder = sorted(this.#latencies)
    return {
      success: this.#answered / this.#calls,
      withinSlo: inOrder.filter((each) => each <= slo).length / this.#calls,
      goodput: (60_000 * this.#answered) / makespan,
      tokenGoodput: (60_000 * this.#tokens) / makespan,
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

  /** Gives the metrics to k6. What is infinite, as a percentile of calls that were never answered, is left out. */
  report(): void {
    for (const [name, value] of Object.entries(this.metrics()))
      if (Number.isFinite(value)) gauges[name as Seen].add(value)
  }
}
