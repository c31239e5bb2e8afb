import { InputError } from '../../src/checks/input-error.ts'
import type { StudyFacts, WireFacts } from '../../src/compare/raw-result.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { clientKnowledgeOf } from '../catalogue/client-knowledge.ts'
import { resolveStrategy, strategyId } from '../contestants.ts'
import type { StudyResult } from '../study.ts'
import { prepareInputs } from '../study-inputs.ts'
import type { StudyOptions } from '../study-options.ts'
import type { LoadControls, LoadOptions } from './load-options.ts'
import { type MockAddress, mockAt } from './mock-address.ts'
import { drawsOf, runWireJobs, wireJobs } from './wire-jobs.ts'
import { wireScenario } from './wire-scenario.ts'

/** A load that is ready to run: everything is checked, and the address answers if it is on this machine. */
export interface WireStudy {
  readonly facts: StudyFacts & { readonly wire: WireFacts }
  /** The number of runs, and of calls in all of them. */
  readonly runs: number
  readonly calls: number
  /** Sentences about what does not run, and what is not known. */
  readonly notes: readonly string[]
  /**
   * Runs the load once. Returns undefined when it was interrupted before anything was measured. Rejects with an `InputError` when a cap or a mock that
   * is gone has ended it before.
   */
  run(controls?: LoadControls): Promise<StudyResult | undefined>
}

/** Loads and checks a study that is to run over the wire. Rejects with an `InputError` that says what is wrong. */
export async function prepareLoad(
  given: string | Scenario,
  options: StudyOptions,
  load: LoadOptions,
): Promise<WireStudy> {
  const mock = await mockAt(load.url, load.send)
  const speed = speedOf(load.speed, mock)
  let leftOut: readonly string[] = []
  const stated = typeof load.limits === 'object' ? load.limits : undefined
  const inputs = await prepareInputs(given, options, '--', (loaded) => {
    const wire = wireScenario(loaded, load.keys.length, stated, options.strategies === undefined)
    leftOut = wire.leftOut
    return wire.scenario
  })
  const elsewhere = inputs.entrants.find((each) =>
    resolveStrategy(each, clientKnowledgeOf(inputs.scenario, inputs.scenario.cases[0]!)).draws.some(
      ({ beyondLimits }) => beyondLimits,
    ),
  )
  if (elsewhere)
    throw new InputError(
      `Expected strategies that send to the address alone, got ${strategyId(elsewhere)}, which sends to Batch Chat as well: leave it out`,
    )
  const differences = await mock?.differencesFrom(inputs.scenario)
  const limits = load.limits !== undefined ? 'stated' : differences?.length === 0 ? 'mock' : 'none'
  const notes = [...leftOut, ...(limits === 'none' ? [noLimitsText(differences)] : [])]
  const wire: WireFacts = { address: load.url, speed, limits, warnings: notes }
  const facts = { ...(limits === 'none' ? withoutLimits(inputs.facts) : inputs.facts), wire }
  const jobs = wireJobs(facts)
  const drawOf = drawsOf(inputs)
  return {
    facts,
    runs: jobs.length,
    calls: jobs.reduce((sum, job) => sum + drawOf(job).workload.arrival.length, 0),
    notes,
    run: (controls = {}) => runWireJobs({ inputs, facts, jobs, drawOf, mock, load }, controls),
  }
}

function speedOf(given: number | undefined, mock: MockAddress | undefined): number {
  if (mock?.speed === 0)
    throw new InputError(
      'Expected a mock whose clock runs, got one that is paused: continue it with `POST /_ratelab/clock`',
    )
  const speed = given ?? mock?.speed ?? 1
  if (mock && speed !== mock.speed)
    throw new InputError(
      `Expected \`--speed\` to be that of the mock’s clock, ${mock.speed}, got ${speed}: leave it out, or start the mock with \`--speed ${speed}x\``,
    )
  return speed
}

function noLimitsText(differences: readonly string[] | undefined): string {
  const why = differences
    ? `the mock at this address has another world than the scenario (${differences.join(', ')})`
    : 'the limits of this address are not known'
  return `There is no optimum, since ${why}: efficiency is the share of what a provider without limits would answer. State the limits with --limits.`
}

/** The facts of a study at an address whose limits nobody knows. */
function withoutLimits(facts: StudyFacts): StudyFacts {
  return {
    ...facts,
    cases: facts.cases.map((each) => ({
      ...each,
      limitPerSecond: Infinity,
      raises: [],
      contestants: each.contestants.map((contestant) => ({ ...contestant, limits: [] })),
    })),
  }
}
