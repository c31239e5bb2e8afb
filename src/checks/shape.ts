import { type Bounds, numberProblem, show } from '../core/expect.ts'
import { didYouMean } from './did-you-mean.ts'
import { mostProblems, namesIn } from './problems.ts'
import { type Described, numberSchema, type Refer } from './schema.ts'

/** Returns every problem with a value that a user gave, as sentences that name `field`. */
export type Check = (field: string, value: unknown) => string[]

/** One check for each field of `T`. `satisfies Checks<T>` makes sure that a table of checks has exactly the fields of the type. */
export type Checks<T> = { readonly [K in keyof Required<T>]: Check }

/** The one description of a value: a check, the JSON Schema that accepts the same values, and the type `T` of these values. */
export interface Shape<out T = unknown> extends Check, Described {
  /** This field does not exist at run time. It gives `TypeOf` the type `T`. */
  readonly type?: T
}

/** The shape of a field that may be absent. */
export interface OptionalShape<out T = unknown> extends Shape<T> {
  readonly isOptional: true
}

/** The type of the values that a shape accepts. It is `unknown` for a check without a schema. */
export type TypeOf<S> = S extends Shape<infer T> ? T : unknown

type Flat<T> = { readonly [K in keyof T]: T[K] }
type ObjectOf<F> = Flat<
  { readonly [K in keyof F as F[K] extends OptionalShape ? never : K]: TypeOf<F[K]> } & {
    readonly [K in keyof F as F[K] extends OptionalShape ? K : never]?: TypeOf<F[K]>
  }
>

/** Makes a shape from a check and from the JSON Schema that accepts the same values, as far as JSON Schema can express the check. */
export function shapeOf<T>(check: Check, schema: Described['schema']): Shape<T> {
  return Object.assign((field: string, value: unknown) => check(field, value), { schema })
}

/** Returns the same shape with a description in its schema: a sentence that also gives the unit of a number. */
export function about<S extends Shape>(shape: S, description: string): S {
  const schema: Described['schema'] = (refer) => ({ description, ...shape.schema(refer) })
  return Object.assign((field: string, value: unknown) => shape(field, value), shape, { schema })
}

/** Returns the same shape with a name. A document then contains its schema once, under this name, and references to it everywhere else. */
export function named<T>(name: string, shape: Shape<T>): Shape<T> {
  return shapeOf(shape, (refer) => refer(name, shape))
}

/** A text that has at least one character other than white space. */
export const text: Shape<string> = shapeOf(
  (field, value) =>
    typeof value === 'string' && value.trim() !== ''
      ? []
      : [`Expected ${quoted(field)} to be a text that is not empty, got ${show(value)}`],
  () => ({ type: 'string', pattern: '\\S' }),
)

/** A text that may be empty. */
export const anyText: Shape<string> = shapeOf(
  (field, value) => (typeof value === 'string' ? [] : [`Expected ${quoted(field)} to be a text, got ${show(value)}`]),
  () => ({ type: 'string' }),
)

/** `true` or `false`. */
export const flag: Shape<boolean> = shapeOf(
  (field, value) =>
    typeof value === 'boolean' ? [] : [`Expected ${quoted(field)} to be true or false, got ${show(value)}`],
  () => ({ type: 'boolean' }),
)

/** A number within bounds. */
export function number(bounds: Bounds): Shape<number> {
  const check: Check = (field, value) => {
    const problem = numberProblem(field, value, bounds)
    return problem === undefined ? [] : [problem]
  }
  return shapeOf(check, () => numberSchema(bounds))
}

/** One of the known values. The message about a wrong text suggests the nearest of them. */
export function oneOf<const T extends string | boolean>(known: readonly T[]): Shape<T> {
  const words = known.filter((each) => typeof each === 'string')
  const check: Check = (field, value) => {
    if ((known as readonly unknown[]).includes(value)) return []
    const guess = typeof value === 'string' ? didYouMean(value, words) : ''
    return [`Expected ${quoted(field)} to be one of ${namesIn(known)}, got ${show(value)}${guess}`]
  }
  return shapeOf(check, () => ({ enum: known }))
}

/** Writes a wrong value into a message: `show`, or `kindOf` where the value may be a key. */
type Shown = (value: unknown) => string

/** A list whose items all pass a check. It has at least `least` items. Default: 0. */
export function list<C extends Check & Partial<Described>>(
  item: C,
  least: 0 | 1 = 0,
  shown: Shown = show,
): Shape<readonly TypeOf<C>[]> {
  const check: Check = (field, value) => {
    if (!Array.isArray(value)) return [`Expected ${quoted(field)} to be a list, got ${shown(value)}`]
    if (value.length < least) return [`Expected ${quoted(field)} to have at least one item, got none`]
    return firstOf(value, (each, i) => item(`${field}[${i}]`, each))
  }
  return shapeOf(check, (refer) => ({
    type: 'array',
    ...(least > 0 && { minItems: least }),
    items: schemaOf(item, refer),
  }))
}

