import { jsonExcess } from '../../checks/json-excess.ts'
import { type Fields, isObject } from '../../checks/shape.ts'
import { excerpt, invalidTrace, type Table } from './table.ts'

/** The greatest number of bytes of a value that is read. An instant or a number of tokens is shorter; a longer value is cut off. */
const longestValue = 100

/**
 * Returns the table of a file of JSON Lines, whose first line is in `bytes` from `start` to `end`. The fields of that line are the
 * columns; a field of an object within it has a name such as `usage.prompt_tokens`.
 */
export function jsonTable(path: string, bytes: Buffer, start: number, end: number, line: number): Table {
  const columns = [...columnsIn(parsed(path, bytes, start, end, line))]
  return {
    names: columns.map(({ name }) => name),
    isFirstLineRow: true,
    finder(chosen, bounds) {
      const values = Buffer.alloc(chosen.length * longestValue)
      return (row, from, to, number) => {
        const fields = parsed(path, row, from, to, number)
        for (let k = 0; k < chosen.length; k++) {
          const { name, keys } = columns[chosen[k]!]!
          const value = keys.reduce<unknown>((within, key) => (isObject(within) ? within[key] : undefined), fields)
          if (value === undefined)
            throw invalidTrace(
              `Expected a field \`${name}\` in ${path}, line ${number}, got ${excerpt(row, from, to)}: complete the line, or leave it out`,
            )
          bounds[2 * k] = k * longestValue
          bounds[2 * k + 1] = k * longestValue + values.write(textOf(value), k * longestValue, longestValue)
        }
        return values
      }
    },
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : JSON.stringify(value)
}

function parsed(path: string, bytes: Buffer, start: number, end: number, line: number): Fields {
  const json = bytes.toString('utf8', start, end)
  const excess = jsonExcess(json)
  if (excess !== undefined)
    throw invalidTrace(`Expected ${path}, line ${line}, to be a small object of JSON, but it ${excess}: leave it out`)
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    value = undefined
  }
  if (isObject(value)) return value
  throw invalidTrace(
    `Expected ${path}, line ${line}, to be an object of JSON on one line, got ${excerpt(bytes, start, end)}: ` +
      'complete the line, which may be cut off, or leave it out; an object on several lines must be written on one, as `jq -c` does',
  )
}

interface JsonColumn {
  readonly name: string
  /** The keys that lead to the value. */
  readonly keys: readonly string[]
}

function* columnsIn(fields: Fields, above: readonly string[] = []): Generator<JsonColumn> {
  for (const [key, value] of Object.entries(fields)) {
    const keys = [...above, key]
    if (isObject(value)) yield* columnsIn(value, keys)
    else yield { name: keys.join('.'), keys }
  }
}
