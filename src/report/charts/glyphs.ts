import { escaped, unicodeEscape } from '../../core/printable.ts'
import { fontOf } from './font.ts'

/**
 * Returns the text with the escape `\u4e2d`, as in JSON, in place of each character that cannot be seen: one that no font has, which would be
 * drawn as an empty box, and one that controls text.
 */
export function escapedText(text: string, hasGlyph: (character: string) => boolean): string {
  if (/^[ -~]*$/.test(text)) return text
  return Array.from(escaped(text), (character) => (hasGlyph(character) ? character : unicodeEscape(character))).join('')
}

/** The width and the height of the canvas on which a glyph is looked at. */
export const glyphSize = 32

/** What is needed of a canvas to look at a glyph. */
interface GlyphCanvas {
  font: string
  fillText(text: string, x: number, y: number): void
  getImageData(x: number, y: number, width: number, height: number): { readonly data: ArrayLike<number> }
}

/**
 * Returns a function that writes a text so that all of it can be seen. A canvas does not tell which characters its fonts have. Those that no
 * font has all look alike: as U+10FFFF, which never stands for a character.
 */
export function withGlyphs(newCanvas: () => GlyphCanvas): (text: string) => string {
  const look = (character: string) => {
    const canvas = newCanvas()
    canvas.font = fontOf({ size: 20 })
    canvas.fillText(character, 4, 24)
    return Array.from(canvas.getImageData(0, 0, glyphSize, glyphSize).data).join()
  }
  const missing = look('\u{10ffff}')
  const known = new Map<string, boolean>()
  const hasGlyph = (character: string) => {
    if (!known.has(character)) known.set(character, look(character) !== missing)
    return known.get(character)!
  }
  return (text) => escapedText(text, hasGlyph)
}
