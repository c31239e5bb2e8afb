import { isDeepStrictEqual } from 'node:util'
import { simulate } from '../sim/skins/in-process.ts'
import { virtualClock } from '../sim/time/virtual-clock.ts'
import { InputError } from '../src/checks/input-error.ts'
import { summarizeOptimum } from '../src/compare/comparison.ts'
import type { Cell } from '../src/compare/raw-result.ts'
import { seriesOf, summarize } from '../src/compare/summary.ts'
import type { Call } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'
import { seeded } from '../src/core/random.ts'
import { run } from '../src/harness/run.ts'
import { Trace } from '../src/harness/trace.ts'
import type { Optimum } from '../src/optimum/optimum.ts'
import { endingWithTrace } from '../src/scenario/replay-end.ts'
import type { Case, Scenario } from '../src/scenario/scenario.ts'
import { switchesOf } from '../src/scenario/switches.ts'
import { type Workload, workloadOf } from '../src/scenario/workload.ts'
import { type ClientKnowledge, clientKnowledgeOf, targetOf } from './catalogue/client-knowledge.ts'
import { type Entrant, quotaOf, resolveStrategy, strategyId } from './contestants.ts'
import { optimumOf, type QuotaDraw, serviceTimes } from './optimum/optimum-of.ts'
import { runOwn } from './own-run.ts'

/** The values that all strategies of one case and seed share, so that they are computed only once. */
export interface SharedDraw {
  readonly workload: Workload
  /** The optimum of each quota, by its accounts and models. The first experiment that uses a quota computes the optimum and adds it. */
  readonly optima: Map<string, Optimum>
  /** How long the model takes for each call. The first experiment computes it. */
  service?: Float64Array
}

/** Draws the workload of a case from the seed. `recorded` is the trace that the case replays, if it replays one. */
export function sharedDraw(chosen: Case, seed: number, recorded?: Workload): SharedDraw {
  return { workload: workloadOf(chosen, seeded(seed).fork('workload'), recorded), optima: new Map() }
}

