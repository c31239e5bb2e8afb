import type { InputError } from '../../checks/input-error.ts'
import { chosenColumns, type RowSource } from './chosen-columns.ts'
import type { ColumnChoice } from './column-choice.ts'
import { digits, dot, zero } from './digits.ts'
import { excerpt, invalidTrace } from './table.ts'
import { type ReadTicks, type TimeUnit, tickReader } from './ticks.ts'
import { callParts, formatOf, type TraceFormat } from './trace-format.ts'

/** The greatest number of tokens of a prompt or an answer. No model reads or writes more in one call. */
const mostTokens = 10_000_000

/** One call of the recorded trace. */
export interface RecordedRow {
  /** Ticks of 100 ns from an origin that all rows share. */
  ticks: number
  promptTokens: number
  outputTokens: number
}

/** How the rows of a file are read. */
export interface RowReader {
  /** The name of the file's format; `columns` when the user names every column. */
  readonly format: string
  /** The file's format, unless the user names its columns. */
  readonly known: TraceFormat | undefined
  /** The unit of arrivals that are numbers. */
  readonly unit: TimeUnit
  /** Reads an instant as the arrivals of the file are spelled. */
  readonly ticksOf: ReadTicks
  /** The text of the last arrival that was read. */
  lastArrival(): string
  /** Reads a row. It returns the same object each time, with new values. */
  read(bytes: Buffer, start: number, end: number, line: number): RecordedRow
}

/** Finds the needed columns of a table, in any order and among any others, and returns a reader of its rows. */
export function rowReader(source: RowSource): RowReader {
  const { path, table, choice, field } = source
  const format = formatOf(table.names)
  const columns = chosenColumns(source, format)
  const known = isFormat(choice) ? format : undefined
  // The unit of a format is that of its own column of arrivals.
  const unit = choice.unit ?? (choice.arrival === undefined ? format?.unit : undefined) ?? 's'
  const bounds = new Uint32Array(2 * columns.length)
  const find = table.finder(columns, bounds)
  const ticksOf = tickReader(unit)
  const row: RecordedRow = { ticks: 0, promptTokens: 0, outputTokens: 0 }
  let values: Buffer = Buffer.alloc(0)
  const textOf = (part: number) => values.toString('utf8', bounds[2 * part]!, bounds[2 * part + 1]!)

  function wrong(part: number, line: number, expected: string, remedy = ''): InputError {
    const value = excerpt(values, bounds[2 * part]!, bounds[2 * part + 1]!)
    return invalidTrace(
      `Expected \`${table.names[columns[part]!]}\` in ${path}, line ${line}, to be ${expected}, got ${value}: ` +
        `correct the line, or leave it out${remedy}`,
    )
  }

  function tokens(part: number, line: number): number {
    const start = bounds[2 * part]!
    const end = wholeEnd(values, start, bounds[2 * part + 1]!)
    const count = digits(values, start, end)
    if (count <= mostTokens) return count
    throw wrong(part, line, `a whole number from 0 to ${mostTokens}`)
  }

  return {
    format: known?.name ?? 'columns',
    known,
    unit,
    ticksOf,
    lastArrival: () => textOf(0),
    read(bytes, start, end, line) {
      values = find(bytes, start, end, line)
      row.ticks = ticksOf(values, bounds[0]!, bounds[1]!)
      if (Number.isNaN(row.ticks))
        throw wrong(
          0,
          line,
          `a time such as 2023-11-16 18:15:46.68 or 2023-11-16T18:15:46+08:00, or a number of ${unit} such as 46.68`,
          `. For a number of another unit add \`${field} unit=ms\`, us or ns`,
        )
      // The simulator and the service accept no empty prompt.
      row.promptTokens = Math.max(1, tokens(1, line))
      row.outputTokens = tokens(2, line)
      return row
    },
  }
}

function isFormat(choice: ColumnChoice): boolean {
  return callParts.every((part) => choice[part] === undefined)
}

/** Returns the end of a number without a fraction of zeros, which some programs write after whole numbers too: 374.0. */
function wholeEnd(bytes: Buffer, start: number, end: number): number {
  let at = end
  while (at > start && bytes[at - 1] === zero) at--
  return at > start + 1 && at < end && bytes[at - 1] === dot ? at - 1 : end
}
