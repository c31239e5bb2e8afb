import { InputError } from '../../src/checks/input-error.ts'
import { type Fields, isObject } from '../../src/checks/shape.ts'
import type { RawResult, StudyFacts } from '../../src/compare/raw-result.ts'
import { show } from '../../src/core/expect.ts'
import { eachLine } from '../../src/scenario/recorded/lines.ts'
import { cellsFormat } from './cell-lines.ts'
import { headerShape } from './cell-shape.ts'
import { CellTable, type ErrorFor, expectNone } from './cell-table.ts'

/** Longer than the line of a run of 30 days, whose series has a number for each second. */
const longestLine = 64 * 1024 * 1024

/** A message quotes no more of a line. */
const longestProblem = 300

/**
 * Reads a file of cells, as `cellLines` gives it. Cells may stand in any order and come back in that of the study.
 * Rejects with an `InputError` that names the file, the line and what to do.
 */
export async function readCells(path: string): Promise<RawResult> {
  let table: CellTable | undefined
  await eachLine(
    path,
    (bytes, start, end, line) => {
      const errorFor = (problem: string) => errorIn(`${path}, line ${line}`, problem, table?.study)
      const fields = fieldsOf(bytes.subarray(start, end), errorFor)
      if (fields && table) table.take(fields, line, errorFor)
      else if (fields) table = new CellTable(studyOf(fields, errorFor))
    },
    { longestLine, kind: 'file of cells' },
  )
  if (!table) throw errorIn(path, 'Expected a study in the first line, got an empty file')
  return { study: table.study, cells: table.cells((problem) => errorIn(path, problem, table?.study)) }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** One sentence, and what to do. What a file says may be anything: little of it is shown, and no control characters. */
function errorIn(place: string, problem: string, study?: StudyFacts): InputError {
  const cut = problem.length > longestProblem ? `${problem.slice(0, longestProblem)}…` : problem
  const command = ['ratelab run', study?.scenario.given ?? '', ...(study?.changed ?? [])].join(' ')
  const again = study?.scenario.given && /^[\w ./,=-]+$/.test(command) ? `Run \`${command}\`` : 'Run the study'
  return new InputError(`${place}: ${cut.replace(/\p{Cc}/gu, '?')}. ${again} again, which writes the file anew.`)
}

/** The object in a line; undefined for a blank line. */
function fieldsOf(bytes: Uint8Array, errorFor: ErrorFor): Fields | undefined {
  let value: unknown
  try {
    const json = utf8.decode(bytes)
    if (json.trim() === '') return undefined
    value = JSON.parse(json)
  } catch {
    throw errorFor('Expected a JSON object, got what is no JSON; a file that was cut off ends so')
  }
  if (isObject(value)) return value
  throw errorFor(`Expected a JSON object, got ${show(value)}`)
}

function studyOf(fields: Fields, errorFor: ErrorFor): StudyFacts {
  const { schema, ...facts } = fields
  if (schema !== cellsFormat) throw errorFor(otherFormat(schema))
  expectNone(headerShape('study', fields), errorFor)
  const study = facts as unknown as StudyFacts
  const cases = study.cases.map((each) => ({
    ...each,
    patience: Number(each.patience),
    limitPerSecond: Number(each.limitPerSecond),
    raises: each.raises.map(({ at, perSecond }) => ({ at, perSecond: Number(perSecond) })),
  }))
  return { ...study, cases }
}

function otherFormat(schema: unknown): string {
  const expected = `Expected \`schema\` to be ${cellsFormat}, got ${show(schema)}`
  return typeof schema === 'string' && schema.startsWith('ratelab.cells/')
    ? `${expected}, which another version of ratelab wrote and can read`
    : expected
}
