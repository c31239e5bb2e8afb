import { expectNumber } from '../../../src/core/expect.ts'
import { isNarrow, isWide, tokensOf } from '../../../src/tokens/characters.ts'

/** Counts the tokens of a text. */
export type TokenCount = (text: string) => number

/** Holds a count of a user's own to its type: what is no whole number of tokens would make every sum of tokens wrong. Throws an `OptionError`. */
export function wholeTokens(count: TokenCount): TokenCount {
  return (text) => {
    const tokens: unknown = count(text)
    // An `async` function is wrong here, too, and if nobody took the rejection of its promise, it would end the process.
    if (tokens instanceof Promise) tokens.catch(() => {})
    expectNumber('tokenCount(…)', tokens, { atLeast: 0, whole: true })
    return tokens as number
  }
}

/** The most UTF-16 units of a text that are looked at one by one. No model has a context of so many characters. */
const mostUnits = 4_000_000

/** Of a longer text this many pieces are looked at, evenly spaced, since to look at all of it would hold up other requests. */
const pieces = 1000

/**
 * Estimates the tokens of a text: four Latin characters, or one and a half Chinese, Japanese or Korean characters, make one token. The sum is
 * rounded up. The exact count depends on the vocabulary of the model.
 */
export const estimatedTokens: TokenCount = (text) => {
  const { length } = text
  // ASCII has a byte for each character, and bytes are counted much faster than characters are looked at.
  if (Buffer.byteLength(text) === length) return tokensOf(length, 0)
  if (length <= mostUnits) {
    const { narrow, wide } = charactersIn(text, 0, length)
    return tokensOf(narrow, wide)
  }
  const piece = mostUnits / pieces
  let narrow = 0
  let wide = 0
  for (let i = 0; i < pieces; i++) {
    const start = Math.floor((i * (length - piece)) / (pieces - 1))
    const found = charactersIn(text, start, start + piece)
    narrow += found.narrow
    wide += found.wide
  }
  const share = mostUnits / length
  return tokensOf(narrow / share, wide / share)
}

/** Counts the narrow and the wide characters in a part of a text. */
function charactersIn(text: string, from: number, to: number): { readonly narrow: number; readonly wide: number } {
  let narrow = 0
  let wide = 0
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i)
    if (isWide(unit)) wide++
    else if (isNarrow(unit)) narrow++
  }
  return { narrow, wide }
}

/**
 * The tokens that the template of a chat adds: five around each message, and three that open the answer. Two captures of qwen-plus fit this
 * exactly: 11 prompt tokens for 你是谁？, and 22 with "You are a helpful assistant." before it.
 */
export function templateTokens(messages: number): number {
  return 5 * messages + 3
}

/**
 * The tokens of a picture, a sound or a film. This is an assumption: the service counts by their size, which a link does not tell.
 */
export const mediaTokens = 1250
