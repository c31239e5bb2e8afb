import { quotable } from '../../src/core/expect.ts'
import { withoutKeys } from '../../src/core/redaction.ts'

// Texts that a client chose and that records keep: they are short, show no key, and hold no longer text in memory.

/** Shortens a text that a client chose and that is kept, and the keys in it. */
export function shortenedText(text: string): string {
  const short = quotable(text)
  return short === text ? text : copied(short)
}

/** Copies a text that was cut from another, which it would keep in memory. */
export function copied(text: string): string {
  return Buffer.from(text).toString()
}

/** Returns the path of a request for its record: shortened, and with keys redacted, which a client may have put there by mistake. */
export function recordedPath(path: string): string {
  if (!path.includes('%')) return shortenedText(path)
  const parts = path.split('/').map((part) => {
    const plain = withPlainWords(part)
    const redacted = withoutKeys(plain)
    return redacted === plain ? part : redacted
  })
  return shortenedText(parts.join('/'))
}

/** Returns a part of a path with plain characters for the escapes of letters, digits, `-`, `_` and `.`. */
function withPlainWords(part: string): string {
  return part.replace(/%[2-7][0-9a-f]/gi, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    return /[\w.-]/.test(character) ? character : escaped
  })
}
