import { didYouMean } from '../../checks/did-you-mean.ts'
import { InputError } from '../../checks/input-error.ts'
import { show } from '../../core/expect.ts'
import type { ColumnChoice } from './column-choice.ts'
import { invalidTrace, type Table } from './table.ts'
import {
  type CallPart,
  callParts,
  countFound,
  headerOf,
  positionsOf,
  type TraceFormat,
  traceFormats,
} from './trace-format.ts'

/** The file and the user's choice of its columns. `field` names the option that has the choice. */
export interface RowSource {
  readonly path: string
  readonly table: Table
  readonly choice: ColumnChoice
  readonly field: string
}

/** Returns the positions of arrival, prompt and output among the columns of a file: those that the user names, else those of its format. */
export function chosenColumns(source: RowSource, format: TraceFormat | undefined): number[] {
  return callParts.map((part) => columnOf(part, source, format))
}

function columnOf(part: CallPart, { path, table: { names }, choice, field }: RowSource, format?: TraceFormat): number {
  const name = choice[part] ?? format?.columns[part]
  if (name === undefined) throw unknownFormat(path, names, field)
  const [position, second] = positionsOf(name, names)
  if (position === undefined)
    throw new InputError(
      `Expected \`${field}\` to name columns of ${path}, got ${part}=${name}${didYouMean(name, names)}: it has ${shown(names)}`,
    )
  if (second === undefined) return position
  throw invalidTrace(`Expected one column \`${name}\` in the header of ${path}, got two: rename or remove one of them`)
}

function unknownFormat(path: string, names: readonly string[], field: string): InputError {
  const nearest = traceFormats.toSorted((a, b) => countFound(b, names) - countFound(a, names))[0]!
  const missing = Object.values(nearest.columns).filter((name) => positionsOf(name, names).length === 0)
  const known =
    missing.length < callParts.length
      ? `the columns ${headerOf(nearest)} (${nearest.name})`
      : `the columns of a known trace (${traceFormats.map((each) => `${each.name}: ${headerOf(each)}`).join('; ')})`
  const why =
    missing.length < callParts.length ? `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing. ` : ''
  return invalidTrace(
    `Expected ${known} in ${path}, got ${shown(names)}: ${why}` +
      `Name the columns with \`${field} arrival=…,prompt=…,output=…\`; a CSV file needs a header, and commas between the columns`,
  )
}

function shown(names: readonly string[]): string {
  return names.length === 0 ? 'none' : show(names.slice(0, 20).join(','))
}
