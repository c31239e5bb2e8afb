import { parentPort, workerData } from 'node:worker_threads'
import { isPath } from '../src/checks/path.ts'
import type { Cell } from '../src/compare/raw-result.ts'
import type { Scenario } from '../src/scenario/scenario.ts'
import type { Workload } from '../src/scenario/workload.ts'
import { installAmbientBan } from './ambient-ban.ts'
import { entrantsOf } from './contestants.ts'
import { type Job, jobRunner } from './experiment.ts'
import { type JobFault, jobFault } from './job-error.ts'
import { loadScenario } from './load-scenario.ts'
import type { Settings } from './settings.ts'
import type { UserCode, UserCodeWatch } from './user-code.ts'

/** What a worker is to run: plain data, which it gets when it starts. */
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

/** What a worker is sent: a job, whose `id` is repeated in the response; a question whether it can still answer; or `end`. */
export type WorkerRequest = { readonly id: number; readonly job: Job } | 'ping' | 'end'

/** What a worker sends: the result of a job, or the error that it threw; the user's code that it begins or has ended to run; or an answer. */
export type WorkerMessage =
  | { readonly id: number; readonly cell: Cell }
  | { readonly id: number; readonly error: JobFault }
  | { readonly running: UserCode | undefined }
  | 'pong'

/** What a worker gets when it starts: the setup, and a shared counter of the attempts that strategies of the user send. */
export interface WorkerData extends WorkerSetup {
  readonly attempts: Int32Array
}

const { scenario, strategies, recorded, attempts } = workerData as WorkerData
const port = parentPort!
const send = (message: WorkerMessage) => port.postMessage(message)
// It comes before the user's files are loaded, so that they cannot keep the functions without their guards.
const ban = installAmbientBan()
const watch: UserCodeWatch = {
  ban,
  entered: (running) => send({ running }),
  sent: () => {
    attempts[0]!++
  },
}
let run: Promise<(job: Job) => Promise<Cell>> | undefined

port.on('message', (request: WorkerRequest) => {
  if (request === 'ping') return send('pong')
  // The worker ends by itself, so that Node writes its compile cache.
  if (request === 'end') return port.close()
  run ??= loadRunner()
  respond(request, run).then(send)
})

async function loadRunner(): Promise<(job: Job) => Promise<Cell>> {
  const file = 'file' in scenario ? scenario.file : undefined
  const files = [file, ...(strategies ?? []).filter(isPath)].filter((each) => each !== undefined)
  watch.entered({ kind: 'files', expected: `Expected ${files.join(', ')} to load on a worker, but: ` })
  const loaded = 'file' in scenario ? await loadScenario(scenario.file, scenario.settings) : scenario
  const entrants = await entrantsOf(strategies ?? loaded.strategies)
  watch.entered(undefined)
  return jobRunner({ scenario: loaded, entrants, recorded, file, watch })
}

async function respond(
  { id, job }: Extract<WorkerRequest, { id: number }>,
  run: Promise<(job: Job) => Promise<Cell>>,
): Promise<WorkerMessage> {
  try {
    return { id, cell: await (await run)(job) }
  } catch (error) {
    return { id, error: jobFault(error) }
  }
}
