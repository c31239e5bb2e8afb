import { InputError } from '../../checks/input-error.ts'
import type { Workload } from '../workload.ts'
import { isBlankLine } from './csv-fields.ts'
import { eachLine } from './lines.ts'
import { columnNames, type ReadRow, type RecordedRow, rowReader } from './row.ts'
import { ticksPerMilli } from './ticks.ts'

/** The options of `readRecorded`. */
export interface RecordedOptions {
  /** The greatest number of rows; a workload is kept in memory and needs 16 bytes a call. Default: 2,000,000. */
  readonly mostCalls?: number
}

/**
 * Reads a recorded trace: a CSV file with the columns `TIMESTAMP`, `ContextTokens` and `GeneratedTokens`, in any order and among
 * any others. Arrivals are whole milliseconds since the earliest row, rounded down. Rows are sorted, because the logs of several
 * machines may be mixed; rows of one instant keep their order. A prompt of 0 tokens counts as 1.
 * Throws an `InputError` that names the file, the line, the column and the remedy.
 */
export async function readRecorded(path: string, { mostCalls = 2_000_000 }: RecordedOptions = {}): Promise<Workload> {
  const rows = new Rows()
  let readRow: ReadRow | undefined
  await eachLine(path, (bytes, start, end, line) => {
    if (isBlankLine(bytes, start, end)) return
    if (!readRow) {
      readRow = rowReader(path, textOf(path, bytes.subarray(start, end)))
      return
    }
    if (rows.length === mostCalls) throw tooMany(path, mostCalls, line)
    rows.push(readRow(bytes, start, end, line))
  })
  if (!readRow)
    throw new InputError(
      `Expected the header ${columnNames.join(',')} in the first line of ${path}, got an empty file`,
      'TRACE_INVALID',
    )
  if (rows.length === 0)
    throw new InputError(`Expected recorded calls below the header of ${path}, got none`, 'TRACE_INVALID')
  return rows.workload()
}

/** Returns the header as text, without the byte order mark that some programs write before it. */
function textOf(path: string, bytes: Buffer): string {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const text = bytes.toString('utf8', isMarked ? 3 : 0)
  // Compressed files, spreadsheets and UTF-16 have zero bytes or bytes that are not UTF-8.
  if (!/[\0\ufffd]/.test(text)) return text
  throw new InputError(
    `Expected ${path} to be a CSV file in UTF-8, got other bytes in its first line: unpack it if it is compressed, or save it as UTF-8 text`,
    'TRACE_INVALID',
  )
}

function tooMany(path: string, mostCalls: number, line: number): InputError {
  return new InputError(
    `Expected at most ${mostCalls} calls in ${path}, got more in line ${line}: ` +
      `replay a part of it, such as the one that this command writes: \`head -n ${line - 1} ${path} > part.csv\``,
    'TRACE_INVALID',
  )
}

/** Collects rows in columns that double their length when they are full. */
class Rows {
  length = 0
  #inOrder = true
  #ticks = new Float64Array(1024)
  #promptTokens = new Uint32Array(1024)
  #outputTokens = new Uint32Array(1024)

  push({ ticks, promptTokens, outputTokens }: RecordedRow): void {
    const at = this.length++
    if (at === this.#ticks.length) this.#grow()
    this.#ticks[at] = ticks
    this.#promptTokens[at] = promptTokens
    this.#outputTokens[at] = outputTokens
    if (at > 0 && ticks < this.#ticks[at - 1]!) this.#inOrder = false
  }

  workload(): Workload {
    const { length } = this
    const order = new Uint32Array(length)
    for (let row = 0; row < length; row++) order[row] = row
    const ticks = this.#ticks
    if (!this.#inOrder) order.sort((a, b) => ticks[a]! - ticks[b]! || a - b)
    const first = ticks[order[0]!]!
    const arrival = new Float64Array(length)
    for (let call = 0; call < length; call++) arrival[call] = Math.floor((ticks[order[call]!]! - first) / ticksPerMilli)
    return {
      arrival,
      promptTokens: order.map((row) => this.#promptTokens[row]!),
      outputTokens: order.map((row) => this.#outputTokens[row]!),
    }
  }

  #grow(): void {
    const length = 2 * this.#ticks.length
    const wider = [new Float64Array(length), new Uint32Array(length), new Uint32Array(length)] as const
    wider[0].set(this.#ticks)
    wider[1].set(this.#promptTokens)
    wider[2].set(this.#outputTokens)
    ;[this.#ticks, this.#promptTokens, this.#outputTokens] = wider
  }
}
