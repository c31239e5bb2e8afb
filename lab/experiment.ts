import { simulate, type UsedQuota } from '../sim/skins/in-process.ts'
import { virtualClock } from '../sim/time/virtual-clock.ts'
import { InputError } from '../src/checks/input-error.ts'
import { summarizeOptimum } from '../src/compare/comparison.ts'
import type { Cell } from '../src/compare/raw-result.ts'
import { seriesOf, summarize } from '../src/compare/summary.ts'
import type { Call } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'
import { seeded } from '../src/core/random.ts'
import { type Outlet, run } from '../src/harness/run.ts'
import { isSameTrace, type Trace } from '../src/harness/trace.ts'
import type { Optimum } from '../src/optimum/optimum.ts'
import { longestBatchWait } from '../src/scenario/batch-chat.ts'
import { endingWithTrace } from '../src/scenario/replay-end.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import { switchesOf } from '../src/scenario/switches.ts'
import type { Workload } from '../src/scenario/workload.ts'
import { type ClientKnowledge, unlimited } from './catalogue/client-knowledge.ts'
import { type Entrant, quotaOf, strategyId } from './contestants.ts'
import { type DrawSources, drawn } from './drawn-workload.ts'
import { optimumOf, type QuotaDraw, serviceTimes } from './optimum/optimum-of.ts'
import { neverSettled, type OwnRun, otherFigures } from './own-run.ts'
import { isOurs, runEntrant } from './run-entrant.ts'
import { runStart } from './run-start.ts'

/** The values that all strategies of one case and seed share, so that they are computed only once. */
export interface SharedDraw {
  readonly workload: Workload
  /** The optimum of each quota, by its accounts and models. The first experiment that uses a quota computes the optimum and adds it. */
  readonly optima: Map<string, Optimum>
  /** How long the model takes for each call. The first experiment computes it. */
  service?: Float64Array
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
  /** The workload as it was offered. In a closed loop its arrivals are those of this run. */
  readonly workload: Workload
  readonly best: Optimum
  /** The time over which rates are taken, `Summary.span`. */
  readonly span: Millis
}

/** One hour, in milliseconds, after the longest wait of Batch Chat. No reply takes longer. */
const longestService: Millis = 3_600_000 + longestBatchWait

/**
 * Runs one experiment in virtual time. All random numbers follow from the seed. The strategy has its own stream of them, so that its
 * draws do not change the world. Rejects with an `InputError` for whatever a strategy that is not ratelab's own does wrong.
 */
export async function runExperiment(experiment: Experiment): Promise<ExperimentResult> {
  const { strategy } = experiment
  const work = () => (isOurs(strategy) ? play(experiment) : playForeign(experiment))
  return withOptimum(experiment, await runEntrant(strategy, experiment, work))
}

/** Adds the optimum of the quotas on which the strategy draws to what happened. `knowledge` gives the limits of these quotas. */
export function withOptimum(
  { chosen, seed, shared }: Pick<Experiment, 'chosen' | 'seed' | 'shared'>,
  { trace, workload, knowledge, draws }: Pick<Played, 'trace' | 'workload' | 'knowledge' | 'draws'>,
): ExperimentResult {
  const of = (where: readonly QuotaDraw[]) => sharedOptimum(shared, { knowledge, chosen, draws: where, seed })
  const one = { account: knowledge.world.accounts[0]!.name, model: knowledge.model }
  return { trace, workload, best: of(draws), span: of([one]).bound.makespan || chosen.horizon }
}

/** Returns the optimum of the quotas that a strategy draws on. It is computed only once for a case and seed. */
function sharedOptimum(
  shared: SharedDraw,
  {
    knowledge,
    chosen,
    draws,
    seed,
  }: { knowledge: ClientKnowledge; chosen: Case; draws: readonly QuotaDraw[]; seed: number },
): Optimum {
  const { workload, optima } = shared
  const quota = JSON.stringify(draws)
  const known = optima.get(quota)
  if (known) return known
  const random = seeded(seed).fork('world')
  const bounding = draws.some(({ beyondLimits }) => beyondLimits) ? unlimited(knowledge) : knowledge
  const { world } = bounding
  const quotas = draws.map(({ account, model }) => quotaOf(bounding, account, model))
  shared.service ??= serviceTimes(world, random, workload, chosen.maxTokens)
  const best = optimumOf({ world, chosen, workload, draws, quotas, service: shared.service, random })
  optima.set(quota, best)
  return best
}

/** Plays an experiment with a strategy that is not ratelab's own, which must settle every call, and do the same each time. */
async function playForeign(experiment: Experiment): Promise<Played> {
  const played = await play(experiment)
  const { trace, draws, used, altered, unanswered } = played
  if (unanswered > 0) throw neverSettled(unanswered, trace.calls)
  if (altered) throw changedCall(altered, experiment)
  const unnamed = used.find((each) => !draws.some((draw) => isWithin(each, draw)))
  if (unnamed) throw unnamedQuota(unnamed)
  if (experiment.isRepeated && !isSameTrace(trace, (await play(experiment)).trace)) throw otherFigures()
  return played
}

