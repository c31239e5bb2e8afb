import { InputError } from '../../checks/input-error.ts'
import type { Workload } from '../workload.ts'
import { looksLikeDate } from './calendar.ts'
import type { ColumnChoice } from './column-choice.ts'
import { isBlankLine } from './csv-fields.ts'
import { csvTable } from './csv-table.ts'
import { jsonTable } from './json-table.ts'
import { eachLine } from './lines.ts'
import { countsFromStart, type PartOptions, type TickBounds, tickBounds } from './part.ts'
import { RecordedRows } from './recorded-rows.ts'
import { type RowReader, rowReader } from './row.ts'
import { invalidTrace, type Table } from './table.ts'
import { ticksPerMilli, timeUnits } from './ticks.ts'
import { unitWarning } from './unit-warning.ts'

const progressRows = 100_000

/** The options of `readRecorded`. */
export interface RecordedOptions extends PartOptions {
  /** The columns of the file. Default: those of its format. */
  readonly columns?: ColumnChoice
  /** The greatest number of rows that are kept; they stay in memory, with 16 bytes each. Default: 2,000,000. */
  readonly mostCalls?: number
  /** The text before the name of an option in messages. Default: `--`. */
  readonly prefix?: string
  /** Called for each 100,000 rows, with the number of those that were read. Default: nothing is. */
  onProgress?(rows: number): void
}

/** The calls of a recorded trace that are replayed, and how many others the file has. */
export interface RecordedTrace {
  readonly workload: Workload
  /** The name of the file's format, or `columns` when the user named every column. */
  readonly format: string
  /** The number of rows in the file. */
  readonly rows: number
  /** The number of rows that are not between `from` and `to`. */
  readonly outside: number
  /** The number of rows that `every` leaves out. */
  readonly skipped: number
  /** What looks wrong in the file, and the remedy. */
  readonly warnings: readonly string[]
}

/** What all passes over one file share. */
interface Source {
  readonly path: string
  readonly options: RecordedOptions
  readonly prefix: string
  readonly mostCalls: number
}

/**
 * Reads a recorded trace: CSV with a header, or JSON Lines, in one of the formats in `trace-format.ts` or with columns that the user
 * names; in any order and among any others. It is read as a stream, so only the rows that are kept need memory. Arrivals are whole
 * milliseconds since the earliest row that is kept, rounded down. Rows are sorted, because the logs of several machines may be mixed; rows
 * of one instant keep their order. A prompt of 0 tokens counts as 1.
 * Throws an `InputError` that names the file, the line, the column and the remedy.
 */
export async function readRecorded(path: string, options: RecordedOptions = {}): Promise<RecordedTrace> {
  const { prefix = '--', mostCalls = 2_000_000 } = options
  const source = { path, options, prefix, mostCalls }
  const pass = await readAll(source)
  // The first row was taken for the start of the trace. When a later line has an earlier row, the part is found in a second pass.
  const isWrongStart = countsFromStart(options) && pass.earliest < pass.start
  return traceOf(source, isWrongStart ? await readAll(source, pass.earliest) : pass)
}

/** What one pass over the file found. */
interface Pass {
  readonly reader: RowReader
  readonly kept: RecordedRows
  /** The instant that was taken for the start of the trace, in ticks. */
  readonly start: number
  readonly earliest: number
  readonly latest: number
  readonly rows: number
  readonly outside: number
  readonly areWhole: boolean
  readonly areDates: boolean
  /** The number of rows that are kept whose answer has 0 tokens. */
  readonly empty: number
}

