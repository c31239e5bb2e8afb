import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Why a file does not load, as a user can mend it: what is wrong, and in which line of which file. No stack trace. */
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

/** What Node puts before the error where it can: `file:line`, the source, and a caret below the place. */
function excerptIn(text: string): string | undefined {
  const found = /^(.+):(\d+)\n((?:.*\n)*?[ \t]*\^+)[ \t]*$/m.exec(text)
  if (!found) return undefined
  const [, where = '', line, source] = found
  return `${where.startsWith('file:') ? fileURLToPath(where) : where}:${line}\n${source}`
}

/** Node tells the place of some syntax errors only as it ends by them: it may, in a process of its own. */
function syntaxErrorOutput(file: string): string {
  return spawnSync(process.execPath, [file], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: 10_000 })
    .stderr
}

/** The line of the file itself in which something was thrown. */
function frameIn(stack: string, file: string): string | undefined {
  const frame = [...stack.matchAll(/^ {4}at .*?(file:.+):(\d+):\d+\)?$/gm)].find(
    ([, url]) => fileURLToPath(url!) === file,
  )
  return frame && `${file}:${frame[2]}`
}
