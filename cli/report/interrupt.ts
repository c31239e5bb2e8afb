import { exitAfter } from '../process/exit.ts'
import { tell } from '../process/output.ts'
import type { ReportFolder } from './report-folder.ts'

/** The signals that end a command which writes files. */
export const endSignals = ['SIGINT', 'SIGTERM'] as const

/**
 * After this call Ctrl-C and SIGTERM end the process. If files are being written at that time, it ends as soon as they are complete. `keepRuns`
 * ends the journal of a run: it gets whether the files were written, and returns what to say of the runs that are kept, if any are.
 */
export function endOnInterrupt(
  folder: ReportFolder,
  keepRuns: (isWritten: boolean) => string | undefined = () => undefined,
): void {
  for (const signal of endSignals)
    process.once(signal, async () => {
      await folder.close()
      const { isWritten } = folder
      const saved = isWritten ? 'the report is complete' : 'no report was written'
      tell(`\nratelab: interrupted; ${keepRuns(isWritten) ?? saved}`)
      exitAfter(signal)
    })
}
