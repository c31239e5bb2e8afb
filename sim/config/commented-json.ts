import { createScanner, getLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'

/** The value of a text in JSON with comments and trailing commas, or the place where the text stops being that. */
export type JsonRead = { readonly value: unknown } | { readonly fault: JsonFault }

export interface JsonFault {
  /** From 1. */
  readonly line: number
  /** From 1, in characters. */
  readonly column: number
  /** What had to stand there. */
  readonly expected: string
  /** What stands there, as a message quotes it. */
  readonly got: string
}

/** Reads JSON with comments. The value is the one that `JSON.parse` would return for the text without them. */
export function readCommentedJson(text: string): JsonRead {
  try {
    const errors: ParseError[] = []
    const tree = parseTree(text, errors, { allowTrailingComma: true })
    const [first] = errors
    return first ? { fault: faultOf(text, first) } : { value: valueAt(tree!) }
  } catch (error) {
    // The parser calls itself for each list or object within another, so a very deep text exhausts the stack.
    if (!(error instanceof RangeError)) throw error
    return { fault: { line: 1, column: 1, expected: 'lists and objects less deep within each other', got: 'too many' } }
  }
}

/** Every field becomes a field of the object itself, also one named `__proto__`, which an assignment would lose. */
function valueAt({ type, value, children = [] }: Node): unknown {
  if (type === 'array') return children.map(valueAt)
  if (type !== 'object') return value
  return Object.fromEntries(children.map(({ children: [name, each] = [] }) => [name!.value, valueAt(each!)]))
}

/** What is expected where a token begins correctly and ends wrongly, by the parser's name of the error. */
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

/** What has to stand at `offset`, given the token before it. */
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

/** The first character of the token before `offset`, without regard to comments; undefined: there is none. */
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

/** The rest of the word or of the text in quotes at `offset`, or the character there. */
function quoted(text: string, offset: number): string {
  const [found] = /^(?:[\p{L}\p{N}_$]+|"[^"\n]{0,20}"?|.)/su.exec(text.slice(offset, offset + 24)) ?? []
  if (found === undefined) return 'the end of the file'
  return found.length > 1 && found.startsWith('"') ? found : JSON.stringify(found)
}
