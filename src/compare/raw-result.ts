import type { Millis } from '../core/clock.ts'
import type { Limit, Rule } from '../core/limit.ts'
import type { Outcome } from '../harness/trace.ts'
import type { PooledLimit } from '../optimum/quota.ts'
import type { SweepPoint } from '../scenario/sweep-point.ts'
import type { Switches } from '../scenario/switches.ts'
import type { TenantSummary } from './tenant-figures.ts'

/** The raw result of a study: its facts and its cells. Every comparison, and so every report, is computed from it alone. */
export interface RawResult {
  readonly study: StudyFacts
  /** One cell for each case, seed and strategy. They are in the order of the cases, then of the seeds, then of the contestants. */
  readonly cells: readonly Cell[]
}

/** The result of one strategy on one case and seed. */
export interface Cell {
  /** The name of the case. */
  readonly case: string
  /** The `id` of the contestant. */
  readonly strategy: string
  readonly seed: number
  readonly summary: Summary
  /** The bound and the reachable on the quota that the strategy uses. */
  readonly optimum: OptimumSummary
  /** The curves of the run. Only the cells of the first seed have them. */
  readonly series?: Series
}

/** The figures of one strategy on one seed. */
export interface Summary {
  /** The number of offered calls. */
  readonly calls: number
  /** The number of calls with each outcome. */
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly attempts: number
  /** The number of denied attempts by the rule that the reply came from. The client sees only the cause of a denial, which is coarser. */
  readonly denials: Readonly<Record<Rule, number>>
  /** The number of denied attempts that each rule would have denied. An attempt counts at every such rule, so the sum may exceed that of `denials`. */
  readonly deniedBy: Readonly<Record<Rule, number>>
  /** The calls that an attempt answered, without those that the strategy answered itself, and the tokens that they charge at admission. */
  readonly served: { readonly calls: number; readonly tokens: number }
  /**
   * The time over which rates are taken, from the run's start: that in which one account can at best answer all calls that can be answered
   * (the makespan of its bound). It is the same for all strategies of a case and seed.
   */
  readonly span: Millis
  readonly metrics: Metrics
  /** The figures of each tenant, in the order of the case. Absent in a case without tenants. */
  readonly tenants?: readonly TenantSummary[]
}

/**
 * The figures that are compared, each a number for one run. Times are in milliseconds, money in the profile's currency. A percentile
 * is over all offered calls; a call without an answer counts with an infinite time.
 */
