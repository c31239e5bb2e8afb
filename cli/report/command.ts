import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { cellsFile } from '../../lab/cells/cell-lines.ts'
import { readCells } from '../../lab/cells/read-cells.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { comparisonOf } from '../../src/compare/comparison.ts'
import { show } from '../../src/core/expect.ts'
import { exitCodes } from '../process/exit.ts'
import { type CheckFileOptions, expectCheckFiles, writeCheckFiles } from './check-files.ts'
import { endOnInterrupt } from './interrupt.ts'
import { writePrepared } from './prepared-files.ts'
import { type FormatOptions, reportFiles, showReport } from './report.ts'
import { ReportFolder } from './report-folder.ts'
import { storedSensitivity } from './stored-sensitivity.ts'
import { checkThresholds, thresholdsFor } from './threshold-check.ts'

/** The options of `ratelab report`. */
export interface ReportCommandOptions extends FormatOptions, CheckFileOptions {
  readonly threshold: readonly string[]
}

/** Runs `ratelab report`, which writes the report of an earlier run again from its cells. */
export async function reportCommand(path: string, options: ReportCommandOptions): Promise<void> {
  const result = await readCells(await cellsIn(path))
  const thresholds = thresholdsFor(options.threshold, result.study)
  expectCheckFiles(options, thresholds.length > 0, 'add a `--threshold`')
  const comparison = comparisonOf(result)
  const folder = await ReportFolder.open(path, '', 'Copy the folder to a place where you may write.')
  endOnInterrupt(folder)
  const content = { comparison, sensitivity: (await storedSensitivity(path))(result) }
  await showReport(content, options)
  await writePrepared(folder, [await reportFiles(content, path)])
  if (thresholds.length === 0) return
  const { suites, markdown, isCrossed } = checkThresholds(thresholds, comparison)
  await writeCheckFiles(options, suites, markdown)
  if (isCrossed) process.exitCode = exitCodes.crossed
}

/** Returns the path of the file of cells in a folder. Throws an `InputError` when there is no such folder or file. */
export async function cellsIn(folder: string): Promise<string> {
  const file = join(folder, cellsFile)
  if (!(await isKind(folder, 'isDirectory')))
    throw new InputError(
      `Expected a folder that \`ratelab run\` wrote, such as reports/burst, got ${show(folder)}: there is no such folder`,
      'CELLS_NOT_FOUND',
    )
  if (!(await isKind(file, 'isFile')))
    throw new InputError(
      `Expected ${folder} to contain ${cellsFile}, but it does not: run the scenario again with \`ratelab run\`, which writes it`,
      'CELLS_NOT_FOUND',
    )
  return file
}

async function isKind(path: string, kind: 'isDirectory' | 'isFile'): Promise<boolean> {
  return stat(path).then(
    (found) => found[kind](),
    () => false,
  )
}
