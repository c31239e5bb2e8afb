import { InputError, inputErrorOf } from '../src/checks/input-error.ts'
import type { FailedStrategy, StudyFacts } from '../src/compare/raw-result.ts'
import type { Job } from './experiment.ts'

/** Collects the strategies that fail during a study. Each has the error of its first job, whichever job ends first. */
export class StrategyFailures {
  /** For each strategy that failed, the index of the first job that did, and the message of its error. */
  readonly #firsts = new Map<string, { readonly index: number; readonly message: string }>()

  /** Keeps the error of a job when its strategy is to blame, so that the jobs of the other strategies go on. Throws any other error. */
  add(index: number, { strategy }: Job, error: Error): void {
    if (!(error instanceof InputError) || error.code !== 'STRATEGY_FAILED') throw error
    const first = this.#firsts.get(strategy)
    if (!first || index < first.index) this.#firsts.set(strategy, { index, message: error.message })
  }

  /** Whether a job of this strategy has failed. Its other jobs need not run. */
  has(strategy: string): boolean {
    return this.#firsts.has(strategy)
  }

  /**
   * Returns the facts of the study without the strategies that failed, which they list as `failed`. Throws an `InputError` when a case
   * has no strategy left.
   */
  factsWithout(facts: StudyFacts): StudyFacts {
    if (this.#firsts.size === 0) return facts
    const failed: FailedStrategy[] = [...this.#firsts]
      .sort(([, a], [, b]) => a.index - b.index)
      .map(([id, { message }]) => ({ id, message }))
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
