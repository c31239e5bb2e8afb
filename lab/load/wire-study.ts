import { altered } from '../../sim/profiles/altered.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { comparisonOf } from '../../src/compare/comparison.ts'
import type { Cell, StudyFacts, WireFacts } from '../../src/compare/raw-result.ts'
import type { Usage } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import { maximum } from '../../src/core/extremes.ts'
import type { Limit } from '../../src/core/limit.ts'
import { duration } from '../../src/report/figures/figures.ts'
import { endingWithTrace } from '../../src/scenario/replay-end.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { type ClientKnowledge, clientKnowledgeOf } from '../catalogue/client-knowledge.ts'
import { failureOf, StrategyFailures } from '../cells/strategy-failures.ts'
import { strategyId } from '../contestants.ts'
import { type SharedDraw, sharedDraw } from '../experiment.ts'
import { jobError, jobFault } from '../job-error.ts'
import { runOwn } from '../own-run.ts'
import type { StudyResult } from '../study.ts'
import { prepareInputs, type StudyInputs } from '../study-inputs.ts'
import type { StudyOptions } from '../study-options.ts'
import { failureCounts } from './failures.ts'
import { type MockAddress, mockAt } from './mock-address.ts'
import { inOrder, partialResult } from './partial-result.ts'
import { priceIn, type SpendingCaps, spendingOf } from './spending.ts'
import { startDelays } from './start-delays.ts'
import { runOverWire } from './wire-run.ts'
import { wireScenario } from './wire-scenario.ts'

/** Where a load goes, and how. */
export interface LoadOptions extends SpendingCaps {
  /** The address that `/chat/completions` follows. */
  readonly url: string
  /** One key for each account of the scenario that takes part, in their order. At least one. */
  readonly keys: readonly string[]
  /** The limits of each account: those of the profile, or stated ones. Default: those of the profile at a mock with the same world, else none are known. */
  readonly limits?: 'profile' | readonly Limit[]
  /** Scenario milliseconds in one real millisecond. Default: the speed of the mock, else 1. */
  readonly speed?: number
  /** Whether answers are asked for as streams. Default: they are not. */
  readonly stream?: boolean
  /** Sends over the network. */
  readonly send: typeof fetch
}

/** What observes a load, or ends it, while it runs. */
export interface LoadControls {
  /** Called when a call is settled, with the number of those so far. */
  onProgress?(settled: number): void
  /** Ends the load when it aborts. What was measured until then is kept. */
  readonly signal?: AbortSignal
}

/** A load that is ready to run: everything is checked, and the address answers if it is on this machine. */
export interface WireStudy {
  readonly facts: StudyFacts & { readonly wire: WireFacts }
  /** The number of runs, and of calls in all of them. */
  readonly runs: number
  readonly calls: number
  /** Sentences about what does not run, and what is not known. */
  readonly notes: readonly string[]
  /** Runs the load once. Returns undefined when it was stopped before anything was measured. */
  run(controls?: LoadControls): Promise<StudyResult | undefined>
}

/** The rest between two runs where no limit is known: the usual window. */
const usualWindow: Millis = 60_000

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
  const differences = await mock?.differencesFrom(inputs.scenario)
  const limits = load.limits !== undefined ? 'stated' : differences?.length === 0 ? 'mock' : 'none'
  const notes = [...leftOut, ...(limits === 'none' ? [noLimitsText(differences)] : [])]
  const wire: WireFacts = { address: load.url, speed, limits, warnings: notes }
  const facts = { ...(limits === 'none' ? withoutLimits(inputs.facts) : inputs.facts), wire }
  const jobs = jobsOf(facts)
  const drawOf = drawsOf(inputs)
  return {
    facts,
    runs: jobs.length,
    calls: jobs.reduce((sum, job) => sum + drawOf(job).workload.arrival.length, 0),
    notes,
    run: (controls = {}) => runJobs({ inputs, facts, jobs, drawOf, mock, load }, controls),
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

function unlimited({ world, profile, model }: ClientKnowledge): ClientKnowledge {
  const none = altered(profile, Object.fromEntries(Object.keys(profile.models).map((each) => [each, []])))
  return { world: { ...world, profile: none }, profile: none, model }
}

/** One run of a load. */
interface WireJob {
  readonly caseName: string
  readonly strategy: string
  readonly seed: number
}

/** The jobs seed by seed, so that a load which is stopped has all strategies on its first seeds. */
function jobsOf({ seeds, cases }: StudyFacts): WireJob[] {
  return seeds.flatMap((seed) =>
    cases.flatMap(({ name, contestants }) => contestants.map(({ id }) => ({ caseName: name, strategy: id, seed }))),
  )
}

/** Returns the draw of a job. Only the last one is kept, since jobs of one case and seed follow each other. */
function drawsOf({ scenario, source, recorded }: StudyInputs) {
  const cases = scenario.cases.map((each) => endingWithTrace(each, recorded))
  let last: (SharedDraw & { readonly key: string; readonly chosen: (typeof cases)[number] }) | undefined
  return ({ caseName, seed }: WireJob) => {
    const key = JSON.stringify([caseName, seed])
    const chosen = cases.find(({ name }) => name === caseName)!
    if (last?.key !== key) last = { key, chosen, ...sharedDraw(chosen, seed, { file: source.file, recorded }) }
    return last
  }
}

interface Prepared {
  readonly inputs: StudyInputs
  readonly facts: StudyFacts & { readonly wire: WireFacts }
  readonly jobs: readonly WireJob[]
  readonly drawOf: ReturnType<typeof drawsOf>
  readonly mock: MockAddress | undefined
  readonly load: LoadOptions
}

async function runJobs(
  { inputs, facts, jobs, drawOf, mock, load }: Prepared,
  { signal, onProgress }: LoadControls,
): Promise<StudyResult | undefined> {
  const { scenario, entrants } = inputs
  const stop = new AbortController()
  signal?.addEventListener('abort', () => stop.abort())
  const clock = wallTimeline({ speed: facts.wire.speed, origin: 0 })
  const { profile, model, world } = clientKnowledgeOf(scenario, scenario.cases[0]!)
  const realKeys = new Map(world.accounts.map(({ keys: [key] }, i) => [key!, load.keys[i]!]))
  const windows = profile.models[model]!.limits.map(({ window }) => window)
  const delays = startDelays()
  const failures = failureCounts()
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
      if (mock) await mock.reset(job.seed)
      else if (index > 0) await clock.sleep(maximum(windows, usualWindow), stop.signal).catch(() => {})
      if (stop.signal.aborted) break
      const { chosen, ...shared } = drawOf(job)
      const strategy = entrants.find((each) => strategyId(each) === job.strategy)!
      const withSeries = job.seed === facts.seeds[0]
      const work = () => runOverWire({ scenario, chosen, strategy, seed: job.seed, shared, withSeries }, setup)
      const started = clock.now()
      const cell = await (typeof strategy === 'string' ? work() : runOwn(strategy, {}, work)).catch((error) =>
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
  if (!result) return undefined
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

function stoppedText(reason: unknown, done: number, all: number): string {
  const why = { maxRequests: 'reached --max-requests', maxSpend: 'reached --max-spend' }[String(reason)]
  return `The load ${why ?? 'was interrupted'} in run ${done} of ${all}: what had been measured until then is kept.`
}
