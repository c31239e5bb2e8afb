/** Characters that would change the text around them, or that no font draws. */
const unsafe = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u

/**
 * Returns the text with the escape `\u4e2d`, as in JSON, in place of each character that cannot be seen: one that no font has, which would be
 * drawn as an empty box, and one that controls text.
 */
export function visible(text: string, hasGlyph: (character: string) => boolean): string {
  if (/^[ -~]*$/.test(text)) return text
  return Array.from(text, (character) =>
    unsafe.test(character) || !hasGlyph(character) ? escaped(character) : character,
  ).join('')
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')
}
