import type { Random } from '../../src/core/random.ts'

/** Ids in the shape of the service's: UUIDs whose version digit is 9. The nth id of a seed is always the same. */
export function requestIds(random: Random): (nth: number) => string {
  return (nth) => {
    const hex = (subkey: number) =>
      Math.floor(random.at(nth, subkey) * 2 ** 32)
        .toString(16)
        .padStart(8, '0')
    const [a, b, c, d] = [hex(0), hex(1), hex(2), hex(3)]
    return `${a}-${b.slice(0, 4)}-9${b.slice(5)}-${'89ab'[Number.parseInt(c[0]!, 16) & 3]}${c.slice(1, 4)}-${c.slice(4)}${d}`
  }
}
