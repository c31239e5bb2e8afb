import { cellsFile } from '../../lab/cells/cell-lines.ts'
import { exitCodes } from '../exit.ts'
import { type ReportFolder, reportFile } from './report-folder.ts'

/** From now on, Ctrl-C ends the process: at once, or as soon as the file that is just being written is whole. */
export function endOnInterrupt(folder: ReportFolder): void {
  process.once('SIGINT', async () => {
    const written = await folder.close()
    console.error(`\nratelab: interrupted; ${whatIsLeft(folder.path, written)}`)
    process.exit(exitCodes.interrupted)
  })
}

function whatIsLeft(path: string, written: readonly string[]): string {
  if (written.includes(reportFile)) return 'the report was just written'
  if (!written.includes(cellsFile)) return 'no report was written'
  return `no report was written, but its runs were: \`ratelab report ${path}\` makes it from them`
}
