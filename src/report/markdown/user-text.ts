import { printable } from '../../checks/printable.ts'
import { oneLine } from './table.ts'

// Texts that a user or a stranger wrote, such as titles and names of files, must show as they are: Markdown and HTML in them has no effect.

/** Escapes what Markdown or HTML would take for a sign of its own. */
export function plain(text: string): string {
  return printable(oneLine(text))
    .replace(/[\\`*_~[\]]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
}

/** Returns a code span that shows the text. Its fence is longer than any row of backticks in the text. */
export function code(text: string): string {
  const shown = printable(oneLine(text))
  const fence = '`'.repeat(longestRow(shown) + 1)
  const space = shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${fence}${space}${shown}${space}${fence}`
}

/** Returns a fenced block of code that shows the text. */
export function codeBlock(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRow(text) + 1))
  return `${fence}${language}\n${printable(text)}\n${fence}`
}

/** Returns a sentence of a report, in which backticks enclose names. What they do not enclose is escaped. */
export function sentence(text: string): string {
  const parts = text.split(/(`[^`]*[^`\s][^`]*`)/)
  return parts
    .map((part, i) => {
      if (i % 2 === 1) return code(part.slice(1, -1))
      // Two spans of code side by side would be read as one.
      return part === '' && i > 0 && i < parts.length - 1 ? ' ' : escaped(part)
    })
    .join('')
}

/** Escapes a part of a line, without the spaces around it being lost. */
function escaped(part: string): string {
  const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(part)!
  return `${before && ' '}${inner && plain(inner)}${after && ' '}`
}

function longestRow(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([row]) => row.length))
}
