import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { worldProblems } from '../sim/setup/world-problems.ts'
import { didYouMean } from '../src/checks/did-you-mean.ts'
import { InputError } from '../src/checks/input-error.ts'
import { type Fields, isObject } from '../src/checks/shape.ts'
import type { Scenario } from '../src/scenario/scenario.ts'
import { scenarioProblems } from '../src/scenario/scenario-problems.ts'
import { strategyNames } from './catalogue.ts'
import { clientKnowledgeOf } from './client-knowledge.ts'
import { loadFault } from './load-fault.ts'
import { applySettings, type Settings, titleOf, titleProblems } from './settings.ts'

const builtIn = new URL('../scenarios/', import.meta.url)

/** The scenarios that come with ratelab. */
export function scenarioNames(): string[] {
  return readdirSync(builtIn)
    .filter((file) => /(?<!\.d)\.[jt]s$/.test(file))
    .map((file) => file.replace(/\.[jt]s$/, ''))
    .sort()
}

/** The file behind a name or a path. */
export function scenarioFile(name: string): string {
  if (/[./\\]/.test(name)) {
    const path = resolve(name)
    if (existsSync(path)) return path
    throw new InputError(
      `Expected a scenario file, got ${JSON.stringify(name)}: there is no such file`,
      'SCENARIO_NOT_FOUND',
    )
  }
  const known = scenarioNames()
  const file = ['.ts', '.js'].map((ending) => fileURLToPath(new URL(name + ending, builtIn))).find((f) => existsSync(f))
  if (known.includes(name) && file) return file
  throw new InputError(
    `Expected a scenario (${known.join(', ')}) or a path to a scenario file, got ${JSON.stringify(name)}` +
      didYouMean(name, known),
    'SCENARIO_NOT_FOUND',
  )
}

/** Loads a scenario file, puts the settings over it, and checks it as a whole: every problem is told at once. Titles state its figures. */
export async function loadScenario(file: string, settings: Settings, prefix?: string): Promise<Scenario> {
  const fault = (error: unknown) => loadFault(file, error)
  return settled(await load(file), settings, { name: `the scenario ${file}`, prefix, fault })
}

/** The same for a scenario that a program hands over. */
export function givenScenario(scenario: unknown, settings: Settings, prefix: string): Scenario {
  return settled(scenario, settings, { name: 'the scenario', prefix, fault: String })
}

interface Messages {
  /** What they call the scenario. */
  readonly name: string
  /** What they put before the name of a setting. */
  readonly prefix: string | undefined
  /** How they tell what the scenario itself throws. */
  fault(error: unknown): string
}

function settled(given: unknown, settings: Settings, { name, prefix, fault }: Messages): Scenario {
  try {
    // Over what is no scenario, settings could not be put.
    const isScenario = scenarioProblems(given, strategyNames).length === 0
    const changed = isScenario ? applySettings(given as Scenario, settings, prefix) : given
    const problems = problemsOf(changed)
    if (problems.length > 0) throw invalid(name, problems)
    const scenario = changed as Scenario
    return {
      ...scenario,
      cases: scenario.cases.map((c) => ({ ...c, title: titleOf(c, clientKnowledgeOf(scenario, c)) })),
    }
  } catch (error) {
    if (error instanceof InputError) throw error
    // The scenario's own getters may throw: that is its fault, too.
    throw new InputError(`Expected ${name} to be readable, but it throws: ${fault(error)}`, 'SCENARIO_INVALID')
  }
}

async function load(file: string): Promise<unknown> {
  let module: { default?: unknown }
  try {
    module = (await import(pathToFileURL(file).href)) as { default?: unknown }
  } catch (error) {
    throw new InputError(
      `Expected ${file} to load as a scenario, but it throws: ${loadFault(file, error)}`,
      'SCENARIO_INVALID',
    )
  }
  if (module.default === undefined)
    throw new InputError(
      `Expected ${file} to have a default export (\`export default { … } satisfies Scenario\`), got none`,
      'SCENARIO_INVALID',
    )
  return module.default
}

function invalid(name: string, problems: readonly string[]): InputError {
  const many = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new InputError(
    `${many} in ${name}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    'SCENARIO_INVALID',
  )
}

/** Every problem with a scenario that can be told before a run, those of its worlds included; none: it is a `Scenario`. */
export function problemsOf(scenario: unknown): string[] {
  const own = scenarioProblems(scenario, strategyNames)
  if (!isObject(scenario)) return own
  return [...new Set([...own, ...problemsOfWorlds(scenario), ...problemsOfTitles(scenario)])]
}

/** The world of each case is judged as a whole; what is wrong with the scenario's own world is told once. */
function problemsOfWorlds({ world, model, cases }: Fields): string[] {
  if (!isObject(world)) return []
  const judged = (whole: Fields, path: string) =>
    worldProblems(whole, path, String(model)).filter((problem) => typeof model === 'string' || !isAboutModel(problem))
  const differences = listOf(cases).map((each) => (isObject(each) && isObject(each.world) ? each.world : undefined))
  const isUsed = differences.length === 0 || differences.includes(undefined)
  const shared = isUsed ? judged(world, 'world') : []
  return [
    ...shared,
    ...differences.flatMap((difference, i) => {
      if (!difference) return []
      const path = `cases[${i}].world`
      return judged({ ...world, ...knownParts(difference) }, path).filter(
        (problem) => !shared.includes(problem.replaceAll(path, 'world')),
      )
    }),
  ]
}

function isAboutModel(problem: string): boolean {
  return problem.startsWith('Expected `model` ')
}

/** Whatever else a case says of its world is no part of any world, and told where the case is judged. */
function knownParts(difference: Fields): Fields {
  return Object.fromEntries(Object.entries(difference).filter(([name]) => /^(accounts|gateways|events)$/.test(name)))
}

function problemsOfTitles({ cases }: Fields): string[] {
  return listOf(cases).flatMap((each, i) => titleProblems(`cases[${i}].title`, each))
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
