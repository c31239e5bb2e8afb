import { type Bounds, numberProblem, show } from '../core/expect.ts'
import { didYouMean } from './nearest.ts'

/** What is wrong with a value that a user gave, as sentences that name `field`: every problem, not the first. */
export type Check = (field: string, value: unknown) => string[]

export type Fields = Readonly<Record<string, unknown>>

/** Whether a value is a bag of fields: neither null nor a list nor a function. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The path of a field; the outermost object has no name. */
function pathTo(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`
}

/** An object with these fields and no others. The type keeps the table as long as the object. */
export function object<T>(checks: { readonly [K in keyof Required<T>]: Check }): Check {
  const table = Object.entries(checks) as [string, Check][]
  const known = Object.keys(checks)
  return (field, value) =>
    isObject(value)
      ? [
          ...unknownFields(field, value, known),
          ...table.flatMap(([name, check]) => check(pathTo(field, name), value[name])),
        ]
      : [`Expected ${named(field)} to be an object, got ${show(value)}`]
}

/** One sentence for each field that nobody reads: most of them are typing errors, which would otherwise pass in silence. */
export function unknownFields(field: string, value: Fields, known: readonly string[]): string[] {
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const fields = `Expected ${named(field)} to have no fields but ${known.join(', ')}`
      return `${fields}, got ${show(name)}${didYouMean(name, known)}`
    })
}

/** A list. */
export function list(item: Check, least: 0 | 1 = 0): Check {
  return (field, value) => {
    if (!Array.isArray(value)) return [`Expected ${named(field)} to be a list, got ${show(value)}`]
    if (value.length < least) return [`Expected ${named(field)} to have at least one item, got none`]
    return Array.from(value, (each, i) => item(`${field}[${i}]`, each)).flat()
  }
}

export function optional(check: Check): Check {
  return (field, value) => (value === undefined ? [] : check(field, value))
}

export const text: Check = (field, value) =>
  typeof value === 'string' && value.trim() !== ''
    ? []
    : [`Expected ${named(field)} to be a text that is not empty, got ${show(value)}`]

export const flag: Check = (field, value) =>
  typeof value === 'boolean' ? [] : [`Expected ${named(field)} to be true or false, got ${show(value)}`]

export function number(bounds: Bounds): Check {
  return (field, value) => {
    const problem = numberProblem(field, value, bounds)
    return problem ? [problem] : []
  }
}

export function oneOf(known: readonly string[]): Check {
  return (field, value) => {
    if (typeof value === 'string' && known.includes(value)) return []
    const guess = typeof value === 'string' ? didYouMean(value, known) : ''
    return [`Expected ${named(field)} to be one of ${known.join(', ')}, got ${show(value)}${guess}`]
  }
}

/** A list in which no text comes twice. */
export function distinct(check: Check): Check {
  return (field, value) => [...check(field, value), ...repeated(field, value, '', (each) => each)]
}

/** One sentence for each item whose text, such as its `name`, an earlier item has. */
export function repeated(field: string, items: unknown, name: string, textOf: (item: unknown) => unknown): string[] {
  if (!Array.isArray(items)) return []
  const firsts = new Map<unknown, number>()
  return Array.from(items, textOf).flatMap((each, i) => {
    const first = firsts.get(each)
    if (first === undefined) firsts.set(each, i)
    if (typeof each !== 'string' || first === undefined) return []
    const path = (at: number) => named(`${field}[${at}]${name}`)
    return [`Expected ${path(i)} to differ from ${path(first)}, got ${show(each)} twice`]
  })
}

function named(field: string): string {
  return field === '' ? 'the scenario' : `\`${field}\``
}
