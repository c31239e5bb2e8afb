import { inputErrorOf, problemsIn } from '../src/checks/input-error.ts'
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

/** A study that is ready to run: its scenario is loaded, and all that it was told is checked. */
export interface Study {
  readonly facts: StudyFacts
  /** How many runs it takes: one for each case, seed and strategy. */
  readonly runs: number
  run(controls?: StudyControls): Promise<StudyResult>
}

export interface StudyResult extends RawResult {
  readonly comparison: Comparison
}

/** Runs a scenario: a name from `ratelab list`, the path of a scenario file, or a scenario itself. */
export async function runStudy(
  scenario: string | Scenario,
  options: StudyOptions & StudyControls = {},
): Promise<StudyResult> {
  const study = await prepareStudy(scenario, options)
  return study.run(options)
}

/**
 * Loads and checks what a study needs, so that it can be looked at before it runs. Rejects with an `InputError` that tells every
 * problem at once; messages put `prefix` before the name of an option.
 */
export async function prepareStudy(
  given: string | Scenario,
  options: StudyOptions = {},
  prefix = 'options.',
): Promise<Study> {
  const problems = optionProblems(options, prefix)
  const source = await sourceOf(given, settingsOf(options), prefix).catch((error) => {
    problems.push(...problemsIn(error))
    return undefined
  })
  if (source) problems.push(...traceProblems(source.scenario, options.trace, `${prefix}trace`))
  if (source && problems.length === 0)
    problems.push(...contestantProblems(source.scenario, options.strategies, `${prefix}strategies`))
  if (!source || problems.length > 0) throw inputErrorOf(problems)
  const { scenario, sendable } = source
  const { strategies = [], trace } = options
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

/** Loads the simulator first, which a thread that leaves the runs to workers does without. */
async function runHere(setup: JobSetup, jobs: readonly Job[], controls: StudyControls): Promise<Cell[]> {
  const { runInCallingThread } = await import('./calling-thread.ts')
  return runInCallingThread(setup, jobs, controls)
}

interface Source {
  /** With all settings put over it. */
  readonly scenario: Scenario
  /** What a worker is told of it; undefined where it cannot be sent. */
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
