import { hash, high, low } from '../../src/core/random.ts'
import { threefry, type Words } from '../../src/core/threefry.ts'

/** All numbers of 16 bits as four hexadecimal digits. Every request needs an id, and writing it digit by digit would cost more than the decision. */
const digits = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, '0'))

/**
 * Ids in the form of the service's own: UUIDs whose version digit is 9. The nth id of a seed is always the same, and every bit of it depends on all
 * bits of the seed and of the number. `label` tells apart those who give ids from one seed.
 */
export function requestIds(seed: number, label: string): (nth: number) => string {
  const key: Words = [low(seed), high(seed), hash(label), 0]
  const upper = (word: number) => digits[word >>> 16]!
  const lower = (word: number) => digits[word & 0xffff]!
  return (nth) => {
    const [a, b, c, d] = threefry(key, [low(nth), high(nth), 0, 0])
    // Version 9, and the variant that RFC 9562 prescribes.
    const version = digits[0x9000 | (b & 0xfff)]!
    const variant = digits[0x8000 | ((c >>> 16) & 0x3fff)]!
    return `${upper(a)}${lower(a)}-${upper(b)}-${version}-${variant}-${lower(c)}${upper(d)}${lower(d)}`
  }
}
