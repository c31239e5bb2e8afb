import { createScanner, getLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { show } from '../../src/core/expect.ts'

/** The value of a text in JSON with comments and trailing commas, or the first place where the text is wrong. */
export type JsonRead = { readonly value: unknown } | { readonly fault: JsonFault }

/** The first place where a text is wrong. */
export interface JsonFault {
  /** The line, counted from 1. */
  readonly line: number
  /** The character in the line, counted from 1. */
  readonly column: number
  /** What a right text has at this place. */
  readonly expected: string
  /** What this text has at this place, as a message quotes it. */
  readonly got: string
}

/** Reads JSON with comments and trailing commas. The value is the one that `JSON.parse` would return for the text without them. */
export function readCommentedJson(text: string): JsonRead {
  try {
    const errors: ParseError[] = []
    const tree = parseTree(text, errors, { allowTrailingComma: true })
    const [first] = errors
    return first ? { fault: faultOf(text, first) } : { value: valueAt(tree!) }
  } catch (error) {
    // The parser calls itself for each list or object inside another, so a very deep text exhausts the stack.
    if (!(error instanceof RangeError)) throw error
    return { fault: { line: 1, column: 1, expected: 'fewer lists and objects inside each other', got: 'too many' } }
  }
}

/** Returns the value of a node. `Object.fromEntries` keeps a field named `__proto__`, which an assignment would lose. */
function valueAt({ type, value, children = [] }: Node): unknown {
  if (type === 'array') return children.map(valueAt)
  if (type !== 'object') return value
  return Object.fromEntries(children.map(({ children: [name, each] = [] }) => [name!.value, valueAt(each!)]))
}

/** What a message expects when a token begins correctly and ends wrongly, by the parser's name of the error. */
const rightTokens: Readonly<Record<string, string>> = {
  UnexpectedEndOfComment: 'a comment that ends with "*/"',
  UnexpectedEndOfString: 'a text that ends with a double quote on its own line',
  UnexpectedEndOfNumber: 'a digit at the end of the number',
  InvalidUnicode: 'a text with four hexadecimal digits after each \\u',
  InvalidEscapeCharacter: 'a text with one of " \\ / b f n r t u after each backslash',
  InvalidCharacter: 'a text without control characters',
}

function faultOf(text: string, { error, offset }: ParseError): JsonFault {
  const expected = rightTokens[printParseErrorCode(error)] ?? nextToken(text, offset)
  return { ...placeIn(text, offset), expected, got: quoted(text, offset) }
}

/** Returns what a message expects at `offset`, which follows from the token before it. */
function nextToken(text: string, offset: number): string {
  const { path, isAtPropertyKey } = getLocation(text, offset)
  const isInList = typeof path.at(-1) === 'number'
  const before = tokenBefore(text, offset)
  if (before === undefined || before === ':' || before === '[' || (before === ',' && isInList)) return 'a value'
  if (before === '{' || before === ',') return 'a name in double quotes'
  if (path.length === 0) return 'nothing more'
  if (before === '"' && isAtPropertyKey) return '":"'
  return isInList ? '"," or "]"' : '"," or "}"'
}

/** Returns the first character of the token before `offset`. Comments do not count. Returns undefined when there is no token before it. */
function tokenBefore(text: string, offset: number): string | undefined {
  const scanner = createScanner(text, true)
  let before: number | undefined
  for (scanner.scan(); scanner.getTokenOffset() < offset; scanner.scan()) before = scanner.getTokenOffset()
  return before === undefined ? undefined : text[before]
}

function placeIn(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split(/\r\n|[\r\n]/)
  return { line: lines.length, column: lines.at(-1)!.length + 1 }
}

/** The length from which on a word is not quoted, characters. `undefined` is shorter. */
const longWord = 10

/** Returns what a message says of `offset`: a short word or one character, and of anything longer only the kind, because it may be a key. */
function quoted(text: string, offset: number): string {
  const [found] = /^(?:[\p{L}\p{N}_$-]+|.)/su.exec(text.slice(offset, offset + longWord)) ?? []
  if (found === undefined) return 'the end of the file'
  if (found === '"') return 'a text'
  return found.length < longWord && /^(?:\p{L}+|\d{1,5}|.)$/su.test(found) ? show(found) : 'a word'
}
