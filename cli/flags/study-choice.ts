import type { StudyOptions } from '../../lab/study-options.ts'

/** The options of a command that choose what a study runs. */
export interface StudyChoice {
  readonly strategies?: readonly string[]
  /** The number of seeds. */
  readonly seeds: number
  /** The first seed. */
  readonly seed: number
  readonly profile?: string
  readonly set: readonly string[]
  readonly trace?: string
  readonly from?: string
  readonly to?: string
  readonly every?: number
  readonly columns?: string
  readonly sweep?: string
}

/** Returns the options of the study that a user chose. */
export function studyOptionsOf(choice: StudyChoice) {
  const { strategies, seeds, seed, profile, set, trace, from, to, every, columns, sweep } = choice
  return {
    seeds: Array.from({ length: seeds }, (_, i) => seed + i),
    set,
    ...(strategies && { strategies: [...new Set(strategies)] }),
    ...(profile !== undefined && { profile }),
    ...(trace !== undefined && { trace }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(every !== undefined && { every }),
    ...(columns !== undefined && { columns }),
    ...(sweep !== undefined && { sweep }),
  } satisfies StudyOptions
}
