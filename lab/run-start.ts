import { seeded } from '../src/core/random.ts'
import type { RunOptions } from '../src/harness/run.ts'
import { Trace } from '../src/harness/trace.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import type { Workload } from '../src/scenario/workload.ts'
import { type ClientKnowledge, clientKnowledgeOf, targetOf } from './catalogue/client-knowledge.ts'
import { type Entrant, resolveStrategy } from './contestants.ts'
import type { QuotaDraw } from './optimum/optimum-of.ts'

/** What is run: a strategy on a case and a seed. The draw of the case is shared by all its strategies. */
interface Chosen {
  readonly scenario: Scenario
  readonly chosen: Case
  readonly strategy: Entrant
  readonly seed: number
  readonly shared: { readonly workload: Workload }
}

/** What a run of an experiment begins with, in virtual time and over the wire. */
export interface RunStart {
  /** The options of the run, without the world in which it takes place. */
  readonly options: Omit<RunOptions, 'clock' | 'outlet'>
  readonly knowledge: ClientKnowledge
  /** The accounts and models on which the strategy says that it draws. */
  readonly draws: readonly QuotaDraw[]
}

export function runStart({ scenario, chosen, strategy: given, seed, shared }: Chosen): RunStart {
  const { maxTokens, patience, horizon, serverWait = 0 } = chosen
  const workload = offered(shared.workload)
  const knowledge = clientKnowledgeOf(scenario, chosen)
  const { strategy, draws } = resolveStrategy(given, knowledge)
  const options = {
    random: seeded(seed).fork('strategy'),
    strategy,
    trace: new Trace(workload.arrival.length),
    workload,
    target: targetOf(knowledge),
    maxTokens,
    patience,
    horizon,
    serverWait,
  }
  return { options, knowledge, draws }
}

/** A run of a closed loop writes the arrivals into a column of its own. */
function offered(workload: Workload): Workload {
  return workload.loop ? { ...workload, arrival: workload.arrival.slice() } : workload
}
