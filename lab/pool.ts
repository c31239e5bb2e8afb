import { getCompileCacheDir } from 'node:module'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { InputError } from '../src/checks/input-error.ts'
import type { Cell } from '../src/compare/raw-result.ts'
import type { Job } from './experiment.ts'
import { jobError } from './job-error.ts'
import type { StudyControls } from './study-options.ts'
import type { JobAnswer, JobOrder, WorkerOrder } from './worker.ts'

/**
 * Node 24 spends half of an immediate, the virtual clock's step, on handing over a context for `AsyncLocalStorage`. With this flag
 * such storage works as it did before, at no cost to those who have none.
 */
const withoutAsyncFrames = '--no-async-context-frame'

/** Runs jobs on as many threads as the machine has cores. The cells come back in the order of the jobs. */
export async function runOnPool(
  order: WorkerOrder,
  jobs: readonly Job[],
  { onProgress, signal }: StudyControls,
): Promise<Cell[]> {
  signal?.throwIfAborted()
  const cells: Cell[] = new Array(jobs.length)
  let next = 0
  let done = 0
  const workers = Array.from(
    { length: Math.min(availableParallelism(), jobs.length) },
    () =>
      new Worker(new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url), {
        workerData: order,
        env: workerEnv(),
      }),
  )

  function work(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      const feed = () => {
        if (next === jobs.length) return resolve()
        const id = next++
        worker.postMessage({ id, job: jobs[id]! } satisfies JobOrder)
      }
      const take = (answer: JobAnswer) => {
        if ('error' in answer) throw jobError(jobs[answer.id]!, answer.error)
        const { id, cell } = answer
        cells[id] = cell
        onProgress?.({ done: ++done, total: jobs.length, cell })
        feed()
      }
      worker.on('error', (error) =>
        reject(hasRunOut(error) ? new InputError(ended('its memory ran out'), 'WORKER_ENDED') : error),
      )
      worker.on('exit', (code) => reject(new InputError(ended(`it ended with code ${code}`), 'WORKER_ENDED')))
      worker.on('message', (answer: JobAnswer) => {
        try {
          take(answer)
        } catch (error) {
          reject(error)
        }
      })
      feed()
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
    // A worker may yet fail while it is being ended: nobody waits for what it says.
    const ignore = () => {}
    await Promise.all(workers.map((worker) => worker.removeAllListeners().on('error', ignore).terminate()))
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}
/** Whether a worker can be sent the value as it is: no functions, and no objects of a class, which would lose it. */
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
    // A worker does not inherit the compile cache: without it, it would strip and compile every source again.
    ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }),
    ...(process.allowedNodeEnvironmentFlags.has(withoutAsyncFrames) && {
      NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} ${withoutAsyncFrames}`,
    }),
  }
}

function hasRunOut(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
}

/** Only a scenario's own code can end a worker, or fill its memory with less than the calls that are allowed. */
function ended(how: string): string {
  return `Expected the scenario to leave its worker running until its runs are done, but ${how}: look at what its generators do`
}
