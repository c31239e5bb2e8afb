import { isNarrow, isWide, tokensOf } from './characters.ts'

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c
const closingBrace = 0x7d
const space = 0x20
const letterU = 0x75
const zero = 0x30
const nine = 0x39

/** The longest name that is compared, characters as they stand in the JSON. A name may have each letter as an escape of six. */
const longestName = 128

/**
 * Counts the texts of JSON that passes piece by piece, in one pass and without keeping it: the values of fields with certain names, at any depth and
 * also in lists. It also reads the last number of certain other fields. What is not JSON, such as `data:` in a stream, is ignored.
 */
export class JsonTexts {
  readonly #texts: ReadonlySet<string>
  readonly #numbers: ReadonlySet<string>
  /** The characters of the texts since the last number that was read, and the tokens that stand as numbers in the place of texts. */
  #counted = { narrow: 0, wide: 0, listed: 0 }
  /** The last string. It counts when it turns out to be a value. `ended`: what follows will tell. */
  #string: 'none' | 'open' | 'ended' = 'none'
  #narrow = 0
  #wide = 0
  /** The beginning of the last string, as it stands in the JSON. */
  #head = ''
  /** What the last name says of its values. */
  #isOfTexts = false
  #isOfNumbers = false
  /** The whole number that is being read. -1: there is none. */
  #value = -1
  /** The beginning of an escape whose rest has not come yet. */
  #held = ''
  #lastNumber: number | undefined

  constructor(names: { readonly texts: readonly string[]; readonly numbers?: readonly string[] }) {
    this.#texts = new Set(names.texts)
    this.#numbers = new Set(names.numbers)
  }

  /** The last number that was read from a field of numbers. */
  get lastNumber(): number | undefined {
    return this.#lastNumber
  }

  /** An estimate of the tokens of all texts since that number. */
  get tokens(): number {
    const isValue = this.#isOfTexts && this.#string !== 'none'
    const { narrow, wide, listed } = this.#counted
    return tokensOf(narrow + (isValue ? this.#narrow : 0), wide + (isValue ? this.#wide : 0)) + listed
  }

  add(piece: string): void {
    const text = this.#held + piece
    this.#held = ''
    let at = 0
    while (at < text.length) at = this.#string === 'open' ? this.#readString(text, at) : this.#readOther(text, at)
  }

  /** Reads on within a string, and counts its characters as `estimatedTokens` does. Returns where it ends. */
  #readString(text: string, from: number): number {
    let narrow = 0
    let wide = 0
    let at = from
    for (; at < text.length; at++) {
      let unit = text.charCodeAt(at)
      if (unit === quote) break
      if (unit === backslash) {
        const length = text.charCodeAt(at + 1) === letterU ? 6 : 2
        if (at + length > text.length) {
          this.#held = text.slice(at)
          break
        }
        unit = length === 6 ? unitAt(text, at + 2) : space
        at += length - 1
      }
      if (isWide(unit)) wide++
      else if (isNarrow(unit)) narrow++
    }
    this.#narrow += narrow
    this.#wide += wide
    const room = longestName - this.#head.length
    if (room > 0) this.#head += text.slice(from, Math.min(at, from + room))
    if (this.#held !== '') return text.length
    if (at < text.length) this.#string = 'ended'
    return at + 1
  }

  /** Reads on outside of strings. Returns where the next string begins, or where the text ends. */
  #readOther(text: string, from: number): number {
    let value = this.#value
    for (let at = from; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      if (unit >= zero && unit <= nine) {
        if (value < 0) this.#endString(false)
        value = Math.max(value, 0) * 10 + unit - zero
        continue
      }
      if (value >= 0) this.#endNumber(value)
      value = -1
      if (unit <= space || unit === comma) continue
      if (this.#string === 'ended') this.#endString(unit === colon)
      // What follows an object is no value of its last name. In a stream it may be the number of the next frame.
      if (unit === closingBrace) this.#named('')
      if (unit !== quote) continue
      this.#string = 'open'
      this.#value = value
      return at + 1
    }
    this.#value = value
    return text.length
  }

  #named(name: string): void {
    this.#isOfTexts = this.#texts.has(name)
    this.#isOfNumbers = this.#numbers.has(name)
  }

  #endNumber(value: number): void {
    if (this.#isOfTexts) this.#counted.listed++
    if (!this.#isOfNumbers || value > 1e9) return
    this.#lastNumber = value
    this.#counted = { narrow: 0, wide: 0, listed: 0 }
  }

  #endString(isName: boolean): void {
    if (this.#string === 'ended') {
      if (isName) this.#named(unescaped(this.#head))
      else if (this.#isOfTexts) {
        this.#counted.narrow += this.#narrow
        this.#counted.wide += this.#wide
      }
    }
    this.#string = 'none'
    this.#narrow = 0
    this.#wide = 0
    this.#head = ''
  }
}

/** The character whose four hexadecimal digits stand at this place. */
function unitAt(text: string, from: number): number {
  let unit = 0
  for (let at = from; at < from + 4; at++) {
    const digit = text.charCodeAt(at) | 0x20
    unit = unit * 16 + (digit >= 0x61 ? digit - 0x57 : digit - zero)
  }
  return unit & 0xffff
}

/** The text of a string as it stands in JSON. */
function unescaped(json: string): string {
  if (!json.includes('\\')) return json
  try {
    return JSON.parse(`"${json}"`)
  } catch {
    return json
  }
}
