import { InputError } from '../../src/checks/input-error.ts'
import { type Check, type Checks, type Fields, isObject, list, number, object, text } from '../../src/checks/shape.ts'
import type { Cell } from '../../src/compare/raw-result.ts'
import { readThreshold } from '../../src/compare/thresholds.ts'
import { show } from '../../src/core/expect.ts'
import { CellTable, type ErrorFor, expectNoProblems } from './cell-table.ts'
import { eachObject, errorIn, expectFormat, studyOf } from './object-lines.ts'
import type { Shard } from './shard.ts'
import { cellDigester, headerLine, type Origin, type ShardHeader, shardFormat } from './shard-lines.ts'
import type { StrategyFailure } from './strategy-failures.ts'

/** A shard as its file has it. */
export interface ReadShard {
  readonly header: ShardHeader
  /** The cells in the order of the study. */
  readonly cells: readonly Cell[]
  /** The strategies that failed in the shard. */
  readonly failures: readonly StrategyFailure[]
}

/** Reads the complete file of a shard. Rejects with an `InputError` that names the file, the line and the remedy. */
export async function readShard(path: string): Promise<ReadShard> {
  const file = new ShardFile()
  await file.read(path)
  const { header, table } = file
  if (!header || !table)
    throw errorIn(path, 'Expected the header of a shard in the first line, got an empty file', file.subject)
  const cells = table.cells((problem) => errorIn(path, problem, file.subject))
  return { header, cells, failures: table.failures }
}

/**
 * Reads the journal of a run that did not end. Its last line may be cut off: the cells before the first wrong line are returned.
 * Returns undefined when its header cannot be read.
 */
export async function readJournal(path: string): Promise<ReadShard | undefined> {
  const file = new ShardFile()
  await file.read(path).catch((error) => {
    if (!(error instanceof InputError)) throw error
  })
  const { header, table } = file
  return header && table && { header, cells: table.found(), failures: table.failures }
}

/** What was read of a file so far. */
class ShardFile {
  header: ShardHeader | undefined
  table: CellTable | undefined
  #digestOf: (cell: object) => string = () => ''

  /** What errors say about the file. */
  get subject() {
    return { study: this.header?.study, shard: this.header?.shard }
  }

  async read(path: string): Promise<void> {
    await eachObject(
      path,
      () => this.subject,
      (fields, line, errorFor) => {
        if (this.table) this.#add(this.table, fields, line, errorFor)
        else this.#begin(headerOf(fields, errorFor))
      },
    )
  }

  #begin(header: ShardHeader): void {
    this.header = header
    this.table = new CellTable(header.study, header.shard)
    this.#digestOf = cellDigester(headerLine(header))
  }

  #add(table: CellTable, { digest, cell, failed, ...others }: Fields, line: number, errorFor: ErrorFor): void {
    expectNoProblems(object({})('line', others), errorFor)
    const [content, what] = failed === undefined ? [cell, 'cell'] : [failed, 'failure']
    if (!isObject(content) || (failed !== undefined && cell !== undefined))
      throw errorFor('Expected either an object `cell` or an object `failed` in the line')
    if (digest !== this.#digestOf(content))
      throw errorFor(
        `Expected \`digest\` to be that of the ${what} in this file: the ${what} was changed, or is from another file`,
      )
    if (failed === undefined) table.add(content, line, errorFor)
    else table.addFailure(content, errorFor)
  }
}

/** The greatest number of shards. It keeps what a message lists, and what it takes to find, within bounds. */
const mostShards = 1_000_000
const count = number({ atLeast: 1, atMost: mostShards, whole: true })

/** Messages quote the version, and the file may come from a stranger. */
const version: Check = (field, value) =>
  typeof value === 'string' && /^[\w.+-]{1,40}$/.test(value)
    ? []
    : [`Expected \`${field}\` to be a version such as 1.2.3, got ${show(value)}`]

const threshold: Check = (field, value) => {
  if (typeof value !== 'string') return text(field, value)
  const read = readThreshold(field, value)
  return 'problem' in read ? [read.problem] : []
}

const shape = object({
  schema: text,
  origin: object({ version, code: text, input: text } satisfies Checks<Origin>),
  shard: object({ index: count, count } satisfies Checks<Shard>),
  thresholds: list(threshold),
  study: (field, value) => (isObject(value) ? [] : [`Expected \`${field}\` to be an object`]),
} satisfies Checks<ShardHeader & { schema: string }>)

function headerOf(fields: Fields, errorFor: ErrorFor): ShardHeader {
  expectFormat(fields.schema, shardFormat, errorFor)
  expectNoProblems(shape('header', fields), errorFor)
  const { origin, shard, thresholds } = fields as unknown as ShardHeader
  if (shard.index > shard.count)
    throw errorFor(`Expected \`header.shard.index\` to be <= ${shard.count}, got ${shard.index}`)
  return { origin, shard, thresholds, study: studyOf(fields.study as Fields, errorFor) }
}
