import type { Cell } from '../src/compare/raw-result.ts'
import { type Job, type JobSetup, jobRunner } from './experiment.ts'
import { jobError, jobFault } from './job-error.ts'
import type { StudyControls } from './study-options.ts'

/**
 * Runs jobs one after the other in the calling thread. Returns the cells in the order of the jobs; they equal those that workers
 * compute. Throws the reason of `signal` when it aborts, what `onProgress` throws, and the error of a job that fails.
 */
export async function runInCallingThread(
  setup: JobSetup,
  jobs: readonly Job[],
  { onProgress, signal }: StudyControls,
): Promise<Cell[]> {
  const run = jobRunner(setup)
  const cells: Cell[] = []
  for (const job of jobs) {
    // The event loop runs during a job, so the signal can abort then. That job is still completed; the abort takes effect here.
    signal?.throwIfAborted()
    const cell = await run(job).catch((error) => {
      throw jobError(job, jobFault(error))
    })
    cells.push(cell)
    onProgress?.({ done: cells.length, total: jobs.length, cell })
  }
  signal?.throwIfAborted()
  return cells
}