/** What happened in virtual time, and what the optimum needs to know of it. */
interface Played {
  readonly trace: Trace
  readonly workload: Workload
  readonly knowledge: ClientKnowledge
  /** The accounts and models on which the strategy says that it draws. */
  readonly draws: readonly QuotaDraw[]
  /** Those to which it has sent. */
  readonly used: readonly UsedQuota[]
  /** The first call whose tokens the strategy has changed, if there is one. */
  readonly altered: Call | undefined
  /** The number of calls whose promise the strategy has not settled. */
  readonly unanswered: number
}

async function play(experiment: Experiment): Promise<Played> {
  const { strategy: given, seed, watch } = experiment
  const { options, knowledge, draws } = runStart(experiment)
  const { trace, workload, maxTokens } = options
  const clock = virtualClock()
  const { send, used } = simulate(knowledge.world, {
    timeline: clock,
    random: seeded(seed).fork('world'),
    recorder: trace,
    outputTokens: (call) => workload.outputTokens[call.id]!,
  })
  let altered: Call | undefined
  const watchedSend: Outlet = (call, attempt, nth) => {
    watch?.sent()
    if (call.promptTokens !== workload.promptTokens[call.id] || call.maxTokens !== maxTokens) altered ??= call
    return send(call, attempt, nth)
  }
  const { finished, waiting, unanswered } = run({ ...options, clock, outlet: isOurs(given) ? send : watchedSend })
  await clock.run(finished, waiting)
  // The provider may complete and bill requests whose caller has hung up, so the run continues until all of them are complete.
  await clock.run(clock.sleep(longestService))
  return { trace, workload, knowledge, draws, used: used(), altered, unanswered: unanswered() }
}

// The optimum is that of the calls as they are, and of the quotas that a strategy names. Figures of a strategy that sends other calls,
// or elsewhere, would be compared with an optimum that is too small.

function changedCall({ id, promptTokens, maxTokens }: Call, { shared, chosen }: Experiment): InputError {
  const prompt = shared.workload.promptTokens[id]!
  const most = chosen.maxTokens
  return new InputError(
    `Expected it to send the calls as they are, with their \`promptTokens\` and \`maxTokens\`, got ${promptTokens} and ${maxTokens} ` +
      `instead of ${prompt} and ${most}: pass both on unchanged`,
    'STRATEGY_FAILED',
  )
}

function isWithin({ account, model, beyondLimits = false }: UsedQuota, draw: QuotaDraw): boolean {
  return draw.account === account && draw.model === model && (draw.beyondLimits || !beyondLimits)
}

function unnamedQuota({ account, model, beyondLimits }: UsedQuota): InputError {
  if (beyondLimits)
    return new InputError(
      `Expected it to send to Batch Chat only if it says so, got account \`${account}\` with model \`${model}\`: set its \`beyondLimits\` to true`,
      'STRATEGY_FAILED',
    )
  return new InputError(
    `Expected it to send only to the accounts and models that it names, got account \`${account}\` with model \`${model}\`: ` +
      'name all of them in its `accounts` and `models`',
    'STRATEGY_FAILED',
  )
}

/** Runs one experiment and returns its cell. `withSeries` adds the curves for the charts. Default: false. */
export async function runJob(experiment: Experiment & { readonly withSeries?: boolean }): Promise<Cell> {
  return cellOf(experiment, await runExperiment(experiment))
}

/** Computes the cell of an experiment from what happened. */
export function cellOf(
  { scenario, chosen, strategy, seed, withSeries = false }: Experiment & { readonly withSeries?: boolean },
  { trace, workload, best, span }: ExperimentResult,
): Cell {
  const { tokenCharge, refund } = switchesOf(scenario.world.switches)
  const { maxTokens, patience, horizon } = chosen
  const charges = { workload, tokenCharge, refund, maxTokens }
  return {
    case: chosen.name,
    strategy: String(strategyId(strategy)),
    seed,
    summary: summarize(trace, { charges, best, span, patience, horizon }),
    optimum: summarizeOptimum(best),
    ...(withSeries && { series: seriesOf(trace, workload, best) }),
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
  const cases = scenario.cases.map((each) => endingWithTrace(each, sources.recorded))
  let last: { readonly chosen: Case; readonly seed: number; readonly shared: SharedDraw } | undefined
  const { watch } = sources
  return async ({ caseName, strategy: name, seed, withSeries, isRepeated }) => {
    const chosen = cases.find((each) => each.name === caseName)!
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
