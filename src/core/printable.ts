/** Between two of these U+200D joins them into one picture. Anywhere else it has no width. */
const emoji = '\\u{1f000}-\\u{1faff}\\u2190-\\u2bff'

/**
 * Characters that steer a terminal, that reorder or hide the text around them, or that are none, and the first sign of a command such as
 * `##[error]`, which CI systems obey anywhere in a log. Texts of users and strangers may have them. They are written as ranges, because k6 does
 * not know all names of Unicode's categories.
 */
const unsafe = new RegExp(
  `[${[
    '\\u0000-\\u001f\\u007f-\\u009f', // The control characters C0, DEL and C1.
    '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u206f', // These change the direction of the text around them.
    '\\u00ad\\u180e\\u200b\\u200c\\u2060-\\u2065\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}', // These have no width.
    '\\u2028\\u2029', // These separate lines and paragraphs.
    '\\ud800-\\udfff\\ufffe\\uffff', // A half of a surrogate pair, and what is no character.
  ].join('')}]|\\u200d(?![${emoji}])|(?<![${emoji}\\ufe0f])\\u200d|#(?=#\\w*\\[)`,
  'gu',
)

/** Returns a text with `?` in place of each unsafe character, for a reader. */
export function printable(text: string): string {
  return text.replace(unsafe, '?')
}

/** Returns a text with an escape such as `\u001b` in place of each unsafe character, for a reader who needs to know which one it is. */
export function escaped(text: string): string {
  return text.replace(unsafe, unicodeEscape)
}

/** Returns the escape of a character as JSON writes it: `\u` and four hexadecimal digits, twice for a character that is a surrogate pair. */
export function unicodeEscape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')
}

/** Returns a value as JSON that neither a terminal nor a CI system obeys. It has the same value as that of `JSON.stringify`. */
export function harmlessJson(value: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  return escaped(JSON.stringify(value, replacer))
}
