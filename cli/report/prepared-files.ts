import type { Files } from '../files/written-together.ts'
import { OutputError } from '../process/exit.ts'
import { tell } from '../process/output.ts'
import { canDrawHere, withPackages } from './drawn.ts'
import type { ReportFolder } from './report-folder.ts'

/** Files that belong together, and what is to be said when they are written. */
export interface PreparedFiles {
  readonly files: Files
  /** The line for standard error. */
  readonly note: string
  /** Why there are no charts among the files, though there should be. */
  readonly fault?: OutputError | undefined
}

/** Adds charts to files. A fault of the drawing does not keep the other files back: `rest` says what is complete all the same. */
export async function withCharts(
  { files, note }: PreparedFiles,
  draw: () => Promise<Files>,
  rest: string,
  withoutPackages: string,
): Promise<PreparedFiles> {
  if (!(await canDrawHere())) return { files, note: `${note}\n${withoutPackages}` }
  try {
    return { files: { ...files, ...(await withPackages(rest, draw)) }, note }
  } catch (fault) {
    if (fault instanceof OutputError) return { files, note, fault }
    throw fault
  }
}

/** Writes all parts together and prints their notes. Throws the fault of a drawing after that. */
export async function writePrepared(folder: ReportFolder, parts: readonly PreparedFiles[]): Promise<void> {
  await folder.write(Object.assign({}, ...parts.map(({ files }) => files)))
  for (const { note } of parts) if (note !== '') tell(note)
  const fault = parts.find((part) => part.fault)?.fault
  if (fault) throw fault
}
