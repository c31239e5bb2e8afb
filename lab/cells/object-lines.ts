import { InputError } from '../../src/checks/input-error.ts'
import { type Fields, isObject } from '../../src/checks/shape.ts'
import type { StudyFacts } from '../../src/compare/raw-result.ts'
import { show } from '../../src/core/expect.ts'
import { printable } from '../../src/core/printable.ts'
import { eachLine } from '../../src/scenario/recorded/lines.ts'
import { cellsFormat } from './cell-lines.ts'
import { headerShape } from './cell-shape.ts'
import { type ErrorFor, expectNoProblems } from './cell-table.ts'
import { type Shard, shardText } from './shard.ts'

/**
 * In bytes. A run of 180 days, the longest, has a shorter line while it admits and denies fewer than 100 attempts a second: two of its
 * series have a number for each second.
 */
const longestLine = 128 * 1024 * 1024

/** The most characters of a problem that a message has. A problem can quote a whole line of the file. */
const longestProblem = 300

/** The study whose cells are in a file, and the shard if the file has only the cells of one. Both help to name the remedy. */
export interface FileSubject {
  readonly study?: StudyFacts | undefined
  readonly shard?: Shard | undefined
}

/**
 * Reads a file that has a JSON object in each line. Blank lines are left out. Rejects with an `InputError` that names the file, the
 * line and the remedy. `subject` returns what is known of the file so far.
 */
export async function eachObject(
  path: string,
  subject: () => FileSubject,
  receive: (fields: Fields, line: number, errorFor: ErrorFor) => void,
): Promise<void> {
  await eachLine(
    path,
    (bytes, start, end, line) => {
      const errorFor = (problem: string) => errorIn(`${path}, line ${line}`, problem, subject())
      const fields = fieldsOf(bytes.subarray(start, end), errorFor)
      if (fields) receive(fields, line, errorFor)
    },
    { longestLine, kind: 'file of cells', codes: { unreadable: 'CELLS_NOT_FOUND', invalid: 'CELLS_INVALID' } },
  )
}

/**
 * Returns the error for a problem with the file, and the command that writes the file again. The file may come from a stranger, so
 * a long problem is cut off and control characters are replaced: they could change what a terminal shows.
 */
export function errorIn(place: string, problem: string, { study, shard }: FileSubject): InputError {
  const short = problem.length > longestProblem ? `${problem.slice(0, longestProblem)}…` : problem
  const remedy = `Run ${commandText(study, shard)} again to write a new file.`
  return new InputError(`${place}: ${printable(short)}. ${remedy}`, 'CELLS_INVALID')
}

/** Returns the command that runs the study or a shard of it, for a message. Default: `the study`, when no command is safe to show. */
export function commandText(study: StudyFacts | undefined, shard?: Shard): string {
  const flags = shard && shard.count > 1 ? [`--shard ${shardText(shard)}`] : []
  const command = ['ratelab run', study?.scenario.given ?? '', ...(study?.changed ?? []), ...flags].join(' ')
  if (study?.scenario.given && /^[\w ./,=-]+$/.test(command)) return `\`${command}\``
  return ['the study', ...flags.map((flag) => `with ${flag}`)].join(' ')
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

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

/** Returns the study that these fields describe, with numbers in place of the texts "Infinity" and "NaN". */
export function studyOf(fields: Fields, errorFor: ErrorFor): StudyFacts {
  const { schema, ...facts } = fields
  expectFormat(schema, cellsFormat, errorFor)
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

/** Throws when `schema` is not the format, which is a name and a version such as `ratelab.cells/2`. */
export function expectFormat(schema: unknown, format: string, errorFor: ErrorFor): void {
  if (schema === format) return
  const expected = `Expected \`schema\` to be ${format}, got ${show(schema)}`
  const isOtherVersion = typeof schema === 'string' && schema.startsWith(format.replace(/\d+$/, ''))
  throw errorFor(
    isOtherVersion ? `${expected}: another version of ratelab wrote this file, and that version can read it` : expected,
  )
}
