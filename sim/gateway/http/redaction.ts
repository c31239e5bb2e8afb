/** What stands in the place of a key. */
const mark = '[redacted]'

/** Takes keys out of texts that others will read. */
export interface Redaction {
  /** The text without keys. */
  redacted(text: string): string
  /** The same for a text that comes in pieces. */
  inPieces(): PieceRedaction
}

/** A text that comes in pieces. A key may be split over several. */
export interface PieceRedaction {
  /** Returns what can be shown by now. The end of a piece is kept back while it may be the beginning of a key. */
  add(piece: string): string
  /** Returns what was kept back, when nothing more comes. */
  end(): string
}

/** Redacts keys as they are, and as JSON or an address spells them. A key in another code, such as Base64, is not found. */
export function redactionOf(keys: readonly string[]): Redaction {
  const spelled = [...new Set(keys.filter((key) => key !== '').flatMap(spellings))]
  if (spelled.length === 0)
    return { redacted: (text) => text, inPieces: () => ({ add: (piece) => piece, end: () => '' }) }
  // The longest first: a key may begin with another.
  const pattern = new RegExp(
    spelled
      .sort((a, b) => b.length - a.length)
      .map(literally)
      .join('|'),
    'g',
  )
  const beginnings = new Set(spelled.flatMap((key) => Array.from(key, (_, length) => key.slice(0, length)).slice(1)))
  const longest = spelled[0]!.length - 1
  const redacted = (text: string) => text.replace(pattern, mark)

  /** The longest end of a text with which a key may begin. */
  function openEnd(text: string): string {
    for (let length = Math.min(longest, text.length); length > 0; length--) {
      const end = text.slice(-length)
      if (beginnings.has(end)) return end
    }
    return ''
  }

  return {
    redacted,
    inPieces() {
      let kept = ''
      return {
        add(piece) {
          const text = redacted(kept + piece)
          kept = openEnd(text)
          return text.slice(0, text.length - kept.length)
        },
        end: () => kept,
      }
    },
  }
}

/** A pattern that matches this text of visible ASCII. */
function literally(text: string): string {
  return text.replace(/\W/g, '\\$&')
}

/** The ways in which a text or an address may show a key. */
function spellings(key: string): string[] {
  const json = JSON.stringify(key).slice(1, -1)
  return [key, json, json.replaceAll('/', '\\/'), encodeURIComponent(key)]
}
