import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { comparisonOf } from '../../src/compare/comparison.ts'
import type { Cell, StudyFacts, WireFacts } from '../../src/compare/raw-result.ts'
import type { Usage } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import { maximum } from '../../src/core/extremes.ts'
import { duration } from '../../src/report/figures/figures.ts'
import { endingWithTrace } from '../../src/scenario/replay-end.ts'
import { type ClientKnowledge, clientKnowledgeOf, unlimited } from '../catalogue/client-knowledge.ts'
import { failureOf, StrategyFailures } from '../cells/strategy-failures.ts'
import { strategyId } from '../contestants.ts'
import { type SharedDraw, sharedDraw } from '../experiment.ts'
import { jobError, jobFault } from '../job-error.ts'
import { runEntrant } from '../run-entrant.ts'
import type { StudyResult } from '../study.ts'
import type { StudyInputs } from '../study-inputs.ts'
import { failureCounts } from './failures.ts'
import type { LoadControls, LoadOptions } from './load-options.ts'
import type { MockAddress } from './mock-address.ts'
import { inOrder, partialResult } from './partial-result.ts'
import { priceIn, spendingOf } from './spending.ts'
import { startDelays } from './start-delays.ts'
import { runOverWire } from './wire-run.ts'

/** The rest between two runs where no limit is known: the usual window. */
const usualWindow: Millis = 60_000

/** One run of a load. */
export interface WireJob {
  readonly caseName: string
  readonly strategy: string
  readonly seed: number
}

/** The jobs seed by seed, so that a load which is stopped has all strategies on its first seeds. */
export function wireJobs({ seeds, cases }: StudyFacts): WireJob[] {
  return seeds.flatMap((seed) =>
    cases.flatMap(({ name, contestants }) => contestants.map(({ id }) => ({ caseName: name, strategy: id, seed }))),
  )
}

/** Returns the draw of a job. Only the last one is kept, since jobs of one case and seed follow each other. */
export function drawsOf({ scenario, source, recorded }: StudyInputs) {
  const cases = scenario.cases.map((each) => endingWithTrace(each, recorded))
  let last: (SharedDraw & { readonly key: string; readonly chosen: (typeof cases)[number] }) | undefined
  return ({ caseName, seed }: WireJob) => {
    const key = JSON.stringify([caseName, seed])
    const chosen = cases.find(({ name }) => name === caseName)!
    if (last?.key !== key) last = { key, chosen, ...sharedDraw(chosen, seed, { file: source.file, recorded }) }
    return last
  }
}

/** A load that is prepared. */
export interface PreparedLoad {
  readonly inputs: StudyInputs
  readonly facts: StudyFacts & { readonly wire: WireFacts }
  readonly jobs: readonly WireJob[]
  readonly drawOf: ReturnType<typeof drawsOf>
  readonly mock: MockAddress | undefined
  readonly load: LoadOptions
}

/**
 * Runs the jobs one after the other. Returns undefined when they were interrupted before anything was measured. Rejects with an `InputError` when a cap or
 * a mock that is gone has ended them before.
 */
export async function runWireJobs(
  { inputs, facts, jobs, drawOf, mock, load }: PreparedLoad,
  { signal, onProgress }: LoadControls,
): Promise<StudyResult | undefined> {
  const { scenario, entrants } = inputs
  const stop = new AbortController()
  signal?.addEventListener('abort', () => stop.abort())
  if (signal?.aborted) stop.abort()
  const clock = wallTimeline({ speed: facts.wire.speed, origin: 0 })
  const { profile, model, world } = clientKnowledgeOf(scenario, scenario.cases[0]!)
  const realKeys = new Map(world.accounts.map(({ keys: [key] }, i) => [key!, load.keys[i]!]))
  const windows = profile.models[model]!.limits.map(({ window }) => window)
  const delays = startDelays()
  const failures = failureCounts(load.keys)
  const failed = new StrategyFailures()
  let settled = 0
  const setup = {
    ...load,
    keyOf: (key: string) => keyIn(realKeys, key),
    spending: spendingOf(profile, load),
    price: (model: string, usage: Usage) => priceIn(profile, model, usage),
    failures,
    clock,
    delays,
    optimumKnowledge: facts.wire.limits === 'none' ? unlimited : (knowledge: ClientKnowledge) => knowledge,
    stop,
    onSettled: () => onProgress?.(++settled),
  }
  const cells: Cell[] = []
  let cut = ''
  try {
    for (const [index, job] of jobs.entries()) {
      if (failed.has(job.strategy)) continue
      if (mock) await mock.reset(job.seed).catch(() => stop.abort('gone'))
      else if (index > 0) await clock.sleep(maximum(windows, usualWindow), stop.signal).catch(() => {})
      if (stop.signal.aborted) break
      const { chosen, ...shared } = drawOf(job)
      const strategy = entrants.find((each) => strategyId(each) === job.strategy)!
      const withSeries = job.seed === facts.seeds[0]
      const work = () => runOverWire({ scenario, chosen, strategy, seed: job.seed, shared, withSeries }, setup)
      const started = clock.now()
      const cell = await runEntrant(strategy, {}, work).catch((error) =>
        failed.add(index, failureOf(job, jobError({ ...job, withSeries, isRepeated: false }, jobFault(error)))),
      )
      if (stop.signal.aborted)
        cut = `The run of ${job.strategy} in the case ${job.caseName} on seed ${job.seed} ends ${duration(clock.now() - started)} after its start.`
      if (cell && (cut === '' || cell.summary.attempts > 0)) cells.push(cell)
    }
  } finally {
    clock.stop()
  }
  const study = failed.factsWithout(facts)
  const own = cells.filter(({ strategy }) => !failed.has(strategy))
  const result = stop.signal.aborted ? partialResult(study, own) : inOrder(study, own)
  if (!result) {
    if (stopReasons.has(stop.signal.reason)) throw nothingMeasured(stop.signal.reason)
    return undefined
  }
  const warnings = [
    ...facts.wire.warnings,
    ...(stop.signal.aborted ? [stoppedText(stop.signal.reason, own.length, jobs.length), cut] : []),
    delays.warning(),
    failures.warning(),
  ].filter((text): text is string => text !== undefined && text !== '')
  const told = { ...result, study: { ...result.study, wire: { ...facts.wire, warnings } } }
  return { ...told, comparison: comparisonOf(told) }
}

/** Returns the user's key for a key of the scenario's accounts. */
function keyIn(realKeys: ReadonlyMap<string, string>, key: string): string {
  const real = realKeys.get(key)
  if (real !== undefined) return real
  throw new InputError(
    'Expected the strategy to send only with keys of the accounts that take part: add a `--key` for each of them',
    'STRATEGY_FAILED',
  )
}

/** Why a load has ended early, unless somebody has interrupted it, and what helps. */
const stopReasons: ReadonlyMap<unknown, { readonly why: string; readonly remedy: string }> = new Map([
  ['maxRequests', { why: 'reached --max-requests', remedy: 'raise the cap' }],
  ['maxSpend', { why: 'reached --max-spend', remedy: 'raise the cap' }],
  ['gone', { why: 'found its mock gone', remedy: 'start it again' }],
])

function stoppedText(reason: unknown, done: number, all: number): string {
  const why = stopReasons.get(reason)?.why ?? 'was interrupted'
  return `The load ${why} in run ${done} of ${all}: what had been measured until then is kept.`
}

function nothingMeasured(reason: unknown): InputError {
  const { why, remedy } = stopReasons.get(reason)!
  return new InputError(`Expected the load to send a request, but it ${why} before its first one: ${remedy}`)
}
