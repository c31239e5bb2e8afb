import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { ambientRandom, normalsAt, seeded } from '../../../src/core/random.ts'

const seeds = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
const draws = (random: { next(): number }, count: number) => Array.from({ length: count }, () => random.next())

test.each([2 ** 21, 2 ** 32, 2 ** 52, 2 ** 53 - 10_000])(
  'different seeds from %d on give different streams',
  (first) => {
    expect(new Set(Array.from({ length: 1000 }, (_, i) => seeded(first - 500 + i).next())).size).toBe(1000)
  },
)

test.prop([seeds])('the same seed gives the same stream', (seed) => {
  expect(draws(seeded(seed), 20)).toEqual(draws(seeded(seed), 20))
})

test.prop([seeds, fc.nat(50), fc.string()])(
  'a fork depends on the seed and its label, not on the draws before it',
  (seed, before, label) => {
    const used = seeded(seed)
    draws(used, before)
    const late = used.fork(label)
    expect(draws(late, 10)).toEqual(draws(seeded(seed).fork(label), 10))
    expect(late.at(3, 1)).toBe(seeded(seed).fork(label).at(3, 1))
  },
)

test.prop([seeds, fc.nat(50)])('draws from a fork do not change its parent’s draws', (seed, count) => {
  const parent = seeded(seed)
  const child = parent.fork('child')
  draws(child, count)
  expect(draws(parent, 10)).toEqual(draws(seeded(seed), 10))
})

test.prop([seeds, fc.nat(), fc.nat(100), fc.nat(50)])(
  'a keyed draw is the same each time',
  (seed, key, subkey, before) => {
    const used = seeded(seed)
    draws(used, before)
    expect(used.at(key, subkey)).toBe(seeded(seed).at(key, subkey))
    expect(used.at(key)).toBe(seeded(seed).at(key, 0))
    expect(draws(used, 5)).toEqual(draws(seeded(seed), before + 5).slice(before))
  },
)

test.prop([seeds, fc.nat(), fc.nat()])('every draw is in [0, 1)', (seed, key, subkey) => {
  for (const draw of [seeded(seed).next(), seeded(seed).at(key, subkey), seeded(seed).fork('x').next()]) {
    expect(draw).toBeGreaterThanOrEqual(0)
    expect(draw).toBeLessThan(1)
  }
})

test('neighbouring seeds, labels and keys give different streams', () => {
  const first = [
    ...Array.from({ length: 500 }, (_, i) => seeded(i).next()),
    ...[1.5, -1, 1 / 3, 2 ** 40, 2 ** 40 + 1, 2 ** 53].map((seed) => seeded(seed).next()),
    ...Array.from({ length: 500 }, (_, i) => seeded(0).fork(`layer ${i}`).next()),
    ...Array.from({ length: 500 }, (_, i) => seeded(0).at(i >> 2, i & 3)),
  ]
  expect(new Set(first).size).toBe(first.length)
})

test('−0 is the same seed as 0, which a user cannot tell from it', () => {
  expect(seeded(-0).next()).toBe(seeded(0).next())
})

test('ambient streams differ from each other', () => {
  expect(draws(ambientRandom(), 5)).not.toEqual(draws(ambientRandom(), 5))
})

// All tests below have fixed seeds, so they cannot fail by chance, only by a change of the generator.

const count = 200_000

/** χ² of equally likely bins, transformed to a standard normal variable (Wilson and Hilferty). */
function chiSquareZ(counts: ArrayLike<number>, total: number): number {
  const expected = total / counts.length
  const chi = Array.from(counts).reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
  const spread = 2 / (9 * (counts.length - 1))
  return (Math.cbrt(chi / (counts.length - 1)) - (1 - spread)) / Math.sqrt(spread)
}

