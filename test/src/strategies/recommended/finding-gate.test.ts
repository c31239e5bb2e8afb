import { describe, expect, test } from 'vitest'
import { okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall } from '../../../../contracts/strategy-rig.ts'
import { seeded } from '../../../../src/core/random.ts'
import { FindingGate } from '../../../../src/strategies/recommended/finding-gate.ts'

const call = exampleCall(0)
const limit = 40
const told = [{ rule: 'rps', limit, window: 1000 }] as const

/**
 * Sends as soon as the gate allows, and `every` so many milliseconds at most. `others`: how many requests of others are in the window of a
 * limit, which denies what exceeds it.
 */
function drive(gate: FindingGate, from: number, until: number, every: number, others: (now: number) => number): void {
  const admitted: number[] = []
  for (let now = from; now < until; now += every) {
    now = Math.max(now, Math.ceil(gate.opensAt(call, now)))
    const end = gate.pass(call, now, now)
    const isDenied = admitted.filter((at) => at > now - 1000).length + others(now) >= limit
    if (!isDenied) admitted.push(now)
    end(isDenied ? throttledReply('requests') : okReply(), now + 50)
  }
}

const nobody = () => 0
/** Others who use another part of the limit in each second. */
const changing = (now: number) => (Math.floor(now / 1000) * 7919) % limit
/** The same, at random. */
function atRandom(seed: number): (now: number) => number {
  const random = seeded(seed)
  const parts: number[] = []
  return (now) => {
    const second = Math.floor(now / 1000)
    while (parts.length <= second) parts.push(Math.floor(random.next() * limit))
    return parts[second]!
  }
}

describe.each([
  ['that takes the process to be alone', true],
  ['that does not know whether it is alone', false],
])('a gate %s and is told a limit', (_, isAlone) => {
  test('keeps to it while its own sends explain every denial', () => {
    const gate = new FindingGate(seeded(1), told, isAlone)
    drive(gate, 0, 120_000, 1, nobody)
    expect(gate.inspect()).toMatchObject({ isSharing: false, refuted: 0, unexplained: 0 })
  })

  test('shares when its own sends do not explain denials', () => {
    const gate = new FindingGate(seeded(1), told, isAlone)
    drive(gate, 0, 60_000, 10, changing)
    expect(gate.inspect()).toMatchObject({ isSharing: true, refuted: 1 })
  })

  test('follows the advice of the denial that makes it share', () => {
    const gate = new FindingGate(seeded(1), told, isAlone)
    for (let now = 0; !gate.inspect().isSharing; now = Math.ceil(gate.opensAt(call, now))) {
      const advised = now + 50 + 30_000
      gate.pass(call, now, now)(throttledReply('requests', 30_000), now + 50)
      expect(gate.opensAt(call, now + 50)).toBeGreaterThanOrEqual(advised)
    }
  })

  test('finds the limit again when the others have left', () => {
    const gate = new FindingGate(seeded(1), told, isAlone)
    drive(gate, 0, 60_000, 10, changing)
    drive(gate, 60_000, 300_000, 1, nobody)
    expect(gate.inspect()).toMatchObject({ isSharing: false, refuted: 1, limits: [{ window: 1000, limit }] })
  })
})

describe('a gate that is told nothing', () => {
  test('shares, until its own sends explain the denials', () => {
    const gate = new FindingGate(seeded(1), [], false)
    drive(gate, 0, 10_000, 1, nobody)
    expect(gate.inspect()).toMatchObject({ isSharing: true })
    drive(gate, 10_000, 180_000, 1, nobody)
    expect(gate.inspect()).toMatchObject({ isSharing: false, limits: [{ window: 1000, limit }] })
  })

  test('keeps to the limit that it has found when the demand pauses', () => {
    const gate = new FindingGate(seeded(1), [], false)
    drive(gate, 0, 180_000, 1, nobody)
    for (let from = 400_000; from < 2_000_000; from += 400_000) drive(gate, from, from + 3000, 1, nobody)
    expect(gate.inspect()).toMatchObject({ isSharing: false, refuted: 0, limits: [{ window: 1000, limit }] })
  })

  test('shares most of the time while others use a part at random', () => {
    const isSharing = Array.from({ length: 10 }, (_, seed) => {
      const gate = new FindingGate(seeded(seed), [], false)
      const others = atRandom(seed + 100)
      return Array.from({ length: 60 }, (_, i) => {
        drive(gate, 10_000 * i, 10_000 * (i + 1), 1, others)
        return gate.inspect().isSharing
      })
    }).flat()
    expect(isSharing.filter(Boolean).length).toBeGreaterThan(0.8 * isSharing.length)
  })

  test('shares longer each time that limits were refuted', () => {
    const gate = new FindingGate(seeded(1), [], false)
    const refuted: number[] = []
    for (let round = 0; round < 6; round++) {
      drive(gate, round * 200_000, round * 200_000 + 100_000, 1, nobody)
      drive(gate, round * 200_000 + 100_000, (round + 1) * 200_000, 5, changing)
      refuted.push(gate.inspect().refuted as number)
    }
    expect(refuted[0]).toBeGreaterThan(0)
    expect(refuted.at(-1)).toBeLessThan(6)
  })
})
