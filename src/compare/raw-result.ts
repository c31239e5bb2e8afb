import type { Millis } from '../core/clock.ts'
import type { Rule } from '../core/limit.ts'
import type { Outcome } from '../harness/trace.ts'
import type { Switches } from '../scenario/world.ts'

/** What a study leaves behind: what it asked, and its cells. Every comparison, and so every report, follows from it alone. */
export interface RawResult {
  readonly study: StudyFacts
  /** One for each case, seed and strategy: case by case, within a case seed by seed, within a seed in the order of the contestants. */
  readonly cells: readonly Cell[]
}

/** One strategy on one case and seed. */
export interface Cell {
  /** The name of the case. */
  readonly case: string
  /** The `id` of the contestant. */
  readonly strategy: string
  readonly seed: number
  readonly summary: Summary
  readonly optimum: OptimumSummary
  /** Of the first seed only. */
  readonly series?: Series
}

/** The figures of one run. Times are milliseconds; a percentile is over all offered calls, and a call without an answer waits for ever. */
export interface Summary {
  readonly calls: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly attempts: number
  /** Denied attempts by the rule that denied them: ground truth, finer than what the client saw. */
  readonly denials: Readonly<Record<Rule, number>>
  readonly metrics: Metrics
}

/** The figures that are compared: each is one number a run. */
export interface Metrics {
  /** Answered calls ÷ offered calls. */
  readonly success: number
  /** Answered within 30 s of the intended arrival ÷ offered calls. */
  readonly withinSlo: number
  /** Answered calls a minute, over the makespan or the optimum's, whichever is longer: giving up early is not fast. */
  readonly goodput: number
  /** Tokens of answered calls a minute, over the same time. */
  readonly tokenGoodput: number
  /** From the intended arrival to the admission of the attempt that answered. */
  readonly waitP50: Millis
  readonly waitP95: Millis
  /** From the intended arrival to the answer. */
  readonly latencyP50: Millis
  readonly latencyP95: Millis
  readonly latencyP99: Millis
  /** From the start to the last call's end, whatever its outcome. */
  readonly makespan: Millis
  /** Attempts ÷ calls. */
  readonly amplification: number
  /** 429s ÷ attempts. */
  readonly deniedShare: number
  /** The longest run of consecutive 429s. */
  readonly longestDenialStreak: number
  readonly peakInFlight: number
  /** In the profile's currency. */
  readonly cost: number
  /** Paid for, but answering nobody: the caller had gone. */
  readonly wastedCost: number
  readonly costPerThousandAnswers: number
  /** Answers by another model than the one asked for ÷ answers. */
  readonly elsewhere: number
  /**
   * Share of the optimum: answered ÷ most answerable × min(1, least time to serve ÷ own). The time to serve is the last
   * answered call's admission plus the mean service time: what follows an admission is the model's, not the strategy's.
   */
  readonly efficiency: number
}

/** What a chart shows of one run. */
export interface Series {
  /** Admitted requests in each whole second from the run's start. */
  readonly admittedPerSecond: readonly number[]
  /** The wait for admission at the quantiles 0, 1, …, 100 %, over all offered calls; `Infinity` for a call without an answer. */
  readonly waitQuantiles: readonly Millis[]
}

/** What the best possible client would have reached on the quota that the strategy draws on. */
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

/** From the instant `at` on, the limit is `perSecond` calls a second. */
export interface Raise {
  readonly at: Millis
  readonly perSecond: number
}

/** Who takes part, as a report introduces them. */
export interface Contestant {
  /** Its name in the catalogue, which `--strategies` takes; the strategy's own name where it is not from there. */
  readonly id: string
  /** Computed from the strategy's options. */
  readonly label: string
  /** One line: what it does, and whose idea it is. */
  readonly about: string
  /** What it draws on, such as `1 account` or `pool of 5 accounts`: its optimum is that of this quota. */
  readonly quotaText: string
  /** Which of the article's five solutions it is, as printed there. */
  readonly solution?: number
  /** A caution about a provider's terms, where it needs one. */
  readonly terms?: string
}
