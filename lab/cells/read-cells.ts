import { InputError } from '../../src/checks/input-error.ts'
import { printable } from '../../src/checks/printable.ts'
import { type Fields, isObject } from '../../src/checks/shape.ts'
import type { RawResult, StudyFacts } from '../../src/compare/raw-result.ts'
import { show } from '../../src/core/expect.ts'
import { eachLine } from '../../src/scenario/recorded/lines.ts'
import { cellsFormat } from './cell-lines.ts'
import { headerShape } from './cell-shape.ts'
import { CellTable, type ErrorFor, expectNoProblems } from './cell-table.ts'

/** In bytes. A run of 30 days, the longest, has a line of less than half of this: its series has a number for each second. */
const longestLine = 64 * 1024 * 1024

/** The most characters of a problem that a message has. A problem can quote a whole line of the file. */
const longestProblem = 300

/**
 * Reads a file that has the lines of `cellLines`. The cells may stand in any order; they are returned in the order of the study.
 * Rejects with an `InputError` that names the file, the line and the remedy.
 */
export async function readCells(path: string): Promise<RawResult> {
  let table: CellTable | undefined
  await eachLine(
    path,
    (bytes, start, end, line) => {
      const errorFor = (problem: string) => errorIn(`${path}, line ${line}`, problem, table?.study)
      const fields = fieldsOf(bytes.subarray(start, end), errorFor)
      if (fields && table) table.add(fields, line, errorFor)
      else if (fields) table = new CellTable(studyOf(fields, errorFor))
    },
    { longestLine, kind: 'file of cells', codes: { unreadable: 'CELLS_NOT_FOUND', invalid: 'CELLS_INVALID' } },
  )
  if (!table) throw errorIn(path, 'Expected a study in the first line, got an empty file')
  return { study: table.study, cells: table.cells((problem) => errorIn(path, problem, table?.study)) }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Returns the error for a problem with the file, and the command that writes the file again. The file may come from a stranger, so
 * a long problem is cut off and control characters are replaced: they could change what a terminal shows.
 */
function errorIn(place: string, problem: string, study?: StudyFacts): InputError {
  const short = problem.length > longestProblem ? `${problem.slice(0, longestProblem)}…` : problem
  const command = ['ratelab run', study?.scenario.given ?? '', ...(study?.changed ?? [])].join(' ')
  const remedy = study?.scenario.given && /^[\w ./,=-]+$/.test(command) ? `Run \`${command}\`` : 'Run the study'
  return new InputError(`${place}: ${printable(short)}. ${remedy} again to write a new file.`, 'CELLS_INVALID')
}

/** Returns the object in a line, or undefined for a blank line. */
function fieldsOf(bytes: Uint8Array, errorFor: ErrorFor): Fields | undefined {
  let value: unknown
  try {
    const json = utf8.decode(bytes)
    if (json.trim() === '') return undefined
    value = JSON.parse(json)
  } catch {
    throw errorFor('Expected a JSON object, got text that is not JSON; the file may be cut off')
  }
  if (isObject(value)) return value
  throw errorFor(`Expected a JSON object, got ${show(value)}`)
}

/** Returns the study that the first line describes, with numbers in place of the texts "Infinity" and "NaN". */
function studyOf(fields: Fields, errorFor: ErrorFor): StudyFacts {
  const { schema, ...facts } = fields
  if (schema !== cellsFormat) throw errorFor(formatProblem(schema))
  expectNoProblems(headerShape('study', fields), errorFor)
  const study = facts as unknown as StudyFacts
  const cases = study.cases.map((each) => ({
    ...each,
    patience: Number(each.patience),
    limitPerSecond: Number(each.limitPerSecond),
    raises: each.raises.map(({ at, perSecond }) => ({ at, perSecond: Number(perSecond) })),
  }))
  return { ...study, cases }
}

function formatProblem(schema: unknown): string {
  const expected = `Expected \`schema\` to be ${cellsFormat}, got ${show(schema)}`
  return typeof schema === 'string' && schema.startsWith('ratelab.cells/')
    ? `${expected}: another version of ratelab wrote this file, and that version can read it`
    : expected
}
