import type { RawResult } from '../../src/compare/raw-result.ts'
import { CellTable } from './cell-table.ts'
import { eachObject, errorIn, studyOf } from './object-lines.ts'

/**
 * Reads a file that has the lines of `cellLines`. The cells may stand in any order; they are returned in the order of the study.
 * Rejects with an `InputError` that names the file, the line and the remedy.
 */
export async function readCells(path: string): Promise<RawResult> {
  let table: CellTable | undefined
  const subject = () => ({ study: table?.study })
  await eachObject(path, subject, (fields, line, errorFor) => {
    if (table) table.add(fields, line, errorFor)
    else table = new CellTable(studyOf(fields, errorFor))
  })
  if (!table) throw errorIn(path, 'Expected a study in the first line, got an empty file', subject())
  return { study: table.study, cells: table.cells((problem) => errorIn(path, problem, subject())) }
}
