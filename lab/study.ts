import {
  expectInputError,
  type InputCode,
  type InputError,
  inputErrorOf,
  joinedErrors,
} from '../src/checks/input-error.ts'
import { type Comparison, comparisonOf } from '../src/compare/comparison.ts'
import type { Cell, RawResult, StudyFacts } from '../src/compare/raw-result.ts'
import type { Scenario } from '../src/scenario/scenario.ts'
import type { Workload } from '../src/scenario/workload.ts'
import type { Job, JobSetup } from './experiment.ts'
import { givenScenario, loadScenario, scenarioFile } from './load-scenario.ts'
import { isPlainData, runOnPool } from './pool.ts'
import type { Settings } from './settings.ts'
import { contestantProblems, factsOf } from './study-facts.ts'
import { isTypable, optionProblems, type StudyControls, type StudyOptions, settingsOf } from './study-options.ts'
import type { WorkerOrder } from './worker.ts'

/** A study that is ready to run: its scenario is loaded, and all its options are checked. */
export interface Study {
  readonly facts: StudyFacts
  /** The number of its runs: one for each case, seed and strategy. */
  readonly runs: number
  run(controls?: StudyControls): Promise<StudyResult>
}

export interface StudyResult extends RawResult {
  readonly comparison: Comparison
}

/**
 * Runs a scenario and compares its strategies. The scenario is a name from `ratelab list`, the path of a scenario file, or a
 * scenario itself. Rejects with an `InputError` that has every problem, or with the reason of `signal`. `prepareStudy` also gives the cells.
 */
export async function runStudy(
  scenario: string | Scenario,
  options: StudyOptions & StudyControls = {},
): Promise<Comparison> {
  const study = await prepareStudy(scenario, options)
  return (await study.run(options)).comparison
}

/**
 * Loads and checks everything that a study needs, so that a caller can look at its facts before it runs. Rejects with an
 * `InputError` that has every problem. Messages put `prefix` before the name of an option.
 */
export async function prepareStudy(
  given: string | Scenario,
  options: StudyOptions = {},
  prefix = 'options.',
): Promise<Study> {
  const mistakes: InputError[] = []
  const note = (problems: readonly string[], code?: InputCode) => {
    if (problems.length > 0) mistakes.push(inputErrorOf(problems, code))
  }
  for (const { problems, code } of optionProblems(options, prefix)) note(problems, code)
  const source = await sourceOf(given, settingsOf(options), prefix).catch((error) => {
    mistakes.push(expectInputError(error))
    return undefined
  })
  const { trace } = options
  const traceCode = trace === undefined ? 'TRACE_MISSING' : 'INPUT_INVALID'
  if (source) note(traceProblems(source.scenario, trace, `${prefix}trace`), traceCode)
  if (source && mistakes.length === 0)
    note(contestantProblems(source.scenario, options.strategies, `${prefix}strategies`), 'STRATEGY_UNSUPPORTED')
  if (!source || mistakes.length > 0) throw joinedErrors(mistakes)
  const { scenario, sendable } = source
  const { strategies = [] } = options
  const recorded = trace === undefined ? undefined : await recordedCalls(trace)
  const facts = factsOf(scenario, options, typeof given === 'string' && isTypable(options) ? given : undefined)
  const jobs = jobsOf(facts)
  const own = strategies.filter((each) => typeof each !== 'string')
  return {
    facts,
    runs: jobs.length,
    async run(controls = {}) {
      const cells =
        sendable && own.length === 0
          ? await runOnPool({ scenario: sendable, recorded }, jobs, controls)
          : await runHere({ scenario, own, recorded }, jobs, controls)
      const result = { study: facts, cells }
      return { ...result, comparison: comparisonOf(result) }
    },
  }
}

/** Runs in the calling thread. It loads the simulator first, which a thread that leaves the runs to workers does not need. */
async function runHere(setup: JobSetup, jobs: readonly Job[], controls: StudyControls): Promise<Cell[]> {
  const { runInCallingThread } = await import('./calling-thread.ts')
  return runInCallingThread(setup, jobs, controls)
}

interface Source {
  /** The scenario after all settings. */
  readonly scenario: Scenario
  /** What is sent to a worker; undefined when the scenario cannot be sent. */
  readonly sendable: WorkerOrder['scenario'] | undefined
}

async function sourceOf(given: unknown, settings: Settings, prefix: string): Promise<Source> {
  if (typeof given === 'string') {
    const file = scenarioFile(given)
    return { scenario: await loadScenario(file, settings, prefix), sendable: { file, settings } }
  }
  const scenario = givenScenario(given, settings, prefix)
  return { scenario, sendable: isPlainData(scenario) ? scenario : undefined }
}

/** Every job of a study: case by case and seed by seed, so that the slow strategies are spread over the workers. */
function jobsOf({ cases, seeds }: StudyFacts): Job[] {
  return cases.flatMap(({ name: caseName, contestants }) =>
    seeds.flatMap((seed, index) =>
      contestants.map(({ id: strategy }) => ({ caseName, strategy, seed, withSeries: index === 0 })),
    ),
  )
}

function traceProblems({ cases }: Scenario, path: string | undefined, field: string): string[] {
  const isWanted = cases.some(({ arrivals, lengths }) => arrivals.kind === 'trace' || lengths.kind === 'trace')
  if (isWanted === (path !== undefined)) return []
  return [
    isWanted
      ? `Expected \`${field} FILE.csv\` for a scenario that replays recorded calls, got none. The file has a header line ` +
        'TIMESTAMP,ContextTokens,GeneratedTokens; a real one is AzureLLMInferenceTrace_conv.csv in Azure/AzurePublicDataset.'
      : `Expected \`${field}\` only with a scenario that replays recorded calls, such as replay`,
  ]
}

async function recordedCalls(path: string): Promise<Workload> {
  const { readRecorded } = await import('../src/scenario/recorded/read-recorded.ts')
  return readRecorded(path)
}
