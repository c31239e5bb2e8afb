import { oneAccount } from '../../sim/setup/defaults.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { comparisonOf } from '../../src/compare/comparison.ts'
import type { StudyFacts } from '../../src/compare/raw-result.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { clientKnowledgeOf } from '../catalogue/client-knowledge.ts'
import { resolveStrategy } from '../contestants.ts'
import { cellOf, withOptimum } from '../experiment.ts'
import type { StudyResult } from '../study.ts'
import { factsOf } from '../study-facts.ts'
import { k6Call } from './k6-call.ts'
import { type SentCalls, sentCallsShape, traceOfSent } from './sent-calls.ts'

/** What `ratelab k6` ran. */
export interface K6Run {
  readonly strategy: string
  readonly model: string
  /** The name of the profile of the mock. */
  readonly profile: string
  readonly speed: number
  /** The address of the mock. */
  readonly address: string
  /** The seed of the mock. */
  readonly seed: number
  /** How many calls the script sends at once. */
  readonly calls: number
}

/** Returns the facts of the study that a strategy inside k6 is. */
export function k6Facts(run: K6Run): StudyFacts {
  const { strategy, seed, address, speed } = run
  const wire = { address, speed, limits: 'mock' as const, warnings: [] }
  return { ...factsOf(scenarioOf(run), { seeds: [seed] }, [strategy], undefined), wire }
}

/**
 * Returns the result of a strategy that ran inside k6: the same cell and comparison as of a load. `sent` is what the script sent of its calls, as JSON.
 * Throws an `InputError` for calls that are not as documented.
 */
export function k6Result(run: K6Run, sent: string): StudyResult {
  const { strategy, seed } = run
  const { calls, attempts } = sentCalls(sent)
  const scenario = scenarioOf(run)
  const chosen = scenario.cases[0]!
  const workload = {
    arrival: new Float64Array(calls.length),
    promptTokens: Uint32Array.from(calls, ({ promptTokens }) => promptTokens),
    outputTokens: Uint32Array.from(calls, ({ outputTokens }) => outputTokens),
  }
  const knowledge = clientKnowledgeOf(scenario, chosen)
  const { draws } = resolveStrategy(strategy, knowledge)
  const experiment = { scenario, chosen, strategy, seed, withSeries: true, shared: { workload, optima: new Map() } }
  const trace = traceOfSent({ calls, attempts })
  const cells = [cellOf(experiment, withOptimum(experiment, { trace, workload, draws, knowledge }))]
  const result = { study: k6Facts(run), cells }
  return { ...result, comparison: comparisonOf(result) }
}

function scenarioOf({ strategy, model, profile, calls }: K6Run): Scenario {
  const title = `${calls} calls at once, sent by k6`
  const { promptTokens, maxTokens, patience } = k6Call
  return {
    name: 'k6-burst',
    title,
    question: 'What does the strategy reach inside k6?',
    model,
    world: { profile, accounts: oneAccount },
    strategies: [strategy],
    cases: [
      {
        name: 'burst',
        title,
        arrivals: { kind: 'at-once', calls },
        lengths: { kind: 'fixed', prompt: promptTokens, output: 1 },
        maxTokens,
        patience,
        horizon: patience,
      },
    ],
  }
}

function sentCalls(sent: string): SentCalls {
  const value: unknown = JSON.parse(sent)
  const [problem] = sentCallsShape('calls', value)
  if (problem !== undefined) throw new InputError(problem)
  return value as SentCalls
}
