import { switchesOf } from '../sim/switches/provider-switches.ts'
import { problemsIn } from '../src/checks/input-error.ts'
import { list, oneOf } from '../src/checks/shape.ts'
import type { CaseFacts, StudyFacts } from '../src/compare/raw-result.ts'
import { requestRates } from '../src/optimum/quota.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import { entrant, type OwnStrategy, quotaOf } from './catalogue.ts'
import { type ClientKnowledge, clientKnowledgeOf } from './client-knowledge.ts'
import { changesOf, defaultSeeds, type StudyOptions } from './study-options.ts'

/** What a study asks. `given` is how the command line names its scenario, where a command line can run it. */
export function factsOf(scenario: Scenario, options: StudyOptions, given: string | undefined): StudyFacts {
  const { name, title, question, model } = scenario
  const { profile } = clientKnowledgeOf(scenario, scenario.cases[0]!)
  return {
    scenario: { name, ...(given !== undefined && { given }), title, question, model },
    profile: { name: profile.name, title: profile.title, currency: profile.currency },
    switches: switchesOf(scenario.world.switches),
    changed: changesOf(options),
    seeds: options.seeds ?? defaultSeeds,
    cases: scenario.cases.map((chosen) => caseFacts(scenario, chosen, options.strategies)),
  }
}

function caseFacts(scenario: Scenario, chosen: Case, strategies: StudyOptions['strategies']): CaseFacts {
  const knowledge = clientKnowledgeOf(scenario, chosen)
  const { name, title, patience, horizon, baseline } = chosen
  const [start, ...raises] = requestRates(quotaOf(knowledge, knowledge.world.accounts[0]!.name, knowledge.model))
  return {
    name,
    title,
    patience,
    horizon,
    limitPerSecond: start!.perSecond,
    raises,
    ...(baseline !== undefined && { baseline }),
    contestants: entering(scenario, chosen, strategies).map((each) => entrant(each, knowledge).contestant),
  }
}

function entering(scenario: Scenario, chosen: Case, strategies: StudyOptions['strategies']) {
  return strategies ?? chosen.strategies ?? scenario.strategies
}

/** What a strategy needs and a case's world lacks. */
export function contestantProblems(
  scenario: Scenario,
  strategies: StudyOptions['strategies'],
  field: string,
): string[] {
  const problems = scenario.cases.flatMap((chosen) => {
    const knowledge = clientKnowledgeOf(scenario, chosen)
    return entering(scenario, chosen, strategies).flatMap((each, i) =>
      typeof each === 'string' ? lacking(each, knowledge) : quotaProblems(each, knowledge, `${field}[${i}]`),
    )
  })
  return [...new Set(problems)]
}

function lacking(name: string, knowledge: ClientKnowledge): readonly string[] {
  try {
    entrant(name, knowledge)
    return []
  } catch (error) {
    return problemsIn(error)
  }
}

function quotaProblems({ accounts, models }: OwnStrategy, { world, profile }: ClientKnowledge, field: string) {
  return [
    ...list(oneOf(world.accounts.map(({ name }) => name)))(`${field}.accounts`, accounts ?? []),
    ...list(oneOf(Object.keys(profile.models)))(`${field}.models`, models ?? []),
  ]
}
