import type { Contestant, FailedStrategy } from '../raw-result.ts'

/** The result of a tournament: every contestant in each of the worlds that have been run. All figures of its report are computed from it. */
export interface Tournament {
  readonly facts: TournamentFacts
  /** In the order of their numbers. They are fewer than `facts.worlds` while the tournament runs, and after it was interrupted. */
  readonly worlds: readonly WorldResult[]
}

/** What the result of a tournament depends on. Equal facts give equal results. */
export interface TournamentFacts {
  /** The version of ratelab, and digests of its own code, of its strategies alone, and of what the user gave. */
  readonly origin: {
    readonly version: string
    readonly code: string
    readonly strategies: string
    readonly input: string
  }
  /** The seed from which the worlds are drawn. */
  readonly worldsSeed: number
  /** The number of worlds. They have the numbers from 1 on. */
  readonly worlds: number
  /** The seeds of the runs in each world. */
  readonly seeds: readonly number[]
  readonly contestants: readonly TournamentContestant[]
}

export type TournamentContestant = Pick<Contestant, 'id' | 'about' | 'solution'>

/** What the contestants reached in one world. */
export interface WorldResult {
  /** The number of the world, from 1 on. */
  readonly number: number
  /** The description of the world in words. */
  readonly title: string
  /** One row for each contestant that did not fail. */
  readonly rows: readonly WorldRow[]
  /** The contestants that failed in this world. Default: none failed. */
  readonly failed?: readonly FailedStrategy[]
}

export interface WorldRow {
  readonly id: string
  /** The efficiency on each seed, in the order of the seeds. */
  readonly efficiency: readonly number[]
  /** Attempts ÷ calls, the median over the seeds. */
  readonly attempts: number
}
