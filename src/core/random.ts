/** A stream of random draws, given as an argument. Streams are independent: a draw from one never shifts another. */
export interface Random {
  /** The stream's next draw, uniform in [0, 1). */
  next(): number
  /** A child stream. It depends on this stream's seed and on the label, and not on how many draws were made. */
  fork(label: string): Random
  /** The draw that belongs to this key, uniform in [0, 1). It is the same whenever and however often it is asked for. */
  at(key: number, subkey?: number): number
}

/** A stream that is a pure function of its seed. Any finite number is a seed, and different numbers are different seeds. */
export function seeded(seed: number): Random {
  return stream(mix(low(seed), high(seed)))
}

/** A stream that nobody can repeat, for production. This is the only place that reads `Math.random`. */
export function ambientRandom(): Random {
  return seeded(Math.floor(Math.random() * 2 ** 53))
}

/** The stream's next draw from the exponential distribution with this mean. */
export function exponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random.next())
}

/**
 * The stream's next draw from the gamma distribution with this shape and the scale 1: the method of Marsaglia and Tsang (2000). A shape below
 * 1 is raised by 1, and the draw is multiplied by U^(1 ÷ shape).
 */
export function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random.next()) ** (1 / shape)
  const d = shape - 1 / 3
  for (;;) {
    const normal = boxMuller(random.next(), random.next())[0]
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - random.next()) < normal ** 2 / 2 + d * (1 - v + Math.log(v))) return d * v
  }
}

/** Two independent standard normal draws that belong to this key: the Box–Muller transform of two uniform ones. */
export function normalsAt(key: number, random: Random): readonly [number, number] {
  return boxMuller(random.at(key, 0), random.at(key, 1))
}

function boxMuller(first: number, second: number): readonly [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - first))
  const angle = 2 * Math.PI * second
  return [radius * Math.cos(angle), radius * Math.sin(angle)]
}

function stream(root: number): Random {
  let drawn = 0
  return {
    next: () => toUnit(mix(root, drawn++), root),
    fork: (label) => stream(mix(root, hash(label))),
    at: (key, subkey = 0) => {
      const first = mix(mix(root ^ 0x5bd1e995, key), subkey)
      return toUnit(first, root)
    },
  }
}

/**
 * A number in [0, 1) with 53 random bits. The first 32 bits decide, and a second round computes the other bits from them: the draws
 * of a stream are spread as finely as a double allows, but no more than 2³² of them differ.
 */
function toUnit(first: number, root: number): number {
  const second = mix(first, root ^ 0x27d4eb2f)
  return ((first >>> 5) * 67108864 + (second >>> 6)) / 9007199254740992
}

/** Mixes two 32-bit integers by two rounds of the finalizer of MurmurHash3 (public domain): every input bit changes every output bit. */
function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b ^ (b >>> 16) ^ 0x7f4a7c15, 0xc2b2ae35)
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h + b, 0xc2b2ae35)
  h ^= h >>> 16
  h = Math.imul(h, 0x7feb352d)
  h ^= h >>> 15
  return h
}

/** The 32-bit FNV-1a hash of a text, over its UTF-16 units. Two different texts hardly ever have the same. */
export function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h
}

const bits = new DataView(new ArrayBuffer(8))

/** The lower 32 of the 64 bits of a number. −0 has those of 0, from which no user can tell it. */
export function low(value: number): number {
  bits.setFloat64(0, value + 0)
  return bits.getInt32(4)
}

/** The upper 32 of these bits. */
export function high(value: number): number {
  bits.setFloat64(0, value + 0)
  return bits.getInt32(0)
}
