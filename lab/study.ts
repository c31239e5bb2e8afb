import { type CaseComparison, type Cell, type Comparison, compareRows } from '../src/compare/comparison.ts'
import { mean } from '../src/compare/statistics.ts'
import { requestRates } from '../src/optimum/quota.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import { switchesOf } from '../src/scenario/switches.ts'
import { entrant, quotaOf } from './catalogue.ts'
import { clientKnowledgeOf } from './experiment.ts'
import type { JobOrder } from './worker.ts'

/** What is to be run: a scenario, some of its strategies, on some seeds. */
export interface Study {
  readonly scenario: Scenario
  /** How the command line named it. */
  readonly given: string
  /** Chosen by hand for every case; absent: what the scenario and its cases say. */
  readonly strategies?: readonly string[]
  readonly seeds: readonly number[]
  readonly changed: readonly string[]
}

/** Every job of a study: case by case and seed by seed, so that the slow strategies are spread over the workers. */
export function jobsOf(study: Study): Omit<JobOrder, 'id'>[] {
  return study.scenario.cases.flatMap((chosen) =>
    study.seeds.flatMap((seed, index) =>
      entrantsOf(study, chosen).map((strategy) => ({ caseName: chosen.name, strategy, seed, withSeries: index === 0 })),
    ),
  )
}

/** Compares what came of the jobs; `cells` are in their order. */
export function comparisonOf(study: Study, cells: readonly Cell[]): Comparison {
  const { scenario, given, seeds, changed } = study
  const { name, title, question, model } = scenario
  const { profile } = clientKnowledgeOf(scenario, scenario.cases[0]!)
  let from = 0
  const cases = scenario.cases.map((chosen) => {
    const entrants = entrantsOf(study, chosen)
    const own = cells.slice(from, from + entrants.length * seeds.length)
    from += own.length
    return compareCase(scenario, chosen, entrants, own)
  })
  return {
    scenario: { name, given, title, question, model },
    profile: { name: profile.name, title: profile.title, currency: profile.currency },
    switches: switchesOf(scenario.world.switches),
    changed,
    seeds,
    cases: cases.map((each, i) => withBaseline(each, scenario.cases[i]!, cases)),
  }
}

function withBaseline(compared: CaseComparison, { baseline }: Case, cases: readonly CaseComparison[]): CaseComparison {
  const found = cases.find(({ name }) => name === baseline)
  return found ? { ...compared, baseline: found } : compared
}

function compareCase(
  scenario: Scenario,
  chosen: Case,
  entrants: readonly string[],
  cells: readonly Cell[],
): CaseComparison {
  const knowledge = clientKnowledgeOf(scenario, chosen)
  const { name, title, patience, horizon } = chosen
  const [start, ...raises] = requestRates(quotaOf(knowledge, knowledge.world.accounts[0]!.name, knowledge.model))
  return {
    name,
    title,
    calls: mean(cells.map(({ summary }) => summary.calls)),
    patience,
    horizon,
    limitPerSecond: start!.perSecond,
    raises,
    rows: compareRows(
      entrants.map((id) => entrant(id, knowledge).contestant),
      (id) => cells.filter((_, i) => entrants[i % entrants.length] === id),
    ),
  }
}

function entrantsOf({ strategies, scenario }: Study, chosen: Case): readonly string[] {
  return strategies ?? chosen.strategies ?? scenario.strategies
}
