import { join } from 'node:path'
import { cellLines, cellsFile } from '../../lab/cells/cell-lines.ts'
import { scenarioFile, scenarioNames } from '../../lab/load-scenario.ts'
import { prepareStudy, type Study, type StudyResult } from '../../lab/study.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { endOnInterrupt } from '../report/interrupt.ts'
import { type FormatOptions, showReport, writeReport } from '../report/report.ts'
import { ReportFolder } from '../report/report-folder.ts'
import { progress } from './progress.ts'

export interface RunCommandOptions extends FormatOptions {
  readonly strategies?: readonly string[]
  readonly seeds: number
  readonly seed: number
  readonly profile?: string
  readonly set: readonly string[]
  readonly trace?: string
  readonly out: string
}

/** `ratelab run`: from a scenario's name to its report. */
export async function runCommand(name: string, options: RunCommandOptions): Promise<void> {
  if (options.out === '') throw new InputError('Expected `--out` to name a folder, got ""')
  const study = await prepared(name, options)
  const folder = await ReportFolder.open(
    join(options.out, folderName(name, study)),
    'Name another folder with --out DIR.',
  )
  try {
    const result = await conducted(study, folder)
    await showReport(result.comparison, options)
    // First, so that the runs are kept whatever becomes of the report: `ratelab report` makes it from them.
    await folder.write({ [cellsFile]: cellLines(result) })
    await writeReport(result.comparison, folder)
  } catch (error) {
    await folder.discard()
    throw error
  }
}

function prepared(name: string, { strategies, seeds, seed, profile, set, trace }: RunCommandOptions): Promise<Study> {
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
 * Reports that answer another question than the scenario's own are kept apart: those of a changed scenario, and those of a user's
 * scenario that bears the name of one that comes with ratelab. Which trace a replay is given is part of its question.
 */
function folderName(given: string, { facts }: Study): string {
  const { name } = facts.scenario
  const isChanged = facts.changed.some((change) => !change.startsWith('--trace '))
  const isNamesake = scenarioNames().includes(name) && scenarioFile(name) !== scenarioFile(given)
  return isChanged || isNamesake ? `${name}-custom` : name
}

/** Runs all that the study asks for. */
async function conducted(study: Study, folder: ReportFolder): Promise<StudyResult> {
  const { scenario, seeds, cases } = study.facts
  const sizes = [count(cases.length, 'case'), count(seeds.length, 'seed'), count(study.runs, 'run')]
  console.error(`${scenario.title}: ${sizes.join(', ')} in virtual time …`)
  endOnInterrupt(folder)
  const shown = progress(study.runs)
  return study.run({ onProgress: ({ done }) => shown.done(done) }).finally(shown.clear)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
