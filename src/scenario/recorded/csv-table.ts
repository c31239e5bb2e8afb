import { splitFields } from './csv-fields.ts'
import { excerpt, invalidTrace, type Table } from './table.ts'

/** Returns the table of a CSV file whose header is in `bytes` from `start` to `end`. */
export function csvTable(path: string, bytes: Buffer, start: number, end: number): Table {
  const header = new Uint32Array(2 * (end - start + 1))
  const count = Math.max(0, splitFields(bytes, start, end, header))
  return {
    names: Array.from({ length: count }, (_, k) => bytes.toString('utf8', header[2 * k]!, header[2 * k + 1]!)),
    isFirstLineRow: false,
    finder(columns, bounds) {
      const needed = columns.reduce((most, column) => Math.max(most, column), 0) + 1
      const all = new Uint32Array(2 * needed)
      return (line, from, to, number) => {
        const fields = splitFields(line, from, to, all)
        if (fields < needed) throw incomplete({ path, line: number, fields, needed }, excerpt(line, from, to))
        for (let k = 0; k < columns.length; k++) {
          bounds[2 * k] = all[2 * columns[k]!]!
          bounds[2 * k + 1] = all[2 * columns[k]! + 1]!
        }
        return line
      }
    },
  }
}

/** A line of a trace that has too few columns; -1 columns stand for a quote that does not end. */
interface IncompleteLine {
  readonly path: string
  readonly line: number
  readonly fields: number
  readonly needed: number
}

function incomplete({ path, line, fields, needed }: IncompleteLine, got: string) {
  return invalidTrace(
    fields < 0
      ? `Expected every quote in ${path}, line ${line}, to end on its line, got ${got}: correct the line, or leave it out`
      : `Expected at least ${needed} columns in ${path}, line ${line}, got ${fields} in ${got}: ` +
          'complete the line, which may be cut off, or leave it out',
  )
}