async function readAll({ path, options, prefix, mostCalls }: Source, knownStart?: number): Promise<Pass> {
  const { columns: choice = {}, every = 1 } = options
  const kept = new RecordedRows(mostCalls)
  let reader: RowReader | undefined
  let bounds: TickBounds | undefined
  let [start, earliest, latest, rows, outside] = [knownStart ?? 0, Infinity, -Infinity, 0, 0]
  let [areWhole, areDates, step, empty] = [true, false, 1, 0]
  await eachLine(path, (bytes, from, end, line) => {
    if (isBlankLine(bytes, from, end)) return
    let at = from
    if (!reader) {
      at = textStart(path, bytes, from, end)
      const table = tableOf(path, bytes, at, end, line)
      reader = rowReader({ path, table, choice, field: `${prefix}columns` })
      step = (1000 * ticksPerMilli) / 10 ** timeUnits[reader.unit]
      if (!table.isFirstLineRow) return
    }
    const row = reader.read(bytes, at, end, line)
    const { ticks } = row
    if (!bounds) {
      const example = reader.lastArrival()
      areDates = looksLikeDate(Buffer.from(example), 0, example.length)
      start = knownStart ?? ticks
      bounds = tickBounds(options, start, { path, ticksOf: reader.ticksOf, example, prefix })
    }
    rows++
    if (ticks < earliest) earliest = ticks
    if (ticks > latest) latest = ticks
    if (ticks % step !== 0) areWhole = false
    if (ticks < bounds.from || ticks >= bounds.to) outside++
    else if ((rows - 1 - outside) % every === 0) {
      kept.push(row)
      if (row.outputTokens === 0) empty++
    }
    if (rows % progressRows === 0) options.onProgress?.(rows)
  })
  if (!reader)
    throw invalidTrace(`Expected a header or an object of JSON in the first line of ${path}, got an empty file`)
  return { reader, kept, start, earliest, latest, rows, outside, areWhole, areDates, empty }
}

function traceOf({ path, options, prefix, mostCalls }: Source, pass: Pass): RecordedTrace {
  const { reader, kept, rows, outside, earliest, latest, areWhole } = pass
  const { every = 1, from, to } = options
  if (rows === 0) throw invalidTrace(`Expected recorded calls below the header of ${path}, got none`)
  if (kept.length === 0)
    throw new InputError(
      `Expected \`${prefix}from\` and \`${prefix}to\` to leave rows of ${path}, got ${from ?? 'the start'} to ${to ?? 'the end'}, which has ` +
        `none: the trace lasts ${((latest - earliest) / ticksPerMilli / 1000).toFixed(3)} s`,
    )
  if (kept.length > mostCalls)
    throw invalidTrace(
      `Expected at most ${mostCalls} calls to replay from ${path}, got ${kept.length} of its ${rows} rows: sample them with ` +
        `\`${prefix}every ${every * Math.ceil(kept.length / mostCalls)}\`, or take a part with \`${prefix}from\` and \`${prefix}to\``,
    )
  const isConfirmed = pass.areDates || options.columns?.unit !== undefined
  const warning = isConfirmed
    ? undefined
    : unitWarning({ path, unit: reader.unit, rows, span: latest - earliest, areWhole, field: `${prefix}columns` })
  return {
    workload: kept.workload(),
    format: reader.format,
    rows,
    outside,
    skipped: rows - outside - kept.length,
    warnings: [...(warning === undefined ? [] : [warning]), ...formatWarnings(path, pass)],
  }
}

/** What is known of a format, and looks like something else in a replay. */
function formatWarnings(path: string, { reader: { known }, kept, empty }: Pass): string[] {
  const { caution, emptyAnswer } = known ?? {}
  return [
    ...(caution === undefined ? [] : [`The times of ${path} ${caution}.`]),
    ...(emptyAnswer === undefined || empty === 0
      ? []
      : [
          `${empty} of ${kept.length} calls of ${path} have an answer of 0 tokens: ${emptyAnswer}. They are replayed with an empty answer.`,
        ]),
  ]
}

function tableOf(path: string, bytes: Buffer, start: number, end: number, line: number): Table {
  if (bytes[start] === 0x5b)
    throw invalidTrace(
      `Expected ${path} to have one object of JSON on each line, got a list: write it as JSON Lines, such as with \`jq -c '.[]'\``,
    )
  return bytes[start] === 0x7b ? jsonTable(path, bytes, start, end, line) : csvTable(path, bytes, start, end)
}

/** Returns where the text of the first line starts: after the byte order mark that some programs write, and after blanks. */
function textStart(path: string, bytes: Buffer, start: number, end: number): number {
  // Compressed files, spreadsheets and UTF-16 have zero bytes or bytes that are not UTF-8.
  if (/[\0\ufffd]/.test(bytes.toString('utf8', start, end)))
    throw invalidTrace(
      `Expected ${path} to be CSV or JSON Lines in UTF-8, got other bytes in its first line: unpack it if it is compressed, or save it as UTF-8 text`,
    )
  const isMarked = bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf
  let at = isMarked ? start + 3 : start
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++
  return at
}
