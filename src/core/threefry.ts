/** 128 bits, as four 32-bit integers. */
export type Words = readonly [number, number, number, number]

/** The rotations of eight rounds in a row, two for each round. They repeat. */
const rotations = Int32Array.of(10, 26, 11, 21, 13, 27, 23, 5, 6, 20, 17, 11, 25, 10, 18, 20)

/** The parity word of the key schedule, so that no key has a schedule of zeros. */
const parity = 0x1bd11bda

/**
 * Threefry-4x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): mixes a counter of 128 bits under a key of 128
 * bits. Every bit of the result depends on every bit of both. Under one key, different counters have different results.
 */
export function threefry(key: Words, [c0, c1, c2, c3]: Words): Words {
  const [k0, k1, k2, k3] = key
  const schedule = [k0, k1, k2, k3, k0 ^ k1 ^ k2 ^ k3 ^ parity]
  let x0 = (c0 + k0) | 0
  let x1 = (c1 + k1) | 0
  let x2 = (c2 + k2) | 0
  let x3 = (c3 + k3) | 0
  for (let twoRounds = 0; twoRounds < 10; twoRounds++) {
    const at = (twoRounds & 3) * 4
    x0 = (x0 + x1) | 0
    x1 = rotated(x1, rotations[at]!) ^ x0
    x2 = (x2 + x3) | 0
    x3 = rotated(x3, rotations[at + 1]!) ^ x2
    x0 = (x0 + x3) | 0
    x3 = rotated(x3, rotations[at + 2]!) ^ x0
    x2 = (x2 + x1) | 0
    x1 = rotated(x1, rotations[at + 3]!) ^ x2
    if ((twoRounds & 1) === 0) continue
    const step = (twoRounds + 1) >> 1
    x0 = (x0 + schedule[step % 5]!) | 0
    x1 = (x1 + schedule[(step + 1) % 5]!) | 0
    x2 = (x2 + schedule[(step + 2) % 5]!) | 0
    x3 = (x3 + schedule[(step + 3) % 5]! + step) | 0
  }
  return [x0, x1, x2, x3]
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}
