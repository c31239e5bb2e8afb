import { basename, join } from 'node:path'
import { strategyNames, unknownStrategy } from '../../lab/catalogue.ts'
import { loadScenario, scenarioFile, scenarioNames } from '../../lab/load-scenario.ts'
import { runOnPool } from '../../lab/pool.ts'
import { comparisonOf, jobsOf, type Study } from '../../lab/study.ts'
import type { WorkerOrder } from '../../lab/worker.ts'
import { InputError } from '../../src/checks/input-error.ts'
import type { Comparison } from '../../src/compare/comparison.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import type { Workload } from '../../src/scenario/workload.ts'
import { exitCodes } from '../process/exit.ts'
import { progress } from './progress.ts'
import { ReportFolder } from './report-folder.ts'

export interface RunCommandOptions {
  readonly strategies?: readonly string[]
  readonly seeds: number
  readonly seed: number
  readonly profile?: string
  readonly set: readonly string[]
  readonly trace?: string
  readonly out: string
  readonly format: 'terminal' | 'md' | 'json'
  readonly json?: boolean
}

/** What a plain `ratelab run <scenario>` takes. */
export const defaults = { seeds: 20, seed: 1 } as const

/** `ratelab run`: from a scenario's name to its report. */
export async function runCommand(name: string, options: RunCommandOptions): Promise<void> {
  if (options.out === '') throw new InputError('Expected `--out` to name a folder, got ""')
  const file = scenarioFile(name)
  const strategies = knownStrategies(options.strategies)
  const settings = { set: options.set, ...(options.profile !== undefined && { profile: options.profile }) }
  const scenario = await loadScenario(file, settings)
  const recorded = await recordedTrace(options.trace, scenario)
  const folder = await ReportFolder.open(
    join(options.out, scenario.name + (isCustom(options) || isNamesake(scenario, file) ? '-custom' : '')),
  )
  const study: Study = {
    scenario,
    given: name,
    seeds: Array.from({ length: options.seeds }, (_, i) => options.seed + i),
    changed: changes(options),
    ...(strategies && { strategies }),
  }
  try {
    await report(await conducted(study, { file, settings, recorded }, folder), options, folder)
  } catch (error) {
    await folder.discard()
    throw error
  }
}

/** Runs all that the study asks for. */
async function conducted(study: Study, order: WorkerOrder, folder: ReportFolder): Promise<Comparison> {
  const { scenario, seeds } = study
  const jobs = jobsOf(study)
  const sizes = [count(scenario.cases.length, 'case'), count(seeds.length, 'seed'), count(jobs.length, 'run')]
  console.error(`${scenario.title}: ${sizes.join(', ')} in virtual time …`)
  process.once('SIGINT', () => interrupted(folder))
  const shown = progress(jobs.length)
  const cells = await runOnPool(order, jobs, shown.done).finally(shown.clear)
  return comparisonOf(study, cells)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Shows the comparison and writes its files. */
async function report(comparison: Comparison, options: RunCommandOptions, folder: ReportFolder): Promise<void> {
  const { terminal } = await import('../../src/report/terminal/terminal.ts')
  const { markdown } = await import('../../src/report/markdown/markdown.ts')
  const { json } = await import('../../src/report/json.ts')
  const format = options.json ? 'json' : options.format
  const md = markdown(comparison)
  const data = json(comparison)
  const { columns = 120, isTTY = false } = process.stdout
  const colour = isTTY && !process.env.NO_COLOR
  const words = { terminal: () => terminal(comparison, { width: columns, colour }), md: () => md, json: () => data }
  process.stdout.write(words[format]())
  const { charts } = await import('../../src/report/charts/png.ts')
  await folder.write({ 'report.md': md, 'report.json': data, ...(await charts(comparison)) })
  console.error(`Report: ${join(folder.path, 'report.md')}`)
}

/** The named strategies, or a mistake with the nearest name. */
function knownStrategies(names: readonly string[] | undefined): readonly string[] | undefined {
  if (names?.length === 0) throw new InputError('Expected `--strategies` to name at least one strategy, got none')
  for (const name of names ?? []) if (!strategyNames.includes(name)) throw unknownStrategy(name)
  return names && [...new Set(names)]
}

/** Whether the run answers another question than the scenario's own. Which trace a replay is given is part of its question. */
function isCustom({ trace: _trace, ...options }: RunCommandOptions): boolean {
  return changes(options).length > 0
}

/** A scenario of the user's own that bears the name of one that comes with ratelab: their reports are kept apart. */
function isNamesake({ name }: Scenario, file: string): boolean {
  return scenarioNames().includes(name) && scenarioFile(name) !== file
}

/** What differs from a plain `ratelab run <scenario>`, as the report repeats it. The path of a trace is shortened to its name. */
function changes({ strategies, seeds, seed, profile, set, trace }: RunCommandOptions): string[] {
  return [
    ...(strategies ? [`--strategies ${strategies.join(',')}`] : []),
    ...(seeds === defaults.seeds ? [] : [`--seeds ${seeds}`]),
    ...(seed === defaults.seed ? [] : [`--seed ${seed}`]),
    ...(profile === undefined ? [] : [`--profile ${profile}`]),
    ...set.map((setting) => `--set ${setting}`),
    ...(trace === undefined ? [] : [`--trace ${basename(trace)}`]),
  ]
}

async function recordedTrace(path: string | undefined, { cases }: Scenario): Promise<Workload | undefined> {
  const wanted = cases.some(({ arrivals, lengths }) => arrivals.kind === 'trace' || lengths.kind === 'trace')
  if (wanted && path === undefined)
    throw new InputError(
      'Expected `--trace FILE.csv` for a scenario that replays recorded calls, got none. The file has a header line ' +
        'TIMESTAMP,ContextTokens,GeneratedTokens; a real one is AzureLLMInferenceTrace_conv.csv in Azure/AzurePublicDataset.',
      'TRACE_MISSING',
    )
  if (!wanted && path !== undefined)
    throw new InputError('Expected `--trace` only with a scenario that replays recorded calls, such as replay')
  if (path === undefined) return undefined
  const { readRecorded } = await import('../../src/scenario/recorded/read-recorded.ts')
  return readRecorded(path)
}

/** Ends the process: at once, or as soon as the report that is just being written is whole. */
async function interrupted(folder: ReportFolder): Promise<void> {
  const isWritten = await folder.isWritten()
  if (!isWritten) await folder.discard()
  console.error(`\nratelab: interrupted; ${isWritten ? 'the report was just written' : 'no report was written'}`)
  process.exit(exitCodes.interrupted)
}
