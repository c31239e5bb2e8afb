import { InputError } from '../../checks/input-error.ts'
import { splitFields } from './csv-fields.ts'
import { tickReader } from './ticks.ts'

/** The columns that a trace must have. The names are those of the Azure LLM inference traces. */
export const columnNames = ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'] as const

/** The greatest number of tokens of a prompt or an answer. No model reads or writes more in one call. */
const mostTokens = 10_000_000

/** Reads a row. It returns the same object each time, with new values. */
export type ReadRow = (bytes: Buffer, start: number, end: number, line: number) => RecordedRow

/** One call of the recorded trace. */
export interface RecordedRow {
  /** Ticks of 100 ns from an origin that all rows share. */
  ticks: number
  promptTokens: number
  outputTokens: number
}

/** Finds the needed columns in a header line, in any order and among any others, and returns a reader of the rows below it. */
export function rowReader(path: string, header: string): ReadRow {
  const columns = columnsOf(path, header)
  const needed = Math.max(...columns) + 1
  const bounds = new Uint32Array(2 * needed)
  const ticksOf = tickReader()
  const row: RecordedRow = { ticks: 0, promptTokens: 0, outputTokens: 0 }

  return (bytes, start, end, line) => {
    const fields = splitFields(bytes, start, end, bounds)
    if (fields < needed) throw incomplete({ path, line, fields, needed }, excerpt(bytes, start, end))
    const [time, prompt, output] = columns
    row.ticks = ticksOf(bytes, bounds[2 * time]!, bounds[2 * time + 1]!)
    if (Number.isNaN(row.ticks)) throw wrong(0, 'a time such as 2023-11-16 18:15:46.68, or seconds such as 46.68')
    // The simulator and the service accept no empty prompt.
    row.promptTokens = Math.max(1, tokensIn(prompt, 1))
    row.outputTokens = tokensIn(output, 2)
    return row

    function tokensIn(column: number, name: number): number {
      let tokens = bounds[2 * column] === bounds[2 * column + 1] ? Number.NaN : 0
      for (let at = bounds[2 * column]!; at < bounds[2 * column + 1]!; at++) {
        const digit = bytes[at]! - 0x30
        tokens = digit >= 0 && digit <= 9 ? tokens * 10 + digit : Number.NaN
      }
      if (!(tokens <= mostTokens)) throw wrong(name, `a whole number from 0 to ${mostTokens}`)
      return tokens
    }

    function wrong(name: number, expected: string): InputError {
      const column = columns[name]!
      const value = excerpt(bytes, bounds[2 * column]!, bounds[2 * column + 1]!)
      return new InputError(
        `Expected \`${columnNames[name]}\` in ${path}, line ${line}, to be ${expected}, got ${value}: ` +
          'correct the line, or leave it out',
        'TRACE_INVALID',
      )
    }
  }
}

/** A line of a trace that has too few columns; -1 columns stand for a quote that does not end. */
interface IncompleteLine {
  readonly path: string
  readonly line: number
  readonly fields: number
  readonly needed: number
}

function incomplete({ path, line, fields, needed }: IncompleteLine, got: string): InputError {
  return new InputError(
    fields < 0
      ? `Expected every quote in ${path}, line ${line}, to end on its line, got ${got}: correct the line, or leave it out`
      : `Expected at least ${needed} columns in ${path}, line ${line}, got ${fields} in ${got}: ` +
          'complete the line, which may be cut off, or leave it out',
    'TRACE_INVALID',
  )
}

function columnsOf(path: string, header: string): readonly [number, number, number] {
  const bytes = Buffer.from(header)
  const bounds = new Uint32Array(2 * (bytes.length + 1))
  const count = Math.max(0, splitFields(bytes, 0, bytes.length, bounds))
  const names = Array.from({ length: count }, (_, k) =>
    bytes.toString('utf8', bounds[2 * k]!, bounds[2 * k + 1]!).toLowerCase(),
  )
  const found = columnNames.map((name) => names.indexOf(name.toLowerCase()))
  const missing = columnNames.filter((_, i) => found[i]! < 0)
  if (missing.length > 0)
    throw new InputError(
      `Expected the header ${columnNames.join(',')} in the first line of ${path}, got ${excerpt(bytes, 0, bytes.length)}: ` +
        `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing. Give the columns these names, separated by commas`,
      'TRACE_INVALID',
    )
  const twice = columnNames.find((_, i) => names.lastIndexOf(names[found[i]!]!) !== found[i])
  if (twice)
    throw new InputError(
      `Expected one column \`${twice}\` in the header of ${path}, got two: rename or remove one of them`,
      'TRACE_INVALID',
    )
  return found as [number, number, number]
}

/** Quotes a field or a line in a message, cut off after 60 bytes. */
function excerpt(bytes: Buffer, start: number, end: number): string {
  const text = JSON.stringify(bytes.toString('utf8', start, Math.min(end, start + 60)))
  return end - start > 60 ? `${text.slice(0, -1)}…"` : text
}
