import { oneAccount } from '../../sim/setup/defaults.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { comparisonOf } from '../../src/compare/comparison.ts'
import type { Case, Scenario } from '../../src/scenario/scenario.ts'
import { clientKnowledgeOf } from '../catalogue/client-knowledge.ts'
import { resolveStrategy } from '../contestants.ts'
import { cellOf, withOptimum } from '../experiment.ts'
import type { StudyResult } from '../study.ts'
import { factsOf } from '../study-facts.ts'
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
  /** What the script sent of its calls, as JSON. */
  readonly sent: string
}

/** How long the script waits for a call. */
const patience = 600_000

/** Returns the result of a strategy that ran inside k6: the same cell and comparison as of a load. Throws an `InputError` for calls that are not as documented. */
export function k6Result({ strategy, model, profile, speed, address, seed, sent }: K6Run): StudyResult {
  const { calls, attempts } = sentCalls(sent)
  const title = `${calls.length} calls at once, sent by k6`
  const chosen: Case = {
    name: 'burst',
    title,
    arrivals: { kind: 'at-once', calls: calls.length },
    lengths: { kind: 'fixed', prompt: calls[0]!.promptTokens, output: 1 },
    maxTokens: 2048,
    patience,
    horizon: patience,
  }
  const scenario: Scenario = {
    name: 'k6-burst',
    title,
    question: 'What does the strategy reach inside k6?',
    model,
    world: { profile, accounts: oneAccount },
    strategies: [strategy],
    cases: [chosen],
  }
  const workload = {
    arrival: new Float64Array(calls.length),
    promptTokens: Uint32Array.from(calls, ({ promptTokens }) => promptTokens),
    outputTokens: Uint32Array.from(calls, ({ outputTokens }) => outputTokens),
  }
  const knowledge = clientKnowledgeOf(scenario, chosen)
  const { draws } = resolveStrategy(strategy, knowledge)
  const experiment = { scenario, chosen, strategy, seed, withSeries: true, shared: { workload, optima: new Map() } }
  const trace = traceOfSent({ calls, attempts })
  const wire = { address, speed, limits: 'mock' as const, warnings: [] }
  const study = { ...factsOf(scenario, { seeds: [seed] }, [strategy], undefined), wire }
  const result = { study, cells: [cellOf(experiment, withOptimum(experiment, { trace, workload, draws, knowledge }))] }
  return { ...result, comparison: comparisonOf(result) }
}

function sentCalls(sent: string): SentCalls {
  const value: unknown = JSON.parse(sent)
  const [problem] = sentCallsShape('calls', value)
  if (problem !== undefined) throw new InputError(problem)
  return value as SentCalls
}
