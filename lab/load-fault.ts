import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Describes why a file does not load: the error's message, and the line where it happened. Leaves out the stack trace. */
export function loadFault(file: string, error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const sentence = `${error.name}: ${error.message}`
  const stack = error.stack ?? ''
  const place =
    excerptIn(stack) ??
    frameIn(stack, file) ??
    (error instanceof SyntaxError ? excerptIn(syntaxErrorOutput(file)) : undefined)
  return place === undefined ? sentence : `${sentence}\n${place.replace(/^/gm, '  ')}`
}

/** Returns the excerpt that Node prints before some errors: `file:line`, the line of source, and carets below the place. */
function excerptIn(text: string): string | undefined {
  const found = /^(.+):(\d+)\n((?:.*\n)*?[ \t]*\^+)[ \t]*$/m.exec(text)
  if (!found) return undefined
  const [, where = '', line, source] = found
  return `${where.startsWith('file:') ? fileURLToPath(where) : where}:${line}\n${source}`
}

/**
 * Returns what Node prints when it runs the file. Node names the place of some syntax errors only when they end its process, so the
 * file runs in a process of its own, for at most 10 s.
 */
function syntaxErrorOutput(file: string): string {
  return spawnSync(process.execPath, [file], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: 10_000 })
    .stderr
}

/** Returns the topmost line of this file in a stack trace, as `file:line`. */
function frameIn(stack: string, file: string): string | undefined {
  const frame = [...stack.matchAll(/^ {4}at .*?(file:.+):(\d+):\d+\)?$/gm)].find(
    ([, url]) => fileURLToPath(url!) === file,
  )
  return frame && `${file}:${frame[2]}`
}
