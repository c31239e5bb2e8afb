import { getCompileCacheDir } from 'node:module'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { InputError } from '../src/checks/input-error.ts'
import type { Cell } from '../src/compare/raw-result.ts'
import type { Job } from './experiment.ts'
import { jobError, jobFault } from './job-error.ts'
import { isForeignFault, runFault } from './load-fault.ts'
import type { StrategyFailures } from './strategy-failures.ts'
import type { StudyControls } from './study-options.ts'
import type { JobRequest, JobResponse, WorkerSetup } from './worker.ts'

/**
 * Each step of the virtual clock is an immediate, and Node 24 spends half of its time on passing a context for `AsyncLocalStorage`.
 * With this flag Node passes that context as older versions did, which costs nothing when no such storage is used.
 */
const noAsyncContextFrame = '--no-async-context-frame'

/**
 * Runs jobs on as many threads as the machine has cores. Returns the cells in the order of the jobs; those of
 * strategies that fail are missing, and their errors are added to `failures`. Throws the reason of `signal`
 * when it aborts, what `onProgress` throws, the error of a job unless its strategy is to blame, and an `InputError` when a worker ends too early. No
 * worker runs any more when it throws.
 */
export async function runOnPool(
  setup: WorkerSetup,
  jobs: readonly Job[],
  { onProgress, signal }: StudyControls,
  failures: StrategyFailures,
): Promise<Cell[]> {
  signal?.throwIfAborted()
  const cells: Cell[] = new Array(jobs.length)
  let next = 0
  let done = 0
  const workers = Array.from(
    { length: Math.min(availableParallelism(), jobs.length) },
    () =>
      new Worker(new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url), {
        workerData: setup,
        env: workerEnv(),
      }),
  )

  function work(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      let current = jobs[0]!
      const sendNext = () => {
        while (next < jobs.length && failures.has(jobs[next]!.strategy)) next++
        if (next === jobs.length) return resolve()
        const id = next++
        current = jobs[id]!
        worker.postMessage({ id, job: current } satisfies JobRequest)
      }
      const receive = (response: JobResponse) => {
        if ('error' in response) {
          const job = jobs[response.id]!
          failures.add(response.id, job, jobError(job, response.error))
        } else {
          const { id, cell } = response
          cells[id] = cell
          onProgress?.({ done: ++done, total: jobs.length, cell })
        }
        sendNext()
      }
      worker.on('error', (error) => reject(workerError(current, error)))
      worker.on('exit', (code) => reject(endedEarly(current, `it ended with code ${code}`)))
      worker.on('message', (response: JobResponse) => {
        try {
          receive(response)
        } catch (error) {
          reject(error)
        }
      })
      sendNext()
    })
  }

  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal!.reason)
  signal?.addEventListener('abort', abort)
  try {
    await Promise.race([Promise.all(workers.map(work)), aborted.promise])
    for (const worker of workers) worker.removeAllListeners().postMessage(undefined)
    return cells
  } catch (error) {
    // A worker may fail while it is terminated. Its error is ignored, because the first error is the one to report.
    const ignore = () => {}
    await Promise.all(workers.map((worker) => worker.removeAllListeners().on('error', ignore).terminate()))
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

function workerEnv(): NodeJS.ProcessEnv {
  const { env } = process
  const cache = getCompileCacheDir()
  return {
    ...env,
    // A worker does not inherit the compile cache. Without it the worker would strip and compile every source again.
    ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }),
    ...(process.allowedNodeEnvironmentFlags.has(noAsyncContextFrame) && {
      NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} ${noAsyncContextFrame}`,
    }),
  }
}

function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
}

/** Makes the error of a worker that ended by an error which nothing caught. A fault of ratelab itself is returned unchanged. */
function workerError(job: Job, error: unknown): unknown {
  if (isOutOfMemory(error)) return endedEarly(job, 'its memory ran out')
  return isForeignFault(error) ? endedEarly(job, `an error is not caught: ${runFault(undefined, error)}`) : error
}

/** The message blames the user's code: ratelab never ends a worker early, and the calls that it allows fit into a worker's memory. */
function endedEarly(job: Job, how: string): Error {
  const message = `Expected generators and strategies to let the worker run until its runs are done, but ${how}`
  return jobError(job, jobFault(new InputError(message, 'WORKER_ENDED')))
}
