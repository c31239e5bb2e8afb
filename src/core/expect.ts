import { harmlessJson, printable } from './printable.ts'
import { withoutKeys } from './redaction.ts'

/** The values that a number may have. */
export interface Bounds {
  /** It is greater than this. Default `-Infinity`. */
  readonly above?: number
  /** It is this or greater. Default `-Infinity`. */
  readonly atLeast?: number
  /** It is this or less. Default `Infinity`. */
  readonly atMost?: number
  /** Whether it is a whole number that a double counts exactly. Default false: it is finite. */
  readonly whole?: boolean
}

/** An option or an argument has a value that it may not have. The message names it, what it may be, and the value. */
export class OptionError extends RangeError {
  readonly code = 'OPTION_INVALID'
}

/** Checks an option where it is given, once. Throws an `OptionError` such as ``Expected `perSecond` to be > 0, got -1``. */
export function expectNumber(field: string, value: unknown, bounds: Bounds): void {
  const problem = numberProblem(field, value, bounds)
  if (problem) throw new OptionError(problem)
}

/** Checks that an option is one of these values. Throws an `OptionError` that lists them. */
export function expectOneOf<T extends string>(field: string, value: T, values: readonly T[]): void {
  if (!values.includes(value))
    throw new OptionError(`Expected \`${field}\` to be one of ${values.join(', ')}, got ${show(value)}`)
}

/** The sentence that says what is wrong with the value, if anything is: for checks that collect every problem before they report. */
export function numberProblem(field: string, value: unknown, bounds: Bounds): string | undefined {
  const { above = -Infinity, atLeast = -Infinity, atMost = Infinity, whole = false } = bounds
  const isNumber = typeof value === 'number' && (whole ? Number.isSafeInteger(value) : Number.isFinite(value))
  if (isNumber && value > above && value >= atLeast && value <= atMost) return undefined
  const range = [
    Number.isFinite(above) ? `> ${above}` : '',
    Number.isFinite(atLeast) ? `>= ${atLeast}` : '',
    Number.isFinite(atMost) ? `<= ${atMost}` : '',
  ].filter(Boolean)
  const kind = isNumber ? [] : [whole ? 'a whole number' : 'a finite number']
  return `Expected \`${field}\` to be ${[...kind, range.join(' and ')].filter(Boolean).join(' ')}, got ${show(value)}`
}

/** The most characters of a text that a message quotes. */
const longestQuote = 200

/** The text with the keys in it shortened, or its beginning and `…` if it is longer than a message quotes. */
export function quotable(text: string): string {
  if (text.length <= longestQuote) return withoutKeys(text)
  // A key that begins before the end of the quote is shortened as a whole.
  return `${withoutKeys(text.slice(0, 2 * longestQuote)).slice(0, longestQuote)}…`
}

/** The value as a message quotes it: texts in quotes and shortened, lists, objects and functions by their kind. */
export function show(value: unknown): string {
  if (typeof value === 'string') return harmlessJson(quotable(value))
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return printable(String(value))
}

/** The kind of a value, for a message that must not show it because it may be a key. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text'
  return typeof value === 'number' || typeof value === 'bigint' ? 'a number' : show(value)
}
