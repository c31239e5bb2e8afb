import {
  expectInputError,
  type InputCode,
  type InputError,
  inputErrorOf,
  joinedErrors,
} from '../src/checks/input-error.ts'
import type { StudyFacts } from '../src/compare/raw-result.ts'
import type { Scenario } from '../src/scenario/scenario.ts'
import type { Workload } from '../src/scenario/workload.ts'
import { absoluteItem, type Entrant, entrantsOf } from './contestants.ts'
import { isProfilePath, loadedProfile } from './load-profile.ts'
import { givenScenario, loadScenario, scenarioFile } from './load-scenario.ts'
import { isPlainData } from './pool.ts'
import { readReplay, traceOf, traceProblems } from './replay.ts'
import type { Settings } from './settings.ts'
import { entrantErrors, factsOf } from './study-facts.ts'
import { isRunnableByCommand, optionProblems, type StudyOptions, settingsOf } from './study-options.ts'
import type { WorkerSetup } from './worker.ts'

/** All that a study is made of, loaded and checked. */
export interface StudyInputs {
  readonly source: ScenarioSource
  /** The scenario that runs. */
  readonly scenario: Scenario
  /** The strategies of the option, with absolute paths. Undefined when the scenario's own take part. */
  readonly items: StudyOptions['strategies']
  readonly entrants: readonly Entrant[]
  /** The path of the trace that is replayed. */
  readonly trace: string | undefined
  readonly recorded: Workload | undefined
  readonly facts: StudyFacts
}

/**
 * Loads and checks everything that a study needs, as `prepareStudy` does. `alter` changes the scenario before its strategies are checked. Default:
 * the scenario stays as it is.
 */
export async function prepareInputs(
  given: string | Scenario,
  options: StudyOptions,
  prefix: string,
  alter: (scenario: Scenario) => Scenario = (scenario) => scenario,
): Promise<StudyInputs> {
  const errors: InputError[] = []
  const addProblems = (problems: readonly string[], code?: InputCode) => {
    if (problems.length > 0) errors.push(inputErrorOf(problems, code))
  }
  for (const { problems, code } of optionProblems(options, prefix)) addProblems(problems, code)
  const source = await loadedSettings(options)
    .then((settings) => sourceOf(given, settings, prefix))
    .catch((error) => {
      errors.push(expectInputError(error))
      return undefined
    })
  const traceCode = options.trace === undefined ? 'TRACE_MISSING' : 'INPUT_INVALID'
  if (source) addProblems(traceProblems(source.scenario, options, prefix), traceCode)
  if (!source || errors.length > 0) throw joinedErrors(errors)
  const scenario = alter(source.scenario)
  const items = options.strategies?.map((each) => absoluteItem(each, '.'))
  const entrants = await entrantsOf(items ?? scenario.strategies)
  for (const error of entrantErrors(scenario, options, entrants, `${prefix}strategies`)) errors.push(error)
  if (errors.length > 0) throw joinedErrors(errors)
  const trace = traceOf(scenario, options)
  const replay = trace === undefined ? undefined : await readReplay(trace, options, prefix)
  const facts = factsOf(
    scenario,
    options,
    entrants,
    typeof given === 'string' && isRunnableByCommand(options) ? given : undefined,
    replay,
  )
  return { source, scenario, items, entrants, trace, recorded: replay?.workload, facts }
}

/** Returns the settings of a study, with the profile loaded if it is the path of a file. */
async function loadedSettings(options: StudyOptions): Promise<Settings> {
  const { profile, ...settings } = settingsOf(options)
  if (profile === undefined) return settings
  return { ...settings, profile: isProfilePath(profile) ? await loadedProfile(profile) : profile }
}

/** Where the scenario of a study comes from. */
export interface ScenarioSource {
  /** The scenario with the settings applied. */
  readonly scenario: Scenario
  /** The file of the scenario. Undefined when the scenario was given as an object. */
  readonly file?: string
  /** The scenario as a worker is to get it. Undefined when it cannot be sent to a worker. */
  readonly workerScenario: WorkerSetup['scenario'] | undefined
}

async function sourceOf(given: unknown, settings: Settings, prefix: string): Promise<ScenarioSource> {
  if (typeof given === 'string') {
    const file = scenarioFile(given)
    return { file, scenario: await loadScenario(file, settings, prefix), workerScenario: { file, settings } }
  }
  const scenario = await givenScenario(given, settings, prefix)
  return { scenario, workerScenario: isPlainData(scenario) ? scenario : undefined }
}
