import type { Millis } from '../core/clock.ts'
import type { Switches } from '../scenario/world.ts'
import type { Series } from './series.ts'
import type { Summary } from './summary.ts'

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
