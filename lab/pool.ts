import { getCompileCacheDir } from 'node:module'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type InputCode, InputError } from '../src/checks/input-error.ts'
import type { Cell } from '../src/compare/comparison.ts'
import type { JobAnswer, JobError, JobOrder, WorkerOrder } from './worker.ts'

/**
 * Node 24 spends half of an immediate, the virtual clock's step, on handing over a context for `AsyncLocalStorage`. With this flag
 * such storage works as it did before, at no cost to those who have none.
 */
const withoutAsyncFrames = '--no-async-context-frame'

/** Runs jobs on as many threads as the machine has cores. The cells come back in the order of the jobs. */
export async function runOnPool(
  order: WorkerOrder,
  jobs: readonly Omit<JobOrder, 'id'>[],
  onDone: (done: number) => void,
): Promise<Cell[]> {
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
        worker.postMessage({ id, ...jobs[id]! } satisfies JobOrder)
      }
      worker.on('error', (error) =>
        reject(hasRunOut(error) ? new InputError(ended('its memory ran out'), 'WORKER_ENDED') : error),
      )
      worker.on('exit', (code) => reject(new InputError(ended(`it ended with code ${code}`), 'WORKER_ENDED')))
      worker.on('message', (answer: JobAnswer) => {
        if ('error' in answer) return reject(failure(jobs[answer.id]!, answer.error))
        cells[answer.id] = answer.cell
        onDone(++done)
        feed()
      })
      feed()
    })
  }

  const release = (end: (worker: Worker) => unknown) => {
    for (const worker of workers) {
      worker.removeAllListeners()
      end(worker)
    }
  }
  try {
    await Promise.all(workers.map(work))
    release((worker) => worker.postMessage(undefined))
    return cells
  } catch (error) {
    release((worker) => worker.terminate())
    throw error
  }
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

/** The error of a worker, with the same code. */
function failure(job: Omit<JobOrder, 'id'>, { message, stack, input, code }: JobError): Error {
  const where = `case ${job.caseName}, strategy ${job.strategy}, seed ${job.seed}`
  if (input) return new InputError(`${message} (in ${where})`, code as InputCode)
  const error = Object.assign(new Error(`${message} (in ${where})`), code !== undefined && { code })
  error.stack = `${error.message}\n${stack}`
  return error
}
