import { problemsIn } from '../src/checks/input-error.ts'
import { list, oneOf } from '../src/checks/shape.ts'
import type { CaseFacts, StudyFacts } from '../src/compare/raw-result.ts'
import { requestRates } from '../src/optimum/quota.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import { switchesOf } from '../src/scenario/switches.ts'
import { type ClientKnowledge, clientKnowledgeOf } from './client-knowledge.ts'
import { type OwnStrategy, quotaOf, resolveStrategy } from './contestants.ts'
import { changesOf, type StudyOptions, seedsOf } from './study-options.ts'

/** Returns the facts of a study. `given` is the name or path of its scenario, if `ratelab run` can repeat the study. */
export function factsOf(scenario: Scenario, options: StudyOptions, given: string | undefined): StudyFacts {
  const { name, title, question, model } = scenario
  const { profile } = clientKnowledgeOf(scenario, scenario.cases[0]!)
  return {
    scenario: { name, ...(given !== undefined && { given }), title, question, model },
    profile: { name: profile.name, title: profile.title, currency: profile.currency },
    switches: switchesOf(scenario.world.switches),
    changed: changesOf(options),
    seeds: seedsOf(options.seeds),
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
    contestants: strategiesOfCase(scenario, chosen, strategies).map(
      (each) => resolveStrategy(each, knowledge).contestant,
    ),
  }
}

/** Returns the strategies that take part in a case: those of the options, else those of the case, else those of the scenario. */
function strategiesOfCase(scenario: Scenario, chosen: Case, strategies: StudyOptions['strategies']) {
  return strategies ?? chosen.strategies ?? scenario.strategies
}

/** Returns a sentence for each requirement of a strategy that the world of a case does not meet. `field` names the option `strategies`. */
export function contestantProblems(
  scenario: Scenario,
  strategies: StudyOptions['strategies'],
  field: string,
): string[] {
  const problems = scenario.cases.flatMap((chosen) => {
    const knowledge = clientKnowledgeOf(scenario, chosen)
    return strategiesOfCase(scenario, chosen, strategies).flatMap((each, i) =>
      typeof each === 'string'
        ? requirementProblems(each, knowledge)
        : quotaProblems(each, knowledge, `${field}[${i}]`),
    )
  })
  return [...new Set(problems)]
}

function requirementProblems(name: string, knowledge: ClientKnowledge): readonly string[] {
  try {
    resolveStrategy(name, knowledge)
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
