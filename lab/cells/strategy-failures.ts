import { InputError, inputErrorOf } from '../../src/checks/input-error.ts'
import type { FailedStrategy, StudyFacts } from '../../src/compare/raw-result.ts'

/** The first run of a strategy that failed, in the order of the study. */
export interface StrategyFailure {
  /** The name of the case. */
  readonly case: string
  /** The `id` of the contestant. */
  readonly strategy: string
  readonly seed: number
  /** What the strategy did wrong, with the case, the seed and, where it is known, the file and the line. */
  readonly message: string
}

/** Collects the strategies that fail during a study. Each has the error of its first job, whichever job ends first. */
export class StrategyFailures {
  /** For each strategy that failed, the place of the first failing job in the order of the study, and the failure. */
  readonly #firsts = new Map<string, { readonly place: number; readonly failure: StrategyFailure }>()

  /** Keeps a failure, unless the strategy has an earlier one. */
  add(place: number, failure: StrategyFailure): void {
    const first = this.#firsts.get(failure.strategy)
    if (!first || place < first.place) this.#firsts.set(failure.strategy, { place, failure })
  }

  /** Whether a job of this strategy has failed. Its other jobs need not run. */
  has(strategy: string): boolean {
    return this.#firsts.has(strategy)
  }

  /** Returns the failures in the order of the study. */
  all(): StrategyFailure[] {
    return [...this.#firsts.values()].sort((a, b) => a.place - b.place).map(({ failure }) => failure)
  }

  /**
   * Returns the facts of the study without the strategies that failed, which they list as `failed`. Throws an `InputError` when a case
   * has no strategy left.
   */
  factsWithout(facts: StudyFacts): StudyFacts {
    if (this.#firsts.size === 0) return facts
    const failed: FailedStrategy[] = this.all().map(({ strategy: id, message }) => ({ id, message }))
    const cases = facts.cases.map((each) => ({
      ...each,
      contestants: each.contestants.filter(({ id }) => !this.has(id)),
    }))
    if (cases.some(({ contestants }) => contestants.length === 0)) throw failureError(failed)
    return { ...facts, failed, cases }
  }
}

/** Makes one error of the strategies that failed. */
export function failureError(failed: readonly FailedStrategy[]): InputError {
  return inputErrorOf(
    failed.map(({ message }) => message),
    'STRATEGY_FAILED',
  )
}

/** Returns the failure of a job when its strategy is to blame. Throws any other error. */
export function failureOf(job: { caseName: string; strategy: string; seed: number }, error: Error): StrategyFailure {
  if (!(error instanceof InputError) || error.code !== 'STRATEGY_FAILED') throw error
  const { caseName, strategy, seed } = job
  return { case: caseName, strategy, seed, message: error.message }
}