export interface Metrics {
  /** Answered calls ÷ offered calls. */
  readonly success: number
  /** Calls answered within 30 s of the intended arrival ÷ offered calls. */
  readonly withinSlo: number
  /** Calls answered within 30 s of the intended arrival, and within the span ÷ the span, in calls a minute. */
  readonly goodput: number
  /** Calls answered within the span ÷ the span, in calls a minute. */
  readonly throughput: number
  /** Prompt and output tokens of these calls ÷ the span, in tokens a minute. */
  readonly tokenThroughput: number
  /** The median wait: from the intended arrival to the admission of the attempt that answered. */
  readonly waitP50: Millis
  /** The 95th percentile of the wait. */
  readonly waitP95: Millis
  /**
   * By how much the mean wait exceeds the reachable mean wait; 0 when it does not. A call without an answer counts with the time for which its
   * caller would have waited.
   */
  readonly excessWait: Millis
  /** The reachable mean wait ÷ the own mean wait. NaN when nobody would have to wait. */
  readonly waitShare: number
  /** The reachable 95th percentile of the wait ÷ the own one. NaN when the reachable one is 0. */
  readonly waitShareP95: number
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
   * The share of the reachable: (calls that attempts answered ÷ the reachable number) × min(1, the reachable time to serve ÷ the
   * strategy's). The time to serve is the last admission of such a call plus the mean service time, because no strategy can change what
   * follows an admission. It exceeds 1 when the strategy finds a better order of the calls.
   */
  readonly efficiency: number
  /** The same share of the bound. It never exceeds 1. */
  readonly ofBound: number
  /** Jain's index of what the processes or the tenants of a case get, `jainOf`. Absent in a case without either. */
  readonly jain?: number
  /** How long the slowest newcomer among the processes needs to get its part, `convergenceOf`. Absent where one process makes all calls. */
  readonly convergence?: Millis
}

/** The curves that the charts draw of one run. */
export interface Series {
  /** The number of admitted attempts in each whole second from the run's start. */
  readonly admittedPerSecond: readonly number[]
  /** The number of denied attempts in each whole second from the run's start. It ends with the last second that has one. */
  readonly deniedPerSecond: readonly number[]
  /** The quantiles 0, 1, …, 100 % of the wait for admission, over all offered calls. A call without an answer has the wait `Infinity`. */
  readonly waitQuantiles: readonly Millis[]
  /** The same quantiles of the waits of the reachable, on the same calls and the quota that the strategy uses. */
  readonly reachableWaitQuantiles: readonly Millis[]
}

/**
 * The bound, which no client exceeds, and the reachable, which a client that knows the future reaches under the burst guard as well. Times
 * are in milliseconds; waits are over all offered calls.
 */
export interface OptimumSummary {
  /** A number of calls that no client exceeds in answering. */
  readonly bound: number
  /** An instant before which no client has answered that number. */
  readonly boundMakespan: Millis
  /** The least number of tokens that so many calls charge at admission. */
  readonly boundTokens: number
  /** The number of calls that the clairvoyant client answers. */
  readonly reachable: number
  /** The instant by which it has answered them. */
  readonly reachableMakespan: Millis
  /** The tokens that they charge at admission. */
  readonly reachableTokens: number
  /** What it reaches as a share of the bound, computed as `efficiency`. */
  readonly reachableShare: number
  /** The median wait for admission in its schedule. A call that is not answered has the wait `Infinity`. */
  readonly waitP50: Millis
  /** The 95th percentile of that wait. */
  readonly waitP95: Millis
}

/** The facts of a study, which are known before its first run. */
export interface StudyFacts {
  readonly scenario: {
    readonly name: string
    /** The name of the scenario, or the path of its file, as `ratelab run` takes it. Absent when `ratelab run` cannot repeat this study. */
    readonly given?: string
    readonly title: string
    readonly question: string
    readonly model: string
  }
  readonly profile: { readonly name: string; readonly title: string; readonly currency: string }
  readonly switches: Switches
  /** The options of `ratelab run` that differ from their defaults. */
  readonly changed: readonly string[]
  readonly seeds: readonly number[]
  /** The strategies that failed while the study ran. They are no contestants and have no cells. Default: none failed. */
  readonly failed?: readonly FailedStrategy[]
  /** The recorded trace that was replayed. Absent when the scenario replays none. */
  readonly replayed?: ReplayFacts
  /** How the study was measured over the wire. Absent when it ran in virtual time. */
  readonly wire?: WireFacts
  readonly cases: readonly CaseFacts[]
}

/** What is known of a recorded trace, and which of its rows no case replays. */
export interface ReplayFacts {
  /** The name of the file, without its folder. */
  readonly file: string
  /** The name of its format, or `columns` when its columns were named one by one. */
  readonly format: string
  /** The number of rows in the file. */
  readonly rows: number
  /** The number of rows that are not between `--from` and `--to`. */
  readonly outside: number
  /** The number of rows that `--every` leaves out. */
  readonly skipped: number
  /** What looks wrong in the file, and the remedy. */
  readonly warnings: readonly string[]
}

/** How a study was measured over the wire, by `ratelab load`. */
export interface WireFacts {
  /** The address to which it was sent, without a key. */
  readonly address: string
  /** How many milliseconds of the study passed in one real millisecond. */
  readonly speed: number
  /**
   * The limits from which the optimum is computed. `mock`: those of the scenario, which the mock at the address has. `stated`: those that the user has
   * stated. `none`: nobody knows the limits, and the optimum is that of a provider without any.
   */
  readonly limits: (typeof wireLimits)[number]
  /** Sentences about what did not run or not as planned. */
  readonly warnings: readonly string[]
}

export const wireLimits = ['mock', 'stated', 'none'] as const

/** A strategy that failed while a study ran. */
export interface FailedStrategy {
  readonly id: string
  /** What the strategy did wrong, with the case, the seed and, where it is known, the file and the line. */
  readonly message: string
}

/** The facts of one case, which are known before its first run. */
export interface CaseFacts {
  readonly name: string
  readonly title: string
  /** How long a caller waits, from the intended arrival. `Infinity`: the caller waits until the run ends. */
  readonly patience: Millis
  /** The instant at which the run ends, even if calls are pending. */
  readonly horizon: Millis
  /** The number of rows of the trace that arrive at the horizon or later, and are not offered. Default: 0. */
  readonly late?: number
  /** The limits that the world states in place of those of the profile, or those of a profile that has soft ones. Absent: those of the profile. */
  readonly limits?: readonly Limit[]
  /** The tightest request limit of one account at the start, in calls a second; charts draw it. `Infinity`: there is no request limit. */
  readonly limitPerSecond: number
  /** The raises and falls of that limit during the run, in the order of time. */
  readonly raises: readonly Raise[]
  /** The name of the case that this one is compared with. Default: there is no comparison. */
  readonly baseline?: string
  /** The point of a sweep that the case is. Absent when it is none. */
  readonly sweep?: SweepPoint
  /** The strategies that take part, in the order of the cells. */
  readonly contestants: readonly Contestant[]
}

/** A raise or a fall of the limit: the instant, and the limit from that instant on in calls a second. */
export interface Raise {
  readonly at: Millis
  readonly perSecond: number
}

/** The description of a strategy that takes part. */
export interface Contestant {
  /**
   * The strategy's name in the catalogue, with the options that `--strategies` gives it; the name of a plug-in's file; or its own name
   * when it is neither from the catalogue nor a plug-in.
   */
  readonly id: string
  /** The strategy's own name, which is computed from its options. */
  readonly label: string
  /** One line that says what the strategy does and where it comes from. */
  readonly about: string
  /** The quota that the strategy uses, such as `1 account` or `pool of 5 accounts`. It is measured against what is reachable on this quota. */
  readonly quotaText: string
  /** The limits of that quota: of several accounts or models, what they admit together. */
  readonly limits: readonly PooledLimit[]
  /** The number of the article's solution that the strategy is, from 1 to 5. Default: it is none of them. */
  readonly solution?: number
  /** A warning about the provider's terms of use. Default: none is needed. */
  readonly terms?: string
}
