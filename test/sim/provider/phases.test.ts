import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { phasesOf } from '../../../sim/provider/phases.ts'
import { seeded } from '../../../src/core/random.ts'
import { switchesOf } from '../../../src/scenario/switches.ts'

const drawn = (seed: number) => phasesOf(seeded(seed), switchesOf({ gridPhase: 'seed' }))
const seeds = fc.nat(1e6)
const lengths = fc.integer({ min: 1, max: 86_400_000 })

test.prop([seeds, lengths])('start: every grid begins at the clock’s instant 0', (seed, length) => {
  const phases = phasesOf(seeded(seed), switchesOf({ gridPhase: 'start' }))
  expect([phases.ofWindow(length), phases.ofGuard('a', 'm', length)]).toEqual([0, 0])
})

describe('seed', () => {
  test.prop([seeds, lengths])(
    'a phase is a whole number from 0 to the length, and the same each time',
    (seed, length) => {
      for (const each of [drawn(seed).ofWindow(length), drawn(seed).ofGuard('a', 'm', length)]) {
        expect(Number.isInteger(each)).toBe(true)
        expect(each).toBeGreaterThanOrEqual(0)
        expect(each).toBeLessThan(length)
      }
      expect(drawn(seed).ofWindow(length)).toBe(drawn(seed).ofWindow(length))
      const phases = drawn(seed)
      expect(phases.ofGuard('a', 'm', length)).toBe(phases.ofGuard('a', 'm', length))
    },
  )

  test.prop([seeds, fc.integer({ min: 1, max: 1e4 }), fc.integer({ min: 1, max: 1e3 })])(
    'a window that is a multiple of another begins with one of them',
    (seed, length, times) => {
      const { ofWindow } = drawn(seed)
      expect(ofWindow(length * times) % length).toBe(ofWindow(length))
    },
  )

  test('accounts, models and seeds have guards of their own, and the draws of the world do not shift', () => {
    const { ofGuard } = drawn(1)
    const all = [
      ofGuard('a', 'm', 1e9),
      ofGuard('a', 'n', 1e9),
      ofGuard('b', 'm', 1e9),
      drawn(2).ofGuard('a', 'm', 1e9),
    ]
    expect(new Set(all).size).toBe(4)
    const world = seeded(1)
    phasesOf(world, switchesOf())
    expect(world.next()).toBe(seeded(1).next())
  })

  test('over many seeds every part of an interval is as likely', () => {
    const count = 4000
    for (const phase of [
      (seed: number) => drawn(seed).ofWindow(5000),
      (seed: number) => drawn(seed).ofGuard('a', 'm', 5000),
    ]) {
      const counts = new Array<number>(10).fill(0)
      for (let seed = 0; seed < count; seed++) counts[Math.floor(phase(seed) / 500)]!++
      // Chi-squared with nine degrees of freedom: p > 0.001 below 27.9. The seeds are fixed, so this is no chance of each run.
      const chi = counts.reduce((sum, each) => sum + (each - count / 10) ** 2 / (count / 10), 0)
      expect(chi).toBeLessThan(27.9)
    }
  })
})
