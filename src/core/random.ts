/** Chance, injected. Streams are independent: drawing from one never shifts another. */
export interface Random {
  /** The stream's next draw, uniform in [0, 1). */
  next(): number
  /** A child stream that depends on this stream's seed and the label alone, not on how many draws were made. */
  fork(label: string): Random
  /** The draw that belongs to this key, uniform in [0, 1): the same whenever and however often it is asked for. */
  at(key: number, subkey?: number): number
}

/** A stream that is a pure function of its seed. Any finite number is a seed; 1 and 1.5 differ. */
export function seeded(seed: number): Random {
  return stream(mix(low(seed), high(seed)))
}

/** Chance nobody can repeat, for production. The one place that reads `Math.random`. */
export function ambientRandom(): Random {
  return seeded(Math.floor(Math.random() * 2 ** 53))
}

/** The stream's next exponential draw of this mean. */
export function exponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random.next())
}

/** Two independent standard normals that belong to this key, by Box–Muller: of a uniform angle and its radius, each a draw of the key's. */
export function normalsAt(key: number, random: Random): readonly [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - random.at(key, 0)))
  const angle = 2 * Math.PI * random.at(key, 1)
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
 * The first 32 bits decide, a second round of them fills in the rest of the 53: the draws of a stream are spread over the
 * whole of [0, 1) as finely as a double allows, but no more than 2³² of them differ.
 */
function toUnit(first: number, root: number): number {
  const second = mix(first, root ^ 0x27d4eb2f)
  return ((first >>> 5) * 67108864 + (second >>> 6)) / 9007199254740992
}

/** Two rounds of the 32-bit finalizer of MurmurHash3 (public domain) over a pair: every input bit reaches every output bit. */
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

/** A 32-bit integer that a text always has, and hardly another: FNV-1a over its UTF-16 units. */
export function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h
}

const bits = new DataView(new ArrayBuffer(8))
function low(value: number): number {
  bits.setFloat64(0, value)
  return bits.getInt32(4)
}
function high(value: number): number {
  bits.setFloat64(0, value)
  return bits.getInt32(0)
}
