import { printable } from '../../core/printable.ts'
import { oneLine } from './table.ts'

// Texts that a user or a stranger wrote, such as titles and names of files, must show as they are: Markdown and HTML in them has no effect.

/** A word that GitHub turns into a link or a mention: an address, also one of mail, and the name of a user or of an issue. */
const linking = /:\/\/|www\.|@|#\d|GH-\d/i

/** Escapes what Markdown or HTML would take for a sign of its own, at the start of a line too. */
export function plain(text: string): string {
  // At the start of a line further signs begin a heading, a quotation, a list, or a command of a CI system.
  return inline(text).replace(/^(?:[#>+=:-]|\d+(?=[.)](?: |$)))/, (start) =>
    /\d/.test(start) ? `${start}\\` : `\\${start}`,
  )
}

/** Escapes a text within a line. A word that would become a link is shown as code. */
function inline(text: string): string {
  return printable(oneLine(text))
    .split(' ')
    .map((word) => (linking.test(word) ? code(word) : withoutSigns(word)))
    .join(' ')
}

function withoutSigns(word: string): string {
  return word
    .replace(/[\\`*_~[\]$]/g, '\\$&')
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
  return (
    parts
      .map((part, i) => {
        if (i % 2 === 1) return code(part.slice(1, -1))
        return escaped(part, i === 0 ? plain : inline)
      })
      // Two spans of code side by side would be read as one.
      .reduce((line, part) => line + (line.endsWith('`') && part.startsWith('`') ? ' ' : '') + part, '')
  )
}

/** Escapes a part of a line, without the spaces around it being lost. */
function escaped(part: string, escapes: (text: string) => string): string {
  const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(part)!
  return `${before && ' '}${inner && escapes(inner)}${after && ' '}`
}

function longestRow(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([row]) => row.length))
}
