import type { Random } from '../../../src/core/random.ts'

/** Four hexadecimal digits each: every request needs an id, and formatting one digit by digit costs more than deciding it. */
const digits = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, '0'))

/** Ids in the shape of the service's: UUIDs whose version digit is 9. The nth id of a seed is always the same. */
export function requestIds(random: Random): (nth: number) => string {
  const word = (nth: number, subkey: number) => Math.floor(random.at(nth, subkey) * 2 ** 32)
  const high = (word: number) => digits[word >>> 16]!
  const low = (word: number) => digits[word & 0xffff]!
  return (nth) => {
    const a = word(nth, 0)
    const b = word(nth, 1)
    const c = word(nth, 2)
    const d = word(nth, 3)
    // Version 9, and the variant that RFC 9562 lays down.
    const version = digits[0x9000 | (b & 0xfff)]!
    const variant = digits[0x8000 | ((c >>> 16) & 0x3fff)]!
    return `${high(a)}${low(a)}-${high(b)}-${version}-${variant}-${low(c)}${high(d)}${low(d)}`
  }
}
