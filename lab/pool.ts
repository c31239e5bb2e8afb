import { availableParallelism } from 'node:os'
import { InputError } from '../src/checks/input-error.ts'
import type { Cell } from '../src/compare/raw-result.ts'
import type { Millis } from '../src/core/clock.ts'
import { failureOf, type StrategyFailures } from './cells/strategy-failures.ts'
import type { Job } from './experiment.ts'
import { jobError, jobFault } from './job-error.ts'
import { type EarlyEnd, JobThread } from './job-thread.ts'
import { isForeignFault } from './load-fault.ts'
import { hasUserFiles } from './loaded-files.ts'
import type { StudyControls } from './study-options.ts'
import type { WorkerSetup } from './worker.ts'

/**
 * How long the user's code may keep a thread from everything else without sending an attempt, in real time: 30 s. A strategy that waits or sends
 * gives a sign of itself within milliseconds, and one that computes for a second in a call would take hours for a study.
 */
const mostWithoutPause: Millis = 30_000

/**
 * Runs jobs on as many threads as the machine has cores. Returns the cells in the order of the jobs; those of strategies that fail are missing,
 * and their errors are added to `failures`. A strategy that ends its thread, or never gives way for longer than `patience`, fails, too, and a new
 * thread takes the place of the other. Throws the reason of `signal` when it aborts, what `onProgress` throws, and the error of the first
 * job that fails by any other fault. No thread runs any more when it throws.
 */
export async function runOnPool(
  setup: WorkerSetup,
  jobs: readonly Job[],
  { onProgress, signal }: StudyControls,
  failures: StrategyFailures,
  patience = mostWithoutPause,
): Promise<Cell[]> {
  signal?.throwIfAborted()
  const cells: Cell[] = new Array(jobs.length)
  const threads = new Set<JobThread>()
  let next = 0
  let done = 0
  /** The first job, in their order, whose error ends the study. Jobs before it may still run and fail, too. */
  let fatal: { readonly id: number; readonly error: unknown } | undefined

  const started = (): JobThread => {
    const thread = new JobThread(setup, patience)
    threads.add(thread)
    return thread
  }

  const fail = (id: number, error: Error): void => {
    try {
      failures.add(id, failureOf(jobs[id]!, error))
    } catch {
      if (!fatal || id < fatal.id) fatal = { id, error }
    }
  }

  async function work(): Promise<void> {
    let thread: JobThread | undefined
    for (;;) {
      while (next < jobs.length && failures.has(jobs[next]!.strategy)) next++
      if (fatal || next === jobs.length) return
      const id = next++
      const job = jobs[id]!
      thread ??= started()
      const result = await thread.run(id, job)
      if ('cell' in result) {
        const { cell } = result
        cells[id] = cell
        onProgress?.({ done: ++done, total: jobs.length, cell })
      } else if ('how' in result) {
        threads.delete(thread)
        thread = undefined
        fail(id, endedEarly(job, result))
      } else fail(id, jobError(job, result.error))
    }
  }

  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal!.reason)
  signal?.addEventListener('abort', abort)
  try {
    const seats = Array.from({ length: Math.min(availableParallelism(), jobs.length) }, work)
    await Promise.race([Promise.all(seats), aborted.promise])
    if (fatal) throw fatal.error
    for (const thread of threads) thread.end()
    return cells
  } catch (error) {
    await Promise.all([...threads].map((thread) => thread.terminate()))
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** Whether a worker receives an equal copy of the value. It may have no functions, and no objects of a class: these lose their class. */
export function isPlainData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function' && typeof value !== 'symbol'
  const prototype = Object.getPrototypeOf(value)
  const isPlain = Array.isArray(value) || prototype === Object.prototype || prototype === null
  return isPlain && Object.values(value).every(isPlainData)
}

/**
 * Makes the error of a thread that ended before its job. The message blames the user's code: ratelab never ends a thread early, and the calls that it
 * allows fit into the memory of one. A fault of ratelab itself is returned unchanged, and so is every error where no file of the user is loaded.
 */
function endedEarly(job: Job, { running, how, error }: EarlyEnd): Error {
  if (!running && error instanceof Error && !(hasUserFiles() && isForeignFault(error))) return error
  const expected =
    running?.expected ?? 'Expected generators and strategies to let the worker run until its runs are done, but: '
  const code = running?.kind === 'strategy' ? 'STRATEGY_FAILED' : 'WORKER_ENDED'
  return jobError(job, jobFault(new InputError(expected + how, code)))
}
