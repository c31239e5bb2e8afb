import type { Millis } from '../core/clock.ts'
import type { Rule } from '../core/limit.ts'
import type { Outcome } from '../harness/trace.ts'
import type { Switches } from '../scenario/switches.ts'

/** What a study leaves behind: what it asked, and its cells. Every comparison, and so every report, follows from it alone. */
export interface RawResult {
  readonly study: StudyFacts
  /** One for each case, seed and strategy: case by case, within a case seed by seed, within a seed in the order of the contestants. */
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
  /** The optimum of the quota that the strategy uses. */
  readonly optimum: OptimumSummary
  /** The curves of the run. Only the cell of the first seed has them. */
  readonly series?: Series
}

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

/** The curves that the charts draw of one run. */
export interface Series {
  /** The number of admitted attempts in each whole second from the run's start. */
  readonly admittedPerSecond: readonly number[]
  /** The quantiles 0, 1, …, 100 % of the wait for admission, over all offered calls. A call without an answer has the wait `Infinity`. */
  readonly waitQuantiles: readonly Millis[]
}

/** The figures of the optimum that a report shows. Times are in milliseconds; waits are over all offered calls. */
export interface OptimumSummary {
  /** The most calls that can be answered. */
  readonly answered: number
  /** The earliest instant by which as many are answered. */
  readonly makespan: Millis
  /** Quantiles of the wait for admission, over all offered calls; `Infinity` where the call is left out. */
  readonly waitP50: Millis
  readonly waitP95: Millis
}

/** What a study asked, known before its first run. */
export interface StudyFacts {
  readonly scenario: {
    readonly name: string
    /** How the command line names the scenario: by its name, or by the path of its file. Absent where no command line runs this study again. */
    readonly given?: string
    readonly title: string
    readonly question: string
    readonly model: string
  }
  readonly profile: { readonly name: string; readonly title: string; readonly currency: string }
  readonly switches: Switches
  /** What was changed of the scenario, as options of the command line. */
  readonly changed: readonly string[]
  readonly seeds: readonly number[]
  readonly cases: readonly CaseFacts[]
}

/** What a study asked of one case. */
export interface CaseFacts {
  readonly name: string
  readonly title: string
  /** How long a caller waits; `Infinity` for ever. */
  readonly patience: Millis
  /** When the run ends, whatever is pending. */
  readonly horizon: Millis
  /** The tightest request limit of one account at the start, as calls a second: the line that charts draw. `Infinity` where there is none. */
  readonly limitPerSecond: number
  /** What it is raised to during the run, in the order of time. */
  readonly raises: readonly Raise[]
  /** The name of the case that this one is to be compared with. */
  readonly baseline?: string
  /** In the order in which they were asked for. */
  readonly contestants: readonly Contestant[]
}

/** A new limit, in calls a second, and the instant from which it is in force. */
export interface Raise {
  readonly at: Millis
  readonly perSecond: number
}

/** A strategy that takes part, as a report introduces it. */
export interface Contestant {
  /** The strategy's name in the catalogue, which `--strategies` takes. */
  readonly id: string
  /** The strategy's own name, which is computed from its options. */
  readonly label: string
  /** One line that says what the strategy does and where it comes from. */
  readonly about: string
  /** The quota that the strategy uses, such as `1 account` or `pool of 5 accounts`. Its optimum is that of this quota. */
  readonly quotaText: string
  /** The number of the article's solution that the strategy is, from 1 to 5. Default: it is none of them. */
  readonly solution?: number
  /** A warning about the provider's terms of use. Default: none is needed. */
  readonly terms?: string
}
