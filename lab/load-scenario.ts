import { existsSync, readdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { worldProblems } from '../sim/setup/world-problems.ts'
import { didYouMean } from '../src/checks/did-you-mean.ts'
import { InputError, isInputError } from '../src/checks/input-error.ts'
import { isPath } from '../src/checks/path.ts'
import { countOf, firstProblems } from '../src/checks/problems.ts'
import { type Fields, isObject, repeated } from '../src/checks/shape.ts'
import { readThreshold, thresholdProblems } from '../src/compare/thresholds.ts'
import { show } from '../src/core/expect.ts'
import { caseWorldParts, type Scenario } from '../src/scenario/scenario.ts'
import { scenarioProblems } from '../src/scenario/scenario-problems.ts'
import { clientKnowledgeOf } from './catalogue/client-knowledge.ts'
import { absoluteItem, strategyId, strategyItemProblems } from './contestants.ts'
import { type DefaultExport, defaultExportOf, expectModule, type FileKind } from './default-export.ts'
import { loadFault } from './load-fault.ts'
import { isProfilePath, loadedProfile } from './load-profile.ts'
import { applySettings, type Settings, titleOf, titleProblems } from './settings.ts'

const kind: FileKind = {
  noun: 'a scenario',
  example: '{ … } satisfies Scenario',
  notFound: 'SCENARIO_NOT_FOUND',
  invalid: 'SCENARIO_INVALID',
}

const builtIn = new URL('../scenarios/', import.meta.url)

/** Returns the names of the scenarios that come with ratelab, in alphabetical order. */
export function scenarioNames(): string[] {
  return readdirSync(builtIn)
    .filter((file) => /(?<!\.d)\.[jt]s$/.test(file))
    .map((file) => file.replace(/\.[jt]s$/, ''))
    .sort()
}

/** Returns the file of a scenario that is given by its name or by a path. Throws an `InputError` when there is no such file. */
export function scenarioFile(name: string): string {
  if (isPath(name)) {
    const path = resolve(name)
    expectModule(path, kind)
    return path
  }
  const known = scenarioNames()
  const file = ['.ts', '.js'].map((ending) => fileURLToPath(new URL(name + ending, builtIn))).find((f) => existsSync(f))
  if (known.includes(name) && file) return file
  throw new InputError(
    `Expected a scenario (${known.join(', ')}) or a path to a scenario file, got ${show(name)}` +
      didYouMean(name, known),
    'SCENARIO_NOT_FOUND',
  )
}

/**
 * Loads a scenario file, applies the settings and checks the result. The figures are put into the titles of the cases. Rejects with
 * an `InputError` that lists every problem. `prefix` is put before the name of a setting in messages. Default: `--`.
 */
export async function loadScenario(file: string, settings: Settings, prefix?: string): Promise<Scenario> {
  const fault = (error: unknown) => loadFault(file, error)
  const folder = dirname(file)
  const given = await defaultExportOf(file, kind)
  const scenario = await checkedScenario(given, settings, { name: `the scenario ${file}`, prefix, folder, fault })
  return withAbsolutePaths(scenario, folder)
}

/** Returns the scenario with the profile of its world loaded, if that is a path. A value that is no scenario is returned as it is. */
async function withLoadedProfile(given: DefaultExport, folder: string): Promise<DefaultExport> {
  const { exported } = given
  if (!isObject(exported) || !isObject(exported.world)) return given
  const { profile } = exported.world
  if (!isProfilePath(profile)) return given
  return { exported: { ...exported, world: { ...exported.world, profile: await loadedProfile(profile, folder) } } }
}

/** Returns the scenario with the paths of its plug-ins and its trace counted from the root of the file system instead of from this folder. */
function withAbsolutePaths(scenario: Scenario, folder: string): Scenario {
  const absolute = (items: Scenario['strategies']) => items.map((item) => absoluteItem(item, folder))
  return {
    ...scenario,
    strategies: absolute(scenario.strategies),
    ...(scenario.trace !== undefined && { trace: resolve(folder, scenario.trace) }),
    cases: scenario.cases.map((c) => ({ ...c, ...(c.strategies && { strategies: absolute(c.strategies) }) })),
  }
}

/** Does the same with a scenario that a program passes as an object. Rejects as `loadScenario` does. */
export function givenScenario(scenario: unknown, settings: Settings, prefix: string): Promise<Scenario> {
  return checkedScenario({ exported: scenario }, settings, { name: 'the scenario', prefix, folder: '.', fault: String })
}

/** Where a scenario comes from, and how messages about it are worded. */
interface ScenarioOrigin {
  /** The words for the scenario, such as `the scenario x.ts`. */
  readonly name: string
  /** The text before the name of a setting. */
  readonly prefix: string | undefined
  /** The folder from which the path of a profile is counted. */
  readonly folder: string
  /** Describes an error that the scenario's own code throws. */
  fault(error: unknown): string
}

async function checkedScenario(
  source: DefaultExport,
  settings: Settings,
  { name, prefix, folder, fault }: ScenarioOrigin,
): Promise<Scenario> {
  try {
    const { exported: given } = await withLoadedProfile(source, folder)
    // Settings can only be applied to a value that has the fields of a scenario.
    const isScenario = scenarioProblems(given, strategyItemProblems).length === 0
    const changed = isScenario ? applySettings(given as Scenario, settings, prefix) : given
    const problems = problemsOf(changed)
    if (problems.length > 0) throw invalidScenario(name, problems)
    const scenario = changed as Scenario
    return {
      ...scenario,
      cases: scenario.cases.map((c) => ({ ...c, title: titleOf(c, clientKnowledgeOf(scenario, c)) })),
    }
  } catch (error) {
    if (isInputError(error)) throw error
    // A getter of the scenario may throw. That is a problem of the scenario, not of ratelab.
    throw new InputError(`Expected ${name} to be readable, but it throws: ${fault(error)}`, 'SCENARIO_INVALID')
  }
}

function invalidScenario(name: string, problems: readonly string[]): InputError {
  return new InputError(
    `${countOf(problems)} in ${name}:\n${firstProblems(problems)
      .map((problem) => `  - ${problem}`)
      .join('\n')}`,
    'SCENARIO_INVALID',
  )
}

/** Returns every problem that a scenario has by itself, its worlds and titles included. A value without problems is a `Scenario`. */
export function problemsOf(scenario: unknown): string[] {
  const own = scenarioProblems(scenario, strategyItemProblems)
  if (!isObject(scenario)) return own
  const others = [
    ...repeated('strategies', scenario.strategies, '', strategyId),
    ...problemsOfWorlds(scenario),
    ...problemsOfTitles(scenario),
  ]
  return [
    ...new Set([...own, ...others, ...(own.length > 0 ? [] : problemsOfThresholds(scenario as unknown as Scenario))]),
  ]
}

/** Checks the complete world of each case. A problem of the scenario's own world is returned once, not once for each case. */
function problemsOfWorlds({ world, model, cases }: Fields): string[] {
  if (!isObject(world)) return []
  const problemsOfWorld = (complete: Fields, path: string) =>
    worldProblems(complete, path, String(model)).filter(
      (problem) => typeof model === 'string' || !isAboutModel(problem),
    )
  const changes = listOf(cases).map((each) => (isObject(each) && isObject(each.world) ? each.world : undefined))
  const isUsedUnchanged = changes.length === 0 || changes.includes(undefined)
  const shared = isUsedUnchanged ? problemsOfWorld(world, 'world') : []
  return [
    ...shared,
    ...changes.flatMap((change, i) => {
      if (!change) return []
      const path = `cases[${i}].world`
      return problemsOfWorld({ ...world, ...changedParts(change) }, path).filter(
        (problem) => !shared.includes(problem.replaceAll(path, 'world')),
      )
    }),
  ]
}

function isAboutModel(problem: string): boolean {
  return problem.startsWith('Expected `model` ')
}

/** Returns the parts of a world that a case may change. `scenarioProblems` reports all other fields as unknown. */
function changedParts(change: Fields): Fields {
  return Object.fromEntries(Object.entries(change).filter(([name]) => caseWorldParts.some((part) => part === name)))
}

function problemsOfTitles({ cases, world }: Fields): string[] {
  return listOf(cases).flatMap((each, i) => titleProblems(`cases[${i}].title`, each, world))
}

/** Checks the thresholds of a scenario whose own fields are right, because their strategies and cases must be known. */
function problemsOfThresholds({ thresholds = [], strategies, cases }: Scenario): string[] {
  const takePart = cases.map(({ name, strategies: own = strategies }) => ({
    name,
    contestants: own.map((item) => ({ id: String(strategyId(item)) })),
  }))
  return thresholds.flatMap((each, i) => {
    const read = readThreshold(`thresholds[${i}]`, each)
    return 'problem' in read ? [read.problem] : thresholdProblems(`thresholds[${i}]`, read.threshold, takePart)
  })
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
