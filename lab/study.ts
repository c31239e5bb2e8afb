import { type Comparison, comparisonOf } from '../src/compare/comparison.ts'
import type { Cell, RawResult, StudyFacts } from '../src/compare/raw-result.ts'
import type { OwnStrategy, Scenario } from '../src/scenario/scenario.ts'
import { wholeStudy } from './cells/shard.ts'
import type { Origin } from './cells/shard-lines.ts'
import { type StrategyFailure, StrategyFailures } from './cells/strategy-failures.ts'
import type { Job, JobSetup } from './experiment.ts'
import { filesLoadedBy } from './loaded-files.ts'
import { runOnPool } from './pool.ts'
import { type ResumeControls, runRemaining, type ShardControls } from './remaining-runs.ts'
import { prepareInputs } from './study-inputs.ts'
import type { StudyControls, StudyOptions } from './study-options.ts'

/** A study that is ready to run: its scenario is loaded, and all its options are checked. */
export interface Study {
  readonly facts: StudyFacts
  /** The thresholds of the scenario, which the caller may judge (`src/compare/thresholds.ts`). */
  readonly thresholds: readonly string[]
  /** The number of runs: one for each case, seed and strategy. */
  readonly runs: number
  /**
   * Runs the study, as often as it is called. A strategy that fails is left out of the result, whose `study.failed` says why; when a case
   * has no other, the promise rejects. It also rejects with the reason of `signal`, with what `onProgress` throws, or with a run's error.
   */
  run(controls?: ResumeControls): Promise<StudyResult>
  /** Runs the study or one shard of it, without the runs whose cells are known. */
  cells(controls?: ShardControls): Promise<StudyCells>
  /** Returns what the cells depend on besides the facts. */
  origin(): Promise<Origin>
}

/** The cells of a study or of one shard of it, which `shardLines` writes. */
export interface StudyCells {
  /** In the order of the study, without those of strategies that failed. */
  readonly cells: readonly Cell[]
  /** The strategies that failed, each with its first run that did. They are empty when none failed. */
  readonly failures: readonly StrategyFailure[]
}

/** The raw result of a study, and the comparison of its strategies. */
export interface StudyResult extends RawResult {
  readonly comparison: Comparison
}

/**
 * Runs a scenario and compares its strategies. The scenario is a name from `ratelab list`, the path of a scenario file, or an object
 * of the type `Scenario`. Rejects with an `InputError` that lists every problem with the input, and as `Study.run` does. Use
 * `prepareStudy` to get the cells as well.
 */
export async function runStudy(
  scenario: string | Scenario,
  options: StudyOptions & StudyControls = {},
): Promise<Comparison> {
  const study = await prepareStudy(scenario, options)
  return (await study.run(options)).comparison
}

/**
 * Loads and checks everything that a study needs. A caller can then read its facts before it runs. Rejects with an `InputError` that
 * lists every problem. In messages `prefix` stands before the name of an option. Default: `options.`.
 */
export async function prepareStudy(
  given: string | Scenario,
  options: StudyOptions = {},
  prefix = 'options.',
): Promise<Study> {
  const { source, scenario, items, entrants, trace, recorded, facts } = await prepareInputs(given, options, prefix)
  const { workerScenario } = source
  const plugIns = entrants.flatMap((each) => (typeof each === 'object' && 'file' in each ? [each.file] : []))
  // They are listed before the study runs, so that what a strategy imports during a run does not make the origin depend on the time.
  const loaded = [source.file, ...plugIns].flatMap((file) => (file === undefined ? [] : filesLoadedBy(file)))
  const jobs = jobsOf(facts)
  const runsOnWorkers = items?.every((each) => typeof each === 'string') !== false
  /** Runs jobs, and adds the strategies that fail to `failures`. */
  const runJobs = (failures: StrategyFailures) => (chosen: readonly Job[], controls: StudyControls) =>
    workerScenario && runsOnWorkers
      ? runOnPool({ scenario: workerScenario, strategies: items, recorded }, chosen, controls, failures)
      : runWithoutWorkers({ scenario, entrants, recorded, file: source.file }, chosen, controls, failures)
  return {
    facts,
    thresholds: scenario.thresholds ?? [],
    runs: jobs.length,
    async run(controls = {}) {
      const failures = new StrategyFailures()
      const { known = [], ...others } = controls
      const cells = await runRemaining({ facts, jobs, shard: wholeStudy, known }, others, runJobs(failures))
      const result = {
        study: failures.factsWithout(facts),
        cells: cells.filter(({ strategy }) => !failures.has(strategy)),
      }
      return { ...result, comparison: comparisonOf(result) }
    },
    async cells({ shard = wholeStudy, known = [], ...controls } = {}) {
      const failures = new StrategyFailures()
      const cells = await runRemaining({ facts, jobs, shard, known }, controls, runJobs(failures))
      return { cells: cells.filter(({ strategy }) => !failures.has(strategy)), failures: failures.all() }
    },
    async origin() {
      const { originOf } = await import('./origin.ts')
      const own = entrants.flatMap((each) => (typeof each === 'object' && 'wrap' in each ? [ownFacts(each)] : []))
      const { from, to, every, columns } = options
      return originOf({
        values: [withoutPaths(scenario), own, { from, to, every, columns }],
        files: trace === undefined ? loaded : [trace, ...loaded],
      })
    },
  }
}

/** Returns a strategy without the fields that hold its state. */
function ownFacts({ name, about, accounts, models, beyondLimits, wrap }: OwnStrategy): unknown {
  return { name, about, accounts, models, beyondLimits, wrap }
}

/**
 * Returns the scenario without what has absolute paths: its trace, whose content counts, and its lists of strategies, which the facts of a
 * study name.
 */
function withoutPaths({ strategies: _, trace: __, cases, ...scenario }: Scenario): unknown {
  return { ...scenario, cases: cases.map(({ strategies: _, ...others }) => others) }
}

/** Runs the jobs in the calling thread. The simulator is imported only here, because a thread that uses workers does not need it. */
async function runWithoutWorkers(
  setup: JobSetup,
  jobs: readonly Job[],
  controls: StudyControls,
  failures: StrategyFailures,
): Promise<Cell[]> {
  const { runInCallingThread } = await import('./calling-thread.ts')
  return runInCallingThread(setup, jobs, controls, failures)
}

/** Returns every job of a study, case by case and seed by seed, so that the runs of a slow strategy are spread over the workers. */
function jobsOf({ cases, seeds }: StudyFacts): Job[] {
  const met = new Set<string>()
  return cases.flatMap(({ name: caseName, contestants }) =>
    seeds.flatMap((seed, index) =>
      contestants.map(({ id: strategy }) => {
        const isRepeated = !met.has(strategy)
        met.add(strategy)
        return { caseName, strategy, seed, withSeries: index === 0, isRepeated }
      }),
    ),
  )
}
