import {
  about,
  isObject,
  number,
  type OptionalShape,
  object,
  oneOf,
  optional,
  type Shape,
  shapeOf,
} from '../checks/shape.ts'
import type { Bounds } from '../core/expect.ts'

/** The row of one switch. Its type, its check, its schema and all texts about it are computed from the row. */
export interface SwitchRow {
  readonly default: SwitchValue
  /** The values that the switch may have, or the bounds of a number. */
  readonly values: readonly (string | boolean)[] | Bounds
  /**
   * A lower and a higher value of a number that are worth trying, because nobody knows the true one. A list of `values` needs none: each of
   * its values is worth trying. Default: none.
   */
  readonly alternatives?: readonly [lower: number, higher: number]
  /** Whether it changes nothing where no limit is soft. Default: it may change anything. */
  readonly onlySoft?: boolean
  /** Whether the default is an assumption or a fact about the service; `docs/discoveries.md` gives the source of each fact. */
  readonly label: 'assumption' | 'fact'
  /** What the switch sets, as reports word it. */
  readonly meaning: string
  /** The unit of a number; `ms` also ends its key in JSON. */
  readonly unit?: string
  /** Further facts for the user, such as what is documented, or what a value does. */
  readonly note?: string
}

/** The rows of several switches, by name. */
export type SwitchTable = Readonly<Record<string, SwitchRow>>

/** The value of each switch of a table. */
export type ValuesOf<T extends SwitchTable> = {
  readonly [K in keyof T]: T[K]['values'] extends readonly (infer V extends string | boolean)[] ? V : number
}

/** Returns the names of the switches, in the order of the table. */
export function namesOf<T extends SwitchTable>(table: T): readonly (keyof T & string)[] {
  return Object.keys(table)
}

/** Returns the value of every switch: the given value, or else the default. */
export function withDefaults<T extends SwitchTable>(table: T, given: Partial<ValuesOf<T>>): ValuesOf<T> {
  const defaults = Object.fromEntries(Object.entries(table).map(([name, row]) => [name, row.default]))
  return { ...defaults, ...given } as ValuesOf<T>
}

/** Returns what the switch sets, with its unit. */
export function meaningOf({ meaning, unit }: SwitchRow): string {
  return unit === undefined ? meaning : `${meaning}, ${unit}`
}

/** Returns what the switch sets, with its unit and its note. */
export function aboutSwitch(row: SwitchRow): string {
  return row.note === undefined ? meaningOf(row) : `${meaningOf(row)}; ${row.note}`
}

/** A value that a switch may have. */
export type SwitchValue = string | number | boolean

/** Returns the other values that are worth trying in place of this one: all others of a list; of a number, its alternatives and its default. */
export function alternativesTo(value: SwitchValue, row: SwitchRow): SwitchValue[] {
  const { values, alternatives, default: usual } = row
  const ofNumber = alternatives ? [alternatives[0], usual, alternatives[1]] : [usual]
  return (isList(values) ? values : ofNumber).filter((each) => each !== value)
}

/** Returns the shape of a switch's value. */
export function valueShape({ values }: SwitchRow): Shape<string | number | boolean> {
  return isList(values) ? oneOf(values) : number(values)
}

/**
 * Returns the shape of an object that may have each switch of a table. A switch with the value `undefined` is a problem, because it
 * would replace the default.
 */
export function chosenShape<T extends SwitchTable>(table: T): Shape<Partial<ValuesOf<T>>> {
  const rows = Object.entries(table)
  const fields = Object.fromEntries(rows.map(([name, row]) => [name, described(row)]))
  const shape = object<Readonly<Record<string, OptionalShape>>>(fields)
  const isUndefined = (value: unknown, name: string) =>
    isObject(value) && Object.hasOwn(value, name) && value[name] === undefined
  return shapeOf(
    (field, value) => [
      ...shape(field, value),
      ...rows
        .filter(([name]) => isUndefined(value, name))
        .flatMap(([name, row]) => valueShape(row)(`${field}.${name}`, undefined)),
    ],
    shape.schema,
  )
}

function described(row: SwitchRow): OptionalShape {
  const text = aboutSwitch(row)
  return about(optional(valueShape(row), row.default), `${text[0]!.toUpperCase()}${text.slice(1)} (${row.label}).`)
}

function isList(values: SwitchRow['values']): values is readonly (string | boolean)[] {
  return Array.isArray(values)
}
