import { join } from 'node:path'
import { cellLines, cellsFile } from '../../lab/cells/cell-lines.ts'
import { scenarioFile, scenarioNames } from '../../lab/load-scenario.ts'
import { failureError } from '../../lab/strategy-failures.ts'
import { prepareStudy, type Study, type StudyResult } from '../../lab/study.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { endOnInterrupt } from '../report/interrupt.ts'
import { type FormatOptions, showReport, writeReport } from '../report/report.ts'
import { ReportFolder } from '../report/report-folder.ts'
import { progressBar } from './progress.ts'

/** The options of `ratelab run`. */
export interface RunCommandOptions extends FormatOptions {
  readonly strategies?: readonly string[]
  /** The number of seeds. */
  readonly seeds: number
  /** The first seed. */
  readonly seed: number
  readonly profile?: string
  readonly set: readonly string[]
  readonly trace?: string
  /** The folder in which the report's folder is. */
  readonly out: string
}

/** Runs `ratelab run`, which runs a scenario, prints its report and writes it with its cells. `name` is a scenario's name or file. */
export async function runCommand(name: string, options: RunCommandOptions): Promise<void> {
  if (options.out === '') throw new InputError('Expected `--out` to name a folder, got ""')
  const study = await prepareStudyOf(name, options)
  const folder = await ReportFolder.open(
    join(options.out, folderName(name, study)),
    'Name another folder with --out DIR.',
  )
  try {
    const result = await runWithProgress(study, folder)
    await showReport(result.comparison, options)
    // The cells are written first. If the report cannot be written, `ratelab report` can still make it from them.
    await folder.write({ [cellsFile]: cellLines(result) })
    await writeReport(result.comparison, folder)
    if (result.study.failed) throw failureError(result.study.failed)
  } catch (error) {
    await folder.discard()
    throw error
  }
}

function prepareStudyOf(
  name: string,
  { strategies, seeds, seed, profile, set, trace }: RunCommandOptions,
): Promise<Study> {
  const options = {
    seeds: Array.from({ length: seeds }, (_, i) => seed + i),
    set,
    ...(strategies && { strategies: [...new Set(strategies)] }),
    ...(profile !== undefined && { profile }),
    ...(trace !== undefined && { trace }),
  }
  return prepareStudy(name, options, '--')
}

/**
 * Returns the name of the report's folder: the scenario's name, or that name with `-custom` when an option changes the study, or when
 * a user's scenario has the name of one that comes with ratelab. The trace of a replay is not a change, since a replay needs one.
 */
function folderName(given: string, { facts }: Study): string {
  const { name } = facts.scenario
  const isChanged = facts.changed.some((change) => !change.startsWith('--trace '))
  const isNamesake = scenarioNames().includes(name) && scenarioFile(name) !== scenarioFile(given)
  return isChanged || isNamesake ? `${name}-custom` : name
}

/** Runs the study. Shows its progress on standard error, and lets Ctrl-C end it. */
async function runWithProgress(study: Study, folder: ReportFolder): Promise<StudyResult> {
  const { scenario, seeds, cases } = study.facts
  const sizes = [count(cases.length, 'case'), count(seeds.length, 'seed'), count(study.runs, 'run')]
  console.error(`${scenario.title}: ${sizes.join(', ')} in virtual time …`)
  endOnInterrupt(folder)
  const bar = progressBar(study.runs)
  return study.run({ onProgress: ({ done }) => bar.update(done) }).finally(bar.clear)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
