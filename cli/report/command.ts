import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { cellsFile } from '../../lab/cells/cell-lines.ts'
import { readCells } from '../../lab/cells/read-cells.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { comparisonOf } from '../../src/compare/comparison.ts'
import { show } from '../../src/core/expect.ts'
import { endOnInterrupt } from './interrupt.ts'
import { type FormatOptions, showReport, writeReport } from './report.ts'
import { ReportFolder } from './report-folder.ts'

/** `ratelab report`: from the cells that a run left to its report. */
export async function reportCommand(path: string, options: FormatOptions): Promise<void> {
  const comparison = comparisonOf(await readCells(await cellsIn(path)))
  const folder = await ReportFolder.open(path, 'Copy the folder to where you may write.')
  endOnInterrupt(folder)
  await showReport(comparison, options)
  await writeReport(comparison, folder)
}

/** The file of cells in a folder. */
async function cellsIn(folder: string): Promise<string> {
  const file = join(folder, cellsFile)
  if (!(await isThere(folder, 'isDirectory')))
    throw new InputError(
      `Expected a folder that \`ratelab run\` wrote, such as reports/burst, got ${show(folder)}: there is no such folder`,
    )
  if (!(await isThere(file, 'isFile')))
    throw new InputError(
      `Expected ${folder} to hold ${cellsFile}, got none: run the scenario again with \`ratelab run\`, which writes it`,
    )
  return file
}

async function isThere(path: string, kind: 'isDirectory' | 'isFile'): Promise<boolean> {
  return stat(path).then(
    (found) => found[kind](),
    () => false,
  )
}
