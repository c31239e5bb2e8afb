import { type Bounds, numberProblem, show } from '../../src/core/expect.ts'

/** One switch: what it may be, what it is unless said otherwise, and on what ground. */
export interface SwitchRow<T> {
  readonly default: T
  readonly values: readonly T[] | Bounds
  readonly label: 'assumption' | 'fact'
  readonly about: string
}

/** Switches of one kind. Every default is in its table and nowhere else; `docs/discoveries.md` says what is known about each. */
export type SwitchTable<S> = { readonly [K in keyof S]: SwitchRow<S[K]> }

/** In the order of the table. */
export function namesOf<S>(table: SwitchTable<S>): readonly (keyof S & string)[] {
  return Object.keys(table) as (keyof S & string)[]
}

/** The defaults, with what is chosen put over them. */
export function withDefaults<S>(table: SwitchTable<S>, chosen: Partial<S>): S {
  const defaults = Object.fromEntries(namesOf(table).map((name) => [name, table[name].default]))
  return { ...defaults, ...chosen } as S
}

/** What is wrong with a value for a switch, as a sentence that names `field`. */
export function valueProblem({ values }: SwitchRow<unknown>, value: unknown, field: string): string | undefined {
  if (!isList(values)) return numberProblem(field, value, values)
  if (values.includes(value)) return undefined
  return `Expected \`${field}\` to be one of ${values.map(String).join(', ')}, got ${show(value)}`
}

function isList(values: readonly unknown[] | Bounds): values is readonly unknown[] {
  return Array.isArray(values)
}
