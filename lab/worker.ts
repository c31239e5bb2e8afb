import { parentPort, workerData } from 'node:worker_threads'
import { InputError } from '../src/checks/input-error.ts'
import type { Cell } from '../src/compare/comparison.ts'
import type { Scenario } from '../src/scenario/scenario.ts'
import type { Workload } from '../src/scenario/workload.ts'
import { runJob } from './experiment.ts'
import { loadScenario } from './load-scenario.ts'
import type { Settings } from './settings.ts'

/** What a worker is born with: it loads the scenario itself, for generators cannot be sent. */
export interface WorkerOrder {
  readonly file: string
  readonly settings: Settings
  readonly recorded: Workload | undefined
}

/** A job by names, as it travels to a worker. */
export interface JobOrder {
  readonly id: number
  readonly caseName: string
  readonly strategy: string
  readonly seed: number
  readonly withSeries: boolean
}

/** An error as it travels from a worker. */
export interface JobError {
  readonly message: string
  readonly stack: string
  /** Whether it is an `InputError`. */
  readonly input: boolean
  /** The error's `code`, if it has one. */
  readonly code: string | undefined
}

export type JobAnswer = { readonly id: number; readonly cell: Cell } | { readonly id: number; readonly error: JobError }

const { file, settings, recorded } = workerData as WorkerOrder
const port = parentPort!
let scenario: Promise<Scenario> | undefined

port.on('message', (order: JobOrder | undefined) => {
  // No further order: the worker ends by itself, which lets it keep what it has compiled.
  if (!order) return port.close()
  scenario ??= loadScenario(file, settings)
  answer(order, scenario).then((reply) => port.postMessage(reply))
})

async function answer(order: JobOrder, loading: Promise<Scenario>): Promise<JobAnswer> {
  const { id, caseName, strategy, seed, withSeries } = order
  try {
    const loaded = await loading
    const chosen = loaded.cases.find(({ name }) => name === caseName)!
    return { id, cell: await runJob(loaded, { chosen, strategy, seed, withSeries }, recorded) }
  } catch (error) {
    const {
      message,
      stack = '',
      code,
    }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error))
    return { id, error: { message, stack, input: error instanceof InputError, code } }
  }
}
