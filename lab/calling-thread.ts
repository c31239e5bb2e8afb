import type { Cell } from '../src/compare/raw-result.ts'
import { type Job, type JobSetup, jobRunner } from './experiment.ts'
import { jobError, jobFault } from './job-error.ts'
import type { StudyControls } from './study-options.ts'

/** Runs jobs one after the other in the thread that calls. The cells are those that workers would send, in the order of the jobs. */
export async function runInCallingThread(
  setup: JobSetup,
  jobs: readonly Job[],
  { onProgress, signal }: StudyControls,
): Promise<Cell[]> {
  const run = jobRunner(setup)
  const cells: Cell[] = []
  for (const job of jobs) {
    // Virtual time lets the event loop turn, so that a signal is heard; the job under way is seen to its end.
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
