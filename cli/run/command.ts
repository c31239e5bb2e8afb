import { join } from 'node:path'
import { scenarioFile, scenarioNames } from '../../lab/load-scenario.ts'
import { prepareStudy, type Study, type StudyResult } from '../../lab/study.ts'
import { InputError } from '../../src/checks/input-error.ts'
import type { Comparison } from '../../src/compare/comparison.ts'
import { exitCodes } from '../exit.ts'
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

/** `ratelab run`: from a scenario's name to its report. */
export async function runCommand(name: string, options: RunCommandOptions): Promise<void> {
  if (options.out === '') throw new InputError('Expected `--out` to name a folder, got ""')
  const study = await prepared(name, options)
  const folder = await ReportFolder.open(join(options.out, folderName(name, study)))
  try {
    const { comparison } = await conducted(study, folder)
    await report(comparison, options, folder)
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
  process.once('SIGINT', () => interrupted(folder))
  const shown = progress(study.runs)
  return study.run({ onProgress: ({ done }) => shown.done(done) }).finally(shown.clear)
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

/** Ends the process: at once, or as soon as the report that is just being written is whole. */
async function interrupted(folder: ReportFolder): Promise<void> {
  const isWritten = await folder.isWritten()
  if (!isWritten) await folder.discard()
  console.error(`\nratelab: interrupted; ${isWritten ? 'the report was just written' : 'no report was written'}`)
  process.exit(exitCodes.interrupted)
}