/** The distance of a sequence from uniform in standard errors, by each of several measures. */
function deviations(draw: (i: number) => number): Record<string, number> {
  const bins = { high: new Float64Array(256), low: new Float64Array(256), pairs: new Float64Array(1024) }
  let [sum, squares, serial, before] = [0, 0, 0, 0.5]
  for (let i = 0; i < count; i++) {
    const u = draw(i)
    sum += u
    squares += u * u
    serial += (u - 0.5) * (before - 0.5)
    bins.high[Math.floor(u * 256)]!++
    bins.low[(u * 2 ** 53) % 256]!++
    bins.pairs[Math.floor(before * 32) * 32 + Math.floor(u * 32)]!++
    before = u
  }
  return {
    mean: (sum / count - 1 / 2) * Math.sqrt(12 * count),
    variance: (squares / count - 1 / 3) * Math.sqrt((45 / 4) * count),
    'serial correlation': (serial / count) * 12 * Math.sqrt(count),
    'high bits': chiSquareZ(bins.high, count),
    'low bits': chiSquareZ(bins.low, count),
    'neighbouring pairs': chiSquareZ(bins.pairs, count),
  }
}

const root = seeded(2024)
const stream = seeded(7)
describe.each<[string, (i: number) => number]>([
  ['next', () => stream.next()],
  ['sequential keys', (i) => root.at(i)],
  ['keys far apart', (i) => root.at(i * 4096)],
  ['pairs of subkeys', (i) => root.at(i >> 1, i & 1)],
  ['subkeys of one key', (i) => root.at(5, i)],
  ['adjacent seeds', (i) => seeded(i).next()],
  ['keys under adjacent seeds', (i) => seeded(i).at(3, 1)],
  ['forks of adjacent seeds', (i) => seeded(i).fork('workload').next()],
  ['adjacent labels', (i) => root.fork(`layer ${i}`).next()],
])('%s', (_, draw) => {
  test('are uniform, and neighbours are independent', () => {
    for (const [measure, z] of Object.entries(deviations(draw))) expect(Math.abs(z), measure).toBeLessThan(4)
  })
})

test.each<[string, (i: number) => number, (i: number) => number]>([
  ['two seeds', (i) => seeded(1).at(i), (i) => seeded(2).at(i)],
  ['two forks', (i) => root.fork('a').at(i), (i) => root.fork('b').at(i)],
  ['parent and fork', (i) => root.at(i), (i) => root.fork('a').at(i)],
  ['two subkeys', (i) => root.at(i, 0), (i) => root.at(i, 1)],
  ['a key and its neighbour’s other subkey', (i) => root.at(i, 0), (i) => root.at(i + 1, 1)],
  ['keys swapped with subkeys', (i) => root.at(i >> 8, i & 255), (i) => root.at(i & 255, i >> 8)],
])('%s are uncorrelated', (_, a, b) => {
  let covariance = 0
  for (let i = 0; i < count; i++) covariance += (a(i) - 0.5) * (b(i) - 0.5)
  expect(Math.abs((covariance / count) * 12 * Math.sqrt(count))).toBeLessThan(4)
})

describe('normals of a key', () => {
  const pairs = Array.from({ length: count }, (_, key) => normalsAt(key, root))
  const mean = (of: (pair: readonly [number, number]) => number) => pairs.reduce((sum, p) => sum + of(p), 0) / count

  test('are standard normal, and independent', () => {
    for (const side of [0, 1] as const) {
      expect(Math.abs(mean((pair) => pair[side])) * Math.sqrt(count)).toBeLessThan(4)
      expect(Math.abs(mean((pair) => pair[side] ** 2) - 1) * Math.sqrt(count / 2)).toBeLessThan(4)
      expect(Math.abs(mean((pair) => (pair[side] < 1 ? 1 : 0)) - 0.841345) * Math.sqrt(count)).toBeLessThan(4 * 0.366)
    }
    expect(Math.abs(mean(([a, b]) => a * b)) * Math.sqrt(count)).toBeLessThan(4)
    expect(Math.abs(mean(([a, b]) => (a * a - 1) * (b * b - 1))) * (Math.sqrt(count) / 2)).toBeLessThan(4)
  })

  test('are the same each time', () => {
    expect(normalsAt(7, root)).toEqual(pairs[7])
  })
})
