import { printable } from '../../src/core/printable.ts'
import { withoutKeys } from '../../src/core/redaction.ts'
import { styleCode } from '../../src/report/terminal/style.ts'

// Every text for people leaves a command here, so that no caller can forget that a stranger may have written a part of it.

/** Prints a text on standard output. */
export function print(text: string): void {
  process.stdout.write(harmless(text))
}

/** Prints a message on standard error, with a line feed. Keys in it are shortened, since it may quote what a user typed. */
export function tell(message: string): void {
  console.error(harmless(withoutKeys(message)))
}

/**
 * Returns a text that neither a terminal nor a CI system obeys: only line feeds and our own styles are left of its control characters,
 * and `?` takes the place of the first sign of a command such as `::error::`, which begins a line.
 */
export function harmless(text: string): string {
  return text.split('\n').map(harmlessLine).join('\n')
}

function harmlessLine(line: string): string {
  const styles = [...line.matchAll(styleCode), '']
  const shown = line.split(styleCode).map((part, i) => `${printable(part)}${styles[i]}`)
  return shown.join('').replace(/^\s*:(?=:)/, (start) => `${start.slice(0, -1)}?`)
}
