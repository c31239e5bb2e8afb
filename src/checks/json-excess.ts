/** The most levels of lists and objects inside each other. Schemas of real clients have some 60, and code that calls itself for each level is safe. */
const mostLevels = 200

/** The most values, counted by commas and opening brackets: a message in a list is some six. Real conversations have thousands of messages at most. */
const mostValues = 50_000

/** The most characters outside texts, such as digits and white space, with each text counted as one: 50,000 values on indented lines have fewer. */
const mostSteps = 2_000_000

/** The most escapes in texts, such as those of line feeds and quotes, since each costs the parser as much as many plain characters. Four megabytes of code have fewer. */
const mostEscapes = 1_000_000

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]

/**
 * Says in which way a text in JSON is made of more than a program should read: it nests too deep, or has too many values, characters outside texts or
 * escapes. Returns undefined when it is not. It is asked before the text is parsed and does not call itself. Of a text that is not JSON, it may say
 * any of them.
 */
export function jsonExcess(text: string): string | undefined {
  // Each level takes two characters, and most rows of traces and many requests are so short.
  if (text.length <= 2 * mostLevels) return undefined
  if (hasTooManyEscapes(text)) return `has more than ${mostEscapes.toLocaleString('en')} escapes`
  let levels = 0
  let values = 0
  let steps = 0
  for (let at = 0; at < text.length; at++) {
    if (++steps > mostSteps) return `has more than ${mostSteps.toLocaleString('en')} characters outside texts`
    const unit = text.charCodeAt(at)
    if (unit === quote) at = endOfText(text, at)
    else if (isOpening(unit)) {
      values++
      if (++levels > mostLevels) return `nests deeper than ${mostLevels} levels`
    } else if (isClosing(unit)) levels--
    else if (unit === comma) values++
    if (values > mostValues) return `has more than ${mostValues.toLocaleString('en')} values`
  }
  return undefined
}

function hasTooManyEscapes(text: string): boolean {
  // Two characters are the least that an escape has.
  if (text.length <= 2 * mostEscapes) return false
  let escapes = 0
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) if (++escapes > mostEscapes) return true
  return false
}

/** Returns the place of the quote that ends the text in quotes, or the end of everything. */
function endOfText(json: string, start: number): number {
  const next = json.indexOf('"', start + 1)
  if (next < 0) return json.length
  // Most texts have no escapes, and a search is faster than a look at each character.
  if (json.charCodeAt(next - 1) !== backslash) return next
  let at = start + 1
  for (; at < json.length && json.charCodeAt(at) !== quote; at++) if (json.charCodeAt(at) === backslash) at++
  return at
}

/** Whether a character is `[` or `{`. */
function isOpening(unit: number): boolean {
  return unit === 0x5b || unit === 0x7b
}

/** Whether a character is `]` or `}`. */
function isClosing(unit: number): boolean {
  return unit === 0x5d || unit === 0x7d
}
