/** Where a text stops being JSON. */
export interface JsonFault {
  /** From 1. */
  readonly line: number
  /** From 1, in characters. */
  readonly column: number
  /** What could have stood there. */
  readonly expected: string
  /** What does stand there, as a message quotes it. */
  readonly got: string
}

const gap = /[ \t\n\r]*/y
const word = /true|false|null/y
const numeral = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids just these
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y

/** The first fault of a text that is not JSON; undefined: it is. The engine's own message often has no position. */
export function jsonFault(json: string): JsonFault | undefined {
  const open: string[] = []
  let at = 0

  function take(pattern: RegExp): boolean {
    pattern.lastIndex = at
    const found = pattern.exec(json)
    at += found?.[0].length ?? 0
    return found !== null
  }
  function takeMark(mark: string): boolean {
    take(gap)
    const isThere = json.startsWith(mark, at)
    if (isThere) at += mark.length
    return isThere
  }
  /** What comes next after a value, or what was expected to. */
  function afterValue(): Step {
    const close = open.at(-1)
    if (close === undefined) return takeMark('') && at === json.length ? 'over' : { expected: 'nothing more' }
    if (takeMark(',')) return close === '}' ? 'name' : 'value'
    if (!takeMark(close)) return { expected: `"," or "${close}"` }
    open.pop()
    return 'after'
  }
  function value(): Step {
    for (const [first, close, inside] of brackets) {
      if (!takeMark(first)) continue
      if (takeMark(close)) return 'after'
      open.push(close)
      return inside
    }
    return take(string) || take(numeral) || take(word) ? 'after' : { expected: 'a value' }
  }
  function name(): Step {
    take(gap)
    if (!take(string)) return { expected: 'a name in double quotes' }
    return takeMark(':') ? 'value' : { expected: '":"' }
  }

  const steps = { value, name, after: afterValue }
  let step: Step = 'value'
  while (step !== 'over') {
    if (typeof step === 'object') return { ...placeIn(json, at), expected: step.expected, got: quoted(json, at) }
    step = steps[step]()
  }
  return undefined
}

type Step = 'value' | 'name' | 'after' | 'over' | { readonly expected: string }

const brackets = [
  ['{', '}', 'name'],
  ['[', ']', 'value'],
] as const

function placeIn(json: string, at: number): { line: number; column: number } {
  const lines = json.slice(0, at).split(/\r\n|[\r\n]/)
  return { line: lines.length, column: lines.at(-1)!.length + 1 }
}

/** The rest of a word or of a name, or a character. */
function quoted(json: string, at: number): string {
  const [found] = /^(?:[\p{L}\p{N}_$]+|"[^"\n]{0,20}"?|.)/su.exec(json.slice(at, at + 24)) ?? []
  if (found === undefined) return 'the end of the file'
  return found.length > 1 && found.startsWith('"') ? found : JSON.stringify(found)
}
