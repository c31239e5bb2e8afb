import { parentPort, workerData } from 'node:worker_threads'
import type { Cell } from '../src/compare/raw-result.ts'
import type { Scenario } from '../src/scenario/scenario.ts'
import type { Workload } from '../src/scenario/workload.ts'
import { entrantsOf } from './contestants.ts'
import { type Job, jobRunner } from './experiment.ts'
import { type JobFault, jobFault } from './job-error.ts'
import { loadScenario } from './load-scenario.ts'
import type { Settings } from './settings.ts'

/** The data that a worker gets when it starts. */
export interface WorkerSetup {
  /**
   * The scenario, either as a file that the worker loads, because generators cannot be sent; or as plain data that has the settings
   * applied.
   */
  readonly scenario: { readonly file: string; readonly settings: Settings } | Scenario
  /** Names of the catalogue, and absolute paths of plug-ins, which the worker loads. Default: the strategies of the scenario. */
  readonly strategies: readonly string[] | undefined
  /** The calls of the recorded trace that the scenario replays. */
  readonly recorded: Workload | undefined
}

/** A job for a worker. `id` is repeated in the response. */
export interface JobRequest {
  readonly id: number
  readonly job: Job
}

/** The result of a job, or the error that it threw. */
export type JobResponse =
  | { readonly id: number; readonly cell: Cell }
  | { readonly id: number; readonly error: JobFault }

const { scenario, strategies, recorded } = workerData as WorkerSetup
const port = parentPort!
let run: Promise<(job: Job) => Promise<Cell>> | undefined

port.on('message', (request: JobRequest | undefined) => {
  // `undefined` means that no job follows. The worker then ends by itself, so that Node writes its compile cache.
  if (!request) return port.close()
  run ??= loadRunner()
  respond(request, run).then((response) => port.postMessage(response))
})

async function loadRunner(): Promise<(job: Job) => Promise<Cell>> {
  const loaded = 'file' in scenario ? await loadScenario(scenario.file, scenario.settings) : scenario
  const entrants = await entrantsOf(strategies ?? loaded.strategies)
  return jobRunner({ scenario: loaded, entrants, recorded, bansAmbient: true })
}

async function respond({ id, job }: JobRequest, run: Promise<(job: Job) => Promise<Cell>>): Promise<JobResponse> {
  try {
    return { id, cell: await (await run)(job) }
  } catch (error) {
    return { id, error: jobFault(error) }
  }
}
