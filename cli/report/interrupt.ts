import { cellsFile } from '../../lab/cells/cell-lines.ts'
import { shellPath } from '../../src/checks/shell-word.ts'
import { exitCodes } from '../process/exit.ts'
import { tell } from '../process/output.ts'
import { type ReportFolder, reportFile } from './report-folder.ts'

/**
 * After this call Ctrl-C ends the process. If files are being written at that time, it ends as soon as they are complete. `keepRuns`
 * ends the journal of a run: it gets the files that were written, and returns what to say of the runs that are kept, if any are.
 */
export function endOnInterrupt(
  folder: ReportFolder,
  keepRuns: (written: readonly string[]) => string | undefined = () => undefined,
): void {
  process.once('SIGINT', async () => {
    const written = await folder.close()
    tell(`\nratelab: interrupted; ${keepRuns(written) ?? savedText(folder.path, written)}`)
    process.exit(exitCodes.interrupted)
  })
}

function savedText(path: string, written: readonly string[]): string {
  if (written.some((file) => file.endsWith('.png'))) return 'the report is complete'
  if (written.includes(reportFile))
    return `the report was written without its charts: \`ratelab report ${shellPath(path)}\` draws them`
  if (!written.includes(cellsFile)) return 'no report was written'
  return `no report was written, but the results of its runs were: \`ratelab report ${shellPath(path)}\` writes the report from them`
}
