import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { InputError } from '../src/checks/input-error.ts'
import { OptionError, show } from '../src/core/expect.ts'
import { withoutKeys } from '../src/core/redaction.ts'

/** The folders of ratelab whose code runs in a command. */
const rooms = ['src', 'sim', 'lab', 'cli'].map((room) => fileURLToPath(new URL(`../${room}/`, import.meta.url)))

/** Describes why a file does not load: the error's message, and the line where it happened. Leaves out the stack trace. */
export function loadFault(file: string, error: unknown): string {
  return described(() => {
    if (!(error instanceof Error)) return [show(error), undefined]
    const stack = error.stack ?? ''
    const place =
      excerptIn(stack) ??
      frameIn(stack, (path) => path === file) ??
      (error instanceof SyntaxError ? (excerptIn(syntaxErrorOutput(file)) ?? headIn(stack)) : undefined)
    return [`${error.name}: ${error.message}${remedyOf(error)}`, place]
  })
}

/** Returns what to do when Node reads a module as CommonJS, because the nearest package.json says so. Empty for any other error. */
function remedyOf(error: Error): string {
  const isReadAsCommonJs =
    error instanceof SyntaxError && /^(Unexpected token 'export'|Cannot use import statement)/.test(error.message)
  return isReadAsCommonJs
    ? `. Node reads the file as CommonJS: set "type": "module" in the nearest package.json, or let the file's name end with .mts`
    : ''
}

/**
 * Describes an error that a strategy throws while it runs: the error's message, and the line of this file where it happened. Without a
 * file, and where the file has no part in it, the line is the topmost one of the user's own code.
 */
export function runFault(file: string | undefined, error: unknown): string {
  return described(() => {
    if (!(error instanceof Error)) return [`it throws ${show(error)}`, undefined]
    const isOurs = error instanceof InputError || error instanceof OptionError
    return [isOurs ? error.message : `it throws ${error.name}: ${error.message}`, placeOf(file, error)]
  })
}

/**
 * Joins a sentence and a place, and shortens the keys in them. A user may throw anything: an error whose fields are no texts or have getters that
 * throw, and a proxy that throws even when it is asked for its class.
 */
function described(read: () => readonly [sentence: string, place: string | undefined]): string {
  try {
    const [sentence, place] = read()
    return withoutKeys(place === undefined ? sentence : `${sentence}\n${place.replace(/^/gm, '  ')}`)
  } catch {
    return 'its error cannot be read'
  }
}

/** Whether a user's own code has a part in an error, as far as its stack trace tells. */
export function isForeignFault(error: unknown): boolean {
  try {
    return !(error instanceof Error) || placeOf(undefined, error) !== undefined
  } catch {
    return true
  }
}

function placeOf(file: string | undefined, { stack = '' }: Error): string | undefined {
  return (file === undefined ? undefined : frameIn(stack, (path) => path === file)) ?? frameIn(stack, isForeign)
}

/** Whether a file is a user's own: no part of ratelab, and no installed package. */
export function isForeign(path: string): boolean {
  return !rooms.some((room) => path.startsWith(room)) && !/[\\/]node_modules[\\/]/.test(path)
}

/** Returns the excerpt that Node prints before some errors: `file:line`, the line of source, and carets below the place. */
function excerptIn(text: string): string | undefined {
  const found = /^(.+):(\d+)\n((?:.*\n)*?[ \t]*\^+)[ \t]*$/m.exec(text)
  if (!found) return undefined
  const [, where = '', line, source] = found
  return `${where.startsWith('file:') ? fileURLToPath(where) : where}:${line}\n${source}`
}

/** Returns the `file:line` at the head of a stack trace. Node puts it there without an excerpt when a file ends too early. */
function headIn(stack: string): string | undefined {
  return /^.+:\d+(?=\n)/.exec(stack)?.[0]
}

/**
 * Returns what Node prints when it runs the file. Node names the place of some syntax errors only when they end its process, so the
 * file runs in a process of its own, for at most 10 s.
 */
function syntaxErrorOutput(file: string): string {
  return spawnSync(process.execPath, [file], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: 10_000 })
    .stderr
}

/** Returns the topmost line in a stack trace whose file passes a test, as `file:line`. */
function frameIn(stack: string, isMeant: (file: string) => boolean): string | undefined {
  const frame = [...stack.matchAll(/^ {4}at .*?(file:.+):(\d+):\d+\)?$/gm)].find(([, url]) =>
    isMeant(fileURLToPath(url!)),
  )
  return frame && `${fileURLToPath(frame[1]!)}:${frame[2]}`
}
