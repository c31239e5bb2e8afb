import { type Simulation, simulate } from '../sim/skins/in-process.ts'
import { virtualClock } from '../sim/time/virtual-clock.ts'
import { summarizeOptimum } from '../src/compare/comparison.ts'
import type { Cell } from '../src/compare/raw-result.ts'
import { seriesOf, summarize } from '../src/compare/summary.ts'
import type { Millis } from '../src/core/clock.ts'
import { seeded } from '../src/core/random.ts'
import { type Outlet, run } from '../src/harness/run.ts'
import { isSameTrace, Trace } from '../src/harness/trace.ts'
import { type Optimum, optimum } from '../src/optimum/oracle.ts'
import { pooledLimits } from '../src/optimum/quota.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import { switchesOf } from '../src/scenario/switches.ts'
import type { Workload } from '../src/scenario/workload.ts'
import { type ClientKnowledge, clientKnowledgeOf, targetOf } from './catalogue/client-knowledge.ts'
import { type Entrant, type ResolvedStrategy, resolveStrategy, strategyId } from './contestants.ts'
import { type DrawSources, drawn } from './drawn-workload.ts'
import { neverSettled, type OwnRun, otherFigures, runOwn } from './own-run.ts'
import type { UserCodeWatch } from './user-code.ts'

/** The values that all strategies of one case and seed share, so that they are computed only once. */
export interface SharedDraw {
  readonly workload: Workload
  /** The optimum of each quota, by its limits. The first experiment that uses a quota computes the optimum and adds it. */
  readonly optima: Map<string, Optimum>
}

/** Draws the workload of a case from the seed. */
export function sharedDraw(chosen: Case, seed: number, sources: DrawSources = {}): SharedDraw {
  return { workload: drawn(chosen, seed, sources), optima: new Map() }
}

/** One strategy on one case and one seed. */
export interface Experiment extends OwnRun {
  readonly scenario: Scenario
  readonly chosen: Case
  readonly strategy: Entrant
  readonly seed: number
  /** The result of `sharedDraw` for this case and seed. */
  readonly shared: SharedDraw
}

/** What happened in an experiment, and the optimum of the quota that its strategy used. */
export interface ExperimentResult {
  readonly trace: Trace
  readonly best: Optimum
}

/** One hour, in milliseconds. No reply takes longer. */
const longestService: Millis = 3_600_000

/**
 * Runs one experiment in virtual time. All random numbers follow from the seed. The strategy has its own stream of them, so that its
 * draws do not change the world. Rejects with an `InputError` for whatever a strategy that is not from the catalogue does wrong.
 */
export async function runExperiment(experiment: Experiment): Promise<ExperimentResult> {
  const { chosen, strategy, shared } = experiment
  const { maxTokens, patience, horizon } = chosen
  const { workload, optima } = shared
  const played =
    typeof strategy === 'string'
      ? await play(experiment)
      : await runOwn(strategy, experiment, () => playOwn(experiment))
  const { trace, knowledge, quotas, serviceTime } = played
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

/** Plays an experiment with a strategy that is not from the catalogue, which must settle every call, and do the same each time. */
async function playOwn(experiment: Experiment): Promise<Played> {
  const played = await play(experiment)
  if (played.unanswered > 0) throw neverSettled(played.unanswered, played.trace.calls)
  if (experiment.isRepeated && !isSameTrace(played.trace, (await play(experiment)).trace)) throw otherFigures()
  return played
}

/** What happened in virtual time, and what the optimum needs to know of it. */
interface Played extends Pick<ResolvedStrategy, 'quotas'>, Pick<Simulation, 'serviceTime'> {
  readonly trace: Trace
  readonly knowledge: ClientKnowledge
  /** The number of calls whose promise the strategy has not settled. */
  readonly unanswered: number
}

/** Counts attempts, which show that a strategy of the user goes on. */
function counted(send: Outlet, watch: UserCodeWatch): Outlet {
  return (call, attempt, nth) => {
    watch.sent()
    return send(call, attempt, nth)
  }
}

async function play({ scenario, chosen, strategy: given, seed, shared, watch }: Experiment): Promise<Played> {
  const { maxTokens, patience, horizon, serverWait = 0 } = chosen
  const { workload } = shared
  const knowledge = clientKnowledgeOf(scenario, chosen)
  const { strategy, quotas } = resolveStrategy(given, knowledge)
  const random = seeded(seed)
  const clock = virtualClock()
  const trace = new Trace(workload.arrival.length)
  const { send, serviceTime } = simulate(knowledge.world, {
    timeline: clock,
    random: random.fork('world'),
    recorder: trace,
    outputTokens: (call) => workload.outputTokens[call.id]!,
  })
  const { finished, waiting, unanswered } = run({
    clock,
    random: random.fork('strategy'),
    strategy,
    outlet: typeof given === 'string' || !watch ? send : counted(send, watch),
    trace,
    workload,
    target: targetOf(knowledge),
    maxTokens,
    patience,
    horizon,
    serverWait,
  })
  await clock.run(finished, waiting)
  // The provider completes and bills requests whose caller has hung up, so the run continues until all of them are complete.
  await clock.run(clock.sleep(longestService))
  return { trace, knowledge, quotas, serviceTime, unanswered: unanswered() }
}

/** Runs one experiment and returns its cell. `withSeries` adds the curves for the charts. Default: false. */
export async function runJob(experiment: Experiment & { readonly withSeries?: boolean }): Promise<Cell> {
  const { chosen, strategy, seed, shared, withSeries = false } = experiment
  const { trace, best } = await runExperiment(experiment)
  return {
    case: chosen.name,
    strategy: String(strategyId(strategy)),
    seed,
    summary: summarize(trace, shared.workload, chosen.maxTokens, best),
    optimum: summarizeOptimum(best),
    ...(withSeries && { series: seriesOf(trace, shared.workload) }),
  }
}

/** An experiment described by names. It is plain data, so that it can be sent to a worker. */
export interface Job {
  readonly caseName: string
  readonly strategy: string
  readonly seed: number
  /** Whether the cell is to have the curves for the charts. */
  readonly withSeries: boolean
  /** Whether it is the strategy's first job of the study, which a worker does twice. */
  readonly isRepeated: boolean
}

/** What all jobs of a study have in common. */
export interface JobSetup extends DrawSources {
  readonly scenario: Scenario
  /** The strategies that jobs name. A name that none of them has is one of the catalogue. Default: none. */
  readonly entrants?: readonly Entrant[]
}

/**
 * Returns a function that runs the jobs of one scenario. It keeps only the draw of the last case and seed, because jobs come case by
 * case and seed by seed; another order gives the same cells more slowly.
 */
export function jobRunner({ scenario, entrants = [], ...sources }: JobSetup): (job: Job) => Promise<Cell> {
  let last: { readonly chosen: Case; readonly seed: number; readonly shared: SharedDraw } | undefined
  const { watch } = sources
  return async ({ caseName, strategy: name, seed, withSeries, isRepeated }) => {
    const chosen = scenario.cases.find((each) => each.name === caseName)!
    if (last?.chosen !== chosen || last.seed !== seed)
      last = { chosen, seed, shared: sharedDraw(chosen, seed, sources) }
    const strategy = entrants.find((each) => strategyId(each) === name) ?? name
    return runJob({
      scenario,
      chosen,
      strategy,
      seed,
      shared: last.shared,
      withSeries,
      ...(watch && { watch, isRepeated }),
    })
  }
}
