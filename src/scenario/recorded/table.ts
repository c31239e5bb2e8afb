import { InputError } from '../../checks/input-error.ts'
import { show } from '../../core/expect.ts'

/**
 * Finds the chosen values of a row in its line: value k is in the returned bytes from `bounds[2k]` to `bounds[2k + 1]`. Throws an
 * `InputError` when the line is not a complete row.
 */
export type FindValues = (bytes: Buffer, start: number, end: number, line: number) => Buffer

/** How a file holds its rows: as CSV or as JSON Lines. */
export interface Table {
  /** The names of the columns, as the file spells them. */
  readonly names: readonly string[]
  /** Whether the first line is a row. Otherwise it is a header. */
  readonly isFirstLineRow: boolean
  /** Returns a function that finds the values of these columns and writes where they are to `bounds`. */
  finder(columns: readonly number[], bounds: Uint32Array): FindValues
}

/** The error for a file that is not a recorded trace. */
export function invalidTrace(message: string): InputError {
  return new InputError(message, 'TRACE_INVALID')
}

/** Quotes a field or a line in a message, cut off after 60 bytes. */
export function excerpt(bytes: Buffer, start: number, end: number): string {
  const text = show(bytes.toString('utf8', start, Math.min(end, start + 60)))
  return end - start > 60 ? `${text.slice(0, -1)}…"` : text
}
