import type { Cell } from '../src/compare/raw-result.ts'
import { failureOf, type StrategyFailures } from './cells/strategy-failures.ts'
import { type Job, type JobSetup, jobRunner } from './experiment.ts'
import { jobError, jobFault } from './job-error.ts'

import type { StudyControls } from './study-options.ts'

/**
 * Runs jobs one after the other in the calling thread. Returns the cells in the order of the jobs; they equal those that workers
 * compute. Those of strategies that fail are missing, and their errors are added to `failures`. Throws the reason of `signal` when it
 * aborts, what `onProgress` throws, and the error of a job unless its strategy is to blame.
 */
export async function runInCallingThread(
  setup: JobSetup,
  jobs: readonly Job[],
  { onProgress, signal }: StudyControls,
  failures: StrategyFailures,
): Promise<Cell[]> {
  const run = jobRunner(setup)
  const cells: Cell[] = []
  for (const [index, job] of jobs.entries()) {
    if (failures.has(job.strategy)) continue
    // The event loop runs during a job, so the signal can abort then. That job is still completed; the abort takes effect here.
    signal?.throwIfAborted()
    const cell = await run(job).catch((error) => failures.add(index, failureOf(job, jobError(job, jobFault(error)))))
    if (!cell) continue
    cells.push(cell)
    onProgress?.({ done: cells.length, total: jobs.length, cell })
  }
  signal?.throwIfAborted()
  return cells
}