/** A list of at most this many items. */
export function atMost<T>(most: number, shape: Shape<readonly T[]>): Shape<readonly T[]> {
  return shapeOf(
    (field, value) =>
      Array.isArray(value) && value.length > most
        ? [`Expected ${quoted(field)} to have at most ${most} items, got ${value.length}`]
        : shape(field, value),
    (refer) => ({ ...shape.schema(refer), maxItems: most }),
  )
}

/** A list in which no text occurs twice. */
export function distinct<T>(shape: Shape<T>, shown: Shown = show): Shape<T> {
  const check: Check = (field, value) => [...shape(field, value), ...repeated(field, value, '', (each) => each, shown)]
  return shapeOf(check, (refer) => ({ ...shape.schema(refer), uniqueItems: true }))
}

/**
 * Returns a sentence for each item that has the same text as an earlier item. `textOf` returns the text of an item, such as its name,
 * and `name` is the end of the text's path, such as `.name`.
 */
export function repeated(
  field: string,
  items: unknown,
  name: string,
  textOf: (item: unknown) => unknown,
  shown: Shown = show,
): string[] {
  if (!Array.isArray(items)) return []
  const firsts = new Map<unknown, number>()
  return Array.from(items, textOf).flatMap((each, i) => {
    const first = firsts.get(each)
    if (first === undefined) firsts.set(each, i)
    if (typeof each !== 'string' || first === undefined) return []
    const path = (at: number) => quoted(`${field}[${at}]${name}`)
    return [`Expected ${path(i)} to differ from ${path(first)}, got ${shown(each)} twice`]
  })
}

/** An object with fields whose values are not checked yet. */
export type Fields = Readonly<Record<string, unknown>>

/** Whether a value is an object with fields: not null, not a list, and not a function. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object with these fields and no others. */
export function object<const F extends Readonly<Record<string, Check>>>(
  fields: F,
  shown: Shown = show,
): Shape<ObjectOf<F>> {
  const table = Object.entries(fields) as [string, Check & Partial<OptionalShape>][]
  const known = Object.keys(fields)
  const check: Check = (field, value) =>
    isObject(value)
      ? [
          ...unknownFields(field, value, known),
          ...table.flatMap(([name, each]) => each(pathTo(field, name), value[name])),
        ]
      : [notAnObject(field, value, shown)]
  const required = table.filter(([, { isOptional = false }]) => !isOptional).map(([name]) => name)
  return shapeOf(check, (refer) => ({
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(table.map(([name, each]) => [name, schemaOf(each, refer)])),
  }))
}

/** A field that may be absent. The schema has `fallback` as its default. */
export function optional<T>(shape: Shape<T>, fallback?: T): OptionalShape<T>
export function optional(check: Check): Check
export function optional(check: Check & Partial<Described>, fallback?: unknown): OptionalShape {
  return Object.assign((field: string, value: unknown) => (value === undefined ? [] : check(field, value)), {
    schema: (refer: Refer) => ({ ...schemaOf(check, refer), ...(fallback !== undefined && { default: fallback }) }),
    isOptional: true as const,
  })
}

/** Returns the problems of items, until they are more than is shown: a sentence with a guess is costly, and a list may have thousands of wrong items. */
function firstOf<T>(items: readonly T[], problemsOf: (item: T, index: number) => string[]): string[] {
  const problems: string[] = []
  for (let i = 0; i < items.length && problems.length <= mostProblems; i++)
    for (const problem of problemsOf(items[i]!, i)) problems.push(problem)
  return problems
}

/** An object whose fields the user names, such as limits by model. */
export function byName<T>(name: Shape<string>, item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  const check: Check = (field, value) =>
    isObject(value)
      ? firstOf(Object.entries(value), ([key, each]) => [...name(field, key), ...item(`${field}[${show(key)}]`, each)])
      : [notAnObject(field, value)]
  return shapeOf(check, (refer) => ({
    type: 'object',
    propertyNames: name.schema(refer),
    additionalProperties: item.schema(refer),
  }))
}

/** Returns a sentence for each unknown field. Most unknown fields are typing errors, which would otherwise have no effect. */
export function unknownFields(field: string, value: Fields, known: readonly string[]): string[] {
  const fields = known.length === 0 ? 'no fields' : `no fields but ${namesIn(known)}`
  const unknown = Object.keys(value).filter((name) => !known.includes(name))
  return firstOf(unknown, (name) => [
    `Expected ${quoted(field)} to have ${fields}, got ${show(name)}${didYouMean(name, known)}`,
  ])
}

function notAnObject(field: string, value: unknown, shown: Shown = show): string {
  return `Expected ${quoted(field)} to be an object, got ${shown(value)}`
}

/** Returns the schema of a check. For a check without a schema it is one that accepts any value. */
function schemaOf(check: Check & Partial<Described>, refer: Refer) {
  return check.schema?.(refer) ?? {}
}

/** Returns the path of a field. The outermost object has no name. */
function pathTo(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`
}

function quoted(field: string): string {
  return field === '' ? 'the scenario' : `\`${field}\``
}
