import { readdir, stat } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { cellLines, cellsFile } from '../../lab/cells/cell-lines.ts'
import { mergeShards } from '../../lab/cells/merge-shards.ts'
import { isShardFile } from '../../lab/cells/shard.ts'
import { failureError } from '../../lab/cells/strategy-failures.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { comparisonOf } from '../../src/compare/comparison.ts'
import { expectFolder } from '../flags/option-values.ts'
import { folderName } from '../report/folder-name.ts'
import { endOnInterrupt } from '../report/interrupt.ts'
import { writePrepared } from '../report/prepared-files.ts'
import { reportFiles, showReport } from '../report/report.ts'
import { ReportFolder } from '../report/report-folder.ts'
import { storedSensitivity } from '../report/stored-sensitivity.ts'
import { type CheckOptions, checksOf } from '../run/checks.ts'

/** The options of `ratelab merge`. */
export interface MergeCommandOptions extends CheckOptions {
  /** The folder in which the report's folder is. */
  readonly out: string
}

/** Runs `ratelab merge`, which joins the shards of a study, writes its cells and its report, and checks the result as `ratelab run` does. */
export async function mergeCommand(paths: readonly string[], options: MergeCommandOptions): Promise<void> {
  expectFolder(options.out)
  const files = (await Promise.all(paths.map(shardFilesIn))).flat()
  const result = await mergeShards([...new Set(files)])
  const checks = await checksOf({ facts: result.study, thresholds: result.thresholds }, options)
  const comparison = comparisonOf(result)
  const folder = await ReportFolder.open(options.out, folderName(result.study), 'Name another folder with --out DIR.')
  endOnInterrupt(folder)
  const content = { comparison, sensitivity: (await storedSensitivity(folder.path))(result) }
  await showReport(content, options)
  const checked = checks({ ...result, comparison })
  const cells = { files: { [cellsFile]: cellLines(result), ...checked.files }, note: '' }
  await writePrepared(folder, [cells, await reportFiles(content, folder.path)])
  await checked.show()
  if (result.study.failed) throw failureError(result.study.failed)
}

/** Returns the files of shards below a folder, or the path itself when it is a file. Throws an `InputError` when there are none. */
async function shardFilesIn(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found)
    throw new InputError(
      `Expected ${path} to be a file or a folder that \`ratelab run --shard i/n\` wrote, but it does not exist`,
      'CELLS_NOT_FOUND',
    )
  if (!found.isDirectory()) return [normalize(path)]
  const files = await readdir(path, { recursive: true, withFileTypes: true })
  const shards = files.filter((file) => file.isFile() && isShardFile(file.name))
  if (shards.length > 0) return shards.map((file) => join(file.parentPath, file.name)).sort()
  throw new InputError(
    `Expected ${path} to contain files such as cells-1-of-3.jsonl, got none: run each shard with \`ratelab run … --shard i/n\` first`,
    'CELLS_NOT_FOUND',
  )
}
