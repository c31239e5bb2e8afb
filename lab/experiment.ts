import { simulate } from '../sim/skins/in-process.ts'
import { switchesOf } from '../sim/switches/provider-switches.ts'
import { virtualClock } from '../sim/time/virtual-clock.ts'
import { summarizeOptimum } from '../src/compare/comparison.ts'
import type { Cell } from '../src/compare/raw-result.ts'
import { seriesOf, summarize } from '../src/compare/summary.ts'
import type { Millis } from '../src/core/clock.ts'
import { seeded } from '../src/core/random.ts'
import { run } from '../src/harness/run.ts'
import { Trace } from '../src/harness/trace.ts'
import { type Optimum, optimum } from '../src/optimum/oracle.ts'
import { pooledLimits } from '../src/optimum/quota.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import { type Workload, workloadOf } from '../src/scenario/workload.ts'
import { entrant, type OwnStrategy } from './catalogue.ts'
import { clientKnowledgeOf, targetOf } from './client-knowledge.ts'

/** What all strategies of one case and seed meet alike, so that it is computed once for all of them. */
export interface SharedDraw {
  readonly workload: Workload
  /** The optimum of each quota; the first strategy that draws on a quota enters its optimum. */
  readonly optima: Map<string, Optimum>
}

export function sharedDraw(chosen: Case, seed: number, recorded?: Workload): SharedDraw {
  return { workload: workloadOf(chosen, seeded(seed).fork('workload'), recorded), optima: new Map() }
}

/** One strategy, one case, one seed. */
export interface Experiment {
  readonly scenario: Scenario
  readonly chosen: Case
  /** A name from the catalogue, or a strategy. */
  readonly strategy: string | OwnStrategy
  readonly seed: number
  /** That of this case and seed. */
  readonly shared: SharedDraw
}

/** An experiment that is over: what happened, and what could have happened at best. */
export interface Conducted {
  readonly trace: Trace
  readonly best: Optimum
}

/** Longer than any reply takes: an hour. */
const longestService: Millis = 3_600_000

/** Runs one experiment in virtual time. All chance follows from the seed, and the strategy draws from a stream of its own. */
export async function conduct({ scenario, chosen, strategy: given, seed, shared }: Experiment): Promise<Conducted> {
  const { maxTokens, patience, horizon, serverWait = 0 } = chosen
  const { workload, optima } = shared
  const knowledge = clientKnowledgeOf(scenario, chosen)
  const { strategy, quotas } = entrant(given, knowledge)
  const random = seeded(seed)
  const clock = virtualClock()
  const trace = new Trace(workload.arrival.length)
  const { send, serviceTime } = simulate(knowledge.world, {
    timeline: clock,
    random: random.fork('world'),
    recorder: trace,
    outputTokens: (call) => workload.outputTokens[call.id]!,
  })
  const options = {
    clock,
    random: random.fork('strategy'),
    strategy,
    outlet: send,
    trace,
    workload,
    target: targetOf(knowledge),
    maxTokens,
    patience,
    horizon,
    serverWait,
  }
  const { finished, waiting } = run(options)
  await clock.run(finished, waiting)
  // Whoever hangs up is billed all the same: what is still in service when the last caller has gone is completed too.
  await clock.run(clock.sleep(longestService))
  const limits = pooledLimits(quotas)
  const quota = JSON.stringify(limits)
  const best =
    optima.get(quota) ??
    optimum({
      workload,
      limits,
      ...switchesOf(knowledge.world.switches),
      maxTokens,
      patience,
      horizon,
      serviceTime: (call) => serviceTime(call, Math.min(workload.outputTokens[call]!, maxTokens)),
    })
  optima.set(quota, best)
  return { trace, best }
}

/** Runs one experiment, and keeps of it what a comparison needs; the series where the charts want them. */
export async function runJob(experiment: Experiment & { readonly withSeries?: boolean }): Promise<Cell> {
  const { chosen, strategy, seed, shared, withSeries = false } = experiment
  const { trace, best } = await conduct(experiment)
  return {
    case: chosen.name,
    strategy: typeof strategy === 'string' ? strategy : strategy.name,
    seed,
    summary: summarize(trace, shared.workload, chosen.maxTokens, best),
    optimum: summarizeOptimum(best),
    ...(withSeries && { series: seriesOf(trace, shared.workload) }),
  }
}

/** An experiment by its names: plain data, which can be sent to a worker. */
export interface Job {
  readonly caseName: string
  readonly strategy: string
  readonly seed: number
  /** Whether the charts want this run's series. */
  readonly withSeries: boolean
}

export interface JobSetup {
  readonly scenario: Scenario
  /** The strategies that are not from the catalogue. Default: none. */
  readonly own?: readonly OwnStrategy[]
  /** The recorded trace, where the scenario replays one. */
  readonly recorded?: Workload | undefined
}

/** Runs the jobs of one scenario. Jobs come case by case and seed by seed, so that the last draw is all that it keeps. */
export function jobRunner({ scenario, own = [], recorded }: JobSetup): (job: Job) => Promise<Cell> {
  let last: { readonly chosen: Case; readonly seed: number; readonly shared: SharedDraw } | undefined
  return async ({ caseName, strategy: name, seed, withSeries }) => {
    const chosen = scenario.cases.find((each) => each.name === caseName)!
    if (last?.chosen !== chosen || last.seed !== seed)
      last = { chosen, seed, shared: sharedDraw(chosen, seed, recorded) }
    const strategy = own.find((each) => each.name === name) ?? name
    return runJob({ scenario, chosen, strategy, seed, shared: last.shared, withSeries })
  }
}
