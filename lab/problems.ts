import { worldProblems } from '../sim/setup/world-problems.ts'
import { type Fields, isObject } from '../src/checks/shape.ts'
import { scenarioProblems } from '../src/scenario/scenario-problems.ts'
import { strategyNames } from './catalogue.ts'
import { titleProblems } from './title.ts'

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