/** One strategy on one case and one seed. */
export interface Experiment {
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
 * draws do not change the world.
 */
export async function runExperiment({
  scenario,
  chosen,
  strategy: given,
  seed,
  shared,
}: Experiment): Promise<ExperimentResult> {
  const { maxTokens, patience, horizon, serverWait = 0 } = chosen
  const { workload } = shared
  const knowledge = clientKnowledgeOf(scenario, chosen)
  const { strategy, draws } = resolveStrategy(given, knowledge)
  const random = seeded(seed)
  const clock = virtualClock()
  const trace = new Trace(workload.arrival.length)
  const { send, used } = simulate(knowledge.world, {
    timeline: clock,
    random: random.fork('world'),
    recorder: trace,
    outputTokens: (call) => workload.outputTokens[call.id]!,
  })
  let altered: Call | undefined
  const watchedSend: typeof send = (call, attempt, nth) => {
    if (call.promptTokens !== workload.promptTokens[call.id] || call.maxTokens !== maxTokens) altered ??= call
    return send(call, attempt, nth)
  }
  const options = {
    clock,
    random: random.fork('strategy'),
    strategy,
    outlet: typeof given === 'string' ? send : watchedSend,
    trace,
    workload,
    target: targetOf(knowledge),
    maxTokens,
    patience,
    horizon,
    serverWait,
  }
  const { finished, waiting, unanswered } = run(options)
  await clock.run(finished, waiting)
  // The provider may complete and bill requests whose caller has hung up, so the run continues until all of them are complete.
  await clock.run(clock.sleep(longestService))
  if (typeof given !== 'string') {
    if (unanswered() > 0) throw neverSettled(unanswered(), trace.calls)
    if (altered) throw changedCall(altered, workload.promptTokens[altered.id]!, maxTokens)
    const unnamed = used().find((each) => !draws.some((draw) => isDeepStrictEqual(draw, each)))
    if (unnamed) throw unnamedQuota(unnamed)
  }
  return { trace, best: sharedOptimum(shared, { knowledge, chosen, draws, seed }) }
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
  const { world } = knowledge
  const quotas = draws.map(({ account, model }) => quotaOf(knowledge, account, model))
  shared.service ??= serviceTimes(world, random, workload, chosen.maxTokens)
  const best = optimumOf({ world, chosen, workload, draws, quotas, service: shared.service, random })
  optima.set(quota, best)
  return best
}

// The optimum is that of the calls as they are, and of the quotas that a strategy names. Figures of a strategy that sends other calls,
// or elsewhere, would be compared with an optimum that is too small.

function changedCall({ promptTokens, maxTokens }: Call, prompt: number, most: number): InputError {
  return new InputError(
    `Expected it to send the calls as they are, with their \`promptTokens\` and \`maxTokens\`, got ${promptTokens} and ${maxTokens} ` +
      `instead of ${prompt} and ${most}: pass both on unchanged`,
    'STRATEGY_FAILED',
  )
}

function unnamedQuota({ account, model }: QuotaDraw): InputError {
  return new InputError(
    `Expected it to send only to the accounts and models that it names, got account \`${account}\` with model \`${model}\`: ` +
      'name all of them in its `accounts` and `models`',
    'STRATEGY_FAILED',
  )
}

function neverSettled(calls: number, all: number): InputError {
  return new InputError(
    `Expected it to settle the promise of every call, but ${calls} of ${all} never settled, an hour after the end of the run: ` +
      'wait only with `env.clock.sleep(ms, call.signal)`, and for promises that are certain to settle',
    'STRATEGY_FAILED',
  )
}

/** Runs one experiment and returns its cell. `withSeries` adds the curves for the charts. Default: false. */
export async function runJob(experiment: Experiment & { readonly withSeries?: boolean }): Promise<Cell> {
  const { scenario, chosen, strategy, seed, shared, withSeries = false } = experiment
  const { tokenCharge, refund } = switchesOf(scenario.world.switches)
  const { trace, best } = await runExperiment(experiment)
  return {
    case: chosen.name,
    strategy: String(strategyId(strategy)),
    seed,
    summary: summarize(trace, { workload: shared.workload, tokenCharge, refund, maxTokens: chosen.maxTokens }, best),
    optimum: summarizeOptimum(best),
    ...(withSeries && { series: seriesOf(trace, shared.workload, best) }),
  }
}

/** An experiment described by names. It is plain data, so that it can be sent to a worker. */
export interface Job {
  readonly caseName: string
  readonly strategy: string
  readonly seed: number
  /** Whether the cell is to have the curves for the charts. */
  readonly withSeries: boolean
}

/** What all jobs of a study have in common. */
export interface JobSetup {
  readonly scenario: Scenario
  /** The strategies that jobs name. A name that none of them has is one of the catalogue. Default: none. */
  readonly entrants?: readonly Entrant[]
  /** The calls of the recorded trace that the scenario replays. Default: none. */
  readonly recorded?: Workload | undefined
  /**
   * Whether strategies that are not from the catalogue are kept from the platform's time and chance. Only a thread of its own may say so,
   * because the whole thread is kept from them during such a job. Default: false.
   */
  readonly bansAmbient?: boolean
}

/**
 * Returns a function that runs the jobs of one scenario. It keeps only the draw of the last case and seed, because jobs come case by
 * case and seed by seed; another order gives the same cells more slowly.
 */
export function jobRunner({
  scenario,
  entrants = [],
  recorded,
  bansAmbient = false,
}: JobSetup): (job: Job) => Promise<Cell> {
  const cases = scenario.cases.map((each) => endingWithTrace(each, recorded))
  let last: { readonly chosen: Case; readonly seed: number; readonly shared: SharedDraw } | undefined
  return async ({ caseName, strategy: name, seed, withSeries }) => {
    const chosen = cases.find((each) => each.name === caseName)!
    if (last?.chosen !== chosen || last.seed !== seed)
      last = { chosen, seed, shared: sharedDraw(chosen, seed, recorded) }
    const strategy = entrants.find((each) => strategyId(each) === name) ?? name
    const experiment = { scenario, chosen, strategy, seed, shared: last.shared, withSeries }
    return typeof strategy === 'string' ? runJob(experiment) : runOwn(strategy, () => runJob(experiment), bansAmbient)
  }
}
