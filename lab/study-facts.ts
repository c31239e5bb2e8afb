import { expectInputError, type InputError, inputErrorOf } from '../src/checks/input-error.ts'
import { list, oneOf } from '../src/checks/shape.ts'
import type { CaseFacts, ReplayFacts, StudyFacts } from '../src/compare/raw-result.ts'
import { isBounding, pooledLimits, requestRates } from '../src/optimum/quota.ts'
import { callsBeforeEnd, endingWithTrace } from '../src/scenario/replay-end.ts'
import type { Case, OwnStrategy, Scenario } from '../src/scenario/scenario.ts'
import { switchesOf } from '../src/scenario/switches.ts'
import type { Workload } from '../src/scenario/workload.ts'
import { type ClientKnowledge, clientKnowledgeOf, toldLimits } from './catalogue/client-knowledge.ts'
import { type Entrant, quotaOf, resolveStrategy } from './contestants.ts'
import { changesOf, type StudyOptions, seedsOf } from './study-options.ts'

/** The calls that a study replays, and what a report states about them. */
export interface Replay {
  readonly workload: Workload
  readonly facts: ReplayFacts
}

/**
 * Returns the facts of a study. `entrants` are its strategies: those of the options, else those of the scenario. `given` is the name
 * or path of its scenario, if `ratelab run` can repeat the study; `replay` is what its scenario replays.
 */
export function factsOf(
  scenario: Scenario,
  options: StudyOptions,
  entrants: readonly Entrant[],
  given: string | undefined,
  replay?: Replay,
): StudyFacts {
  const { name, title, question, model } = scenario
  const { profile } = clientKnowledgeOf(scenario, scenario.cases[0]!)
  return {
    scenario: { name, ...(given !== undefined && { given }), title, question, model },
    profile: { name: profile.name, title: profile.title, currency: profile.currency },
    switches: switchesOf(scenario.world.switches),
    changed: changesOf(options),
    seeds: seedsOf(options.seeds),
    ...(replay && { replayed: replay.facts }),
    cases: scenario.cases.map((chosen) =>
      caseFacts(scenario, chosen, entrantsIn(scenario, chosen, entrants, options), replay?.workload),
    ),
  }
}

function caseFacts(
  scenario: Scenario,
  given: Case,
  entrants: readonly Entrant[],
  recorded: Workload | undefined,
): CaseFacts {
  const chosen = endingWithTrace(given, recorded)
  const late = recorded ? recorded.arrival.length - callsBeforeEnd(chosen, recorded) : 0
  const knowledge = clientKnowledgeOf(scenario, chosen)
  const { name, title, patience, horizon, baseline, sweep } = chosen
  const areStated = { ...scenario.world, ...chosen.world }.limits !== undefined
  const limits = toldLimits(knowledge)
  const [start, ...raises] = requestRates(
    pooledLimits(
      [quotaOf(knowledge, knowledge.world.accounts[0]!.name, knowledge.model)],
      switchesOf(scenario.world.switches).window,
    ),
  )
  return {
    name,
    title,
    patience,
    horizon,
    ...(late > 0 && { late }),
    ...((areStated || !limits.every(isBounding)) && { limits }),
    limitPerSecond: start!.perSecond,
    raises,
    ...(baseline !== undefined && { baseline }),
    ...(sweep && { sweep }),
    contestants: entrants.map((each) => resolveStrategy(each, knowledge).contestant),
  }
}

/** Returns the strategies that take part in a case: those of the options, else those of the case, else those of the scenario. */
function entrantsIn(
  { strategies: ofScenario }: Scenario,
  { strategies: ofCase }: Case,
  entrants: readonly Entrant[],
  { strategies: ofOptions }: StudyOptions,
): readonly Entrant[] {
  return ofOptions || !ofCase ? entrants : ofCase.map((each) => entrants[ofScenario.indexOf(each)]!)
}

/**
 * Returns an error for each strategy that cannot take part in a case: the world does not have what it requires, its options have wrong
 * values, or it is a plug-in that makes no strategy. `field` names the option `strategies`.
 */
export function entrantErrors(
  scenario: Scenario,
  options: StudyOptions,
  entrants: readonly Entrant[],
  field: string,
): InputError[] {
  const path = options.strategies ? field : 'strategies'
  const errors = scenario.cases.flatMap((chosen) => {
    const knowledge = clientKnowledgeOf(scenario, chosen)
    return entrantsIn(scenario, chosen, entrants, options).flatMap((each) =>
      errorsOf(each, knowledge, `${path}[${entrants.indexOf(each)}]`),
    )
  })
  return errors.filter(({ message }, i) => errors.findIndex((other) => other.message === message) === i)
}

function errorsOf(entrant: Entrant, knowledge: ClientKnowledge, field: string): InputError[] {
  try {
    const { strategy } = resolveStrategy(entrant, knowledge)
    const problems = typeof entrant === 'string' ? [] : quotaProblems(strategy, knowledge, field)
    return problems.length === 0 ? [] : [inputErrorOf(problems, 'STRATEGY_UNSUPPORTED')]
  } catch (error) {
    return [expectInputError(error)]
  }
}

function quotaProblems({ accounts, models }: OwnStrategy, { world, profile }: ClientKnowledge, field: string) {
  return [
    ...list(oneOf(world.accounts.map(({ name }) => name)))(`${field}.accounts`, accounts ?? []),
    ...list(oneOf(Object.keys(profile.models)))(`${field}.models`, models ?? []),
  ]
}
