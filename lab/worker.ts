import { parentPort, workerData } from 'node:worker_threads'
import type { Cell } from '../src/compare/raw-result.ts'
import type { Scenario } from '../src/scenario/scenario.ts'
import type { Workload } from '../src/scenario/workload.ts'
import { type Job, jobRunner } from './experiment.ts'
import { type JobFault, jobFault } from './job-error.ts'
import { loadScenario } from './load-scenario.ts'
import type { Settings } from './settings.ts'

/** What a worker is born with. */
export interface WorkerOrder {
  /** A file, which the worker loads itself, for generators cannot be sent; or a scenario of plain data, with all settings put over it. */
  readonly scenario: { readonly file: string; readonly settings: Settings } | Scenario
  readonly recorded: Workload | undefined
}

export interface JobOrder {
  readonly id: number
  readonly job: Job
}

export type JobAnswer = { readonly id: number; readonly cell: Cell } | { readonly id: number; readonly error: JobFault }

const { scenario, recorded } = workerData as WorkerOrder
const port = parentPort!
let run: Promise<(job: Job) => Promise<Cell>> | undefined

port.on('message', (order: JobOrder | undefined) => {
  // No further order: the worker ends by itself, which lets it keep what it has compiled.
  if (!order) return port.close()
  run ??= ready()
  answer(order, run).then((reply) => port.postMessage(reply))
})

async function ready(): Promise<(job: Job) => Promise<Cell>> {
  const loaded = 'file' in scenario ? await loadScenario(scenario.file, scenario.settings) : scenario
  return jobRunner({ scenario: loaded, recorded })
}

async function answer({ id, job }: JobOrder, run: Promise<(job: Job) => Promise<Cell>>): Promise<JobAnswer> {
  try {
    return { id, cell: await (await run)(job) }
  } catch (error) {
    return { id, error: jobFault(error) }
  }
}
