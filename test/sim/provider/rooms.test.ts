import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { Room } from '../../../sim/limiters/soft-limit.ts'
import { roomsOf } from '../../../sim/provider/rooms.ts'
import { seeded } from '../../../src/core/random.ts'
import { type Switches, switchesOf } from '../../../src/scenario/switches.ts'

const of = (seed: number, given: Partial<Switches> = {}, start = 0) =>
  roomsOf(seeded(seed).fork('world'), switchesOf(given), start)('m')

/** The instants before an end at which a room changes, and the time in which it is open. */
function changesOf(room: Room, start: number, end: number) {
  const instants: number[] = []
  let open = 0
  for (let now = start; now < end; ) {
    const next = Math.min(end, room.changesAt(now))
    if (room.isOpen(now)) open += next - now
    if (next < end) instants.push(next)
    now = next
  }
  return { instants, open }
}

describe('room beyond soft limits', () => {
  const share = fc.double({ min: 0.05, max: 0.95, noNaN: true })

  property.prop([fc.nat(1e6), share, fc.integer({ min: 1000, max: 100_000 })], { numRuns: 30 })(
    'is there for its share of the time, in cycles of the mean length',
    (seed, softRoom, softCycle) => {
      const cycles = 4000
      const end = cycles * softCycle
      const { instants, open } = changesOf(of(seed, { softRoom, softCycle }), 0, end)
      // Standard deviations: at most about 1.1 % of the cycles, and 0.8 % of the time.
      expect(instants.length / 2 / cycles).toBeGreaterThan(0.9)
      expect(instants.length / 2 / cycles).toBeLessThan(1.1)
      expect(Math.abs(open / end - softRoom)).toBeLessThan(0.05)
    },
  )

  property.prop([fc.nat(1e6), fc.array(fc.integer({ min: 1, max: 500_000 }), { maxLength: 20 }), fc.nat(2 ** 40)])(
    'is the same however often it is asked for, and counts from the start',
    (seed, gaps, start) => {
      const { instants } = changesOf(of(seed, {}, start), start, start + 10_000_000)
      const asked = of(seed)
      const opensFirst = of(seed).isOpen(0)
      let now = 0
      for (const gap of gaps) {
        now += gap
        const before = instants.filter((at) => at - start <= now).length
        if (before < instants.length) expect(asked.changesAt(now)).toBe(instants[before]! - start)
        expect(asked.isOpen(now)).toBe(opensFirst === (before % 2 === 0))
      }
    },
  )

  test('is never or always there at the ends of the range', () => {
    for (const softRoom of [0, 1]) {
      const room = of(1, { softRoom })
      expect([room.isOpen(0), room.isOpen(1e9), room.changesAt(5)]).toEqual([softRoom === 1, softRoom === 1, Infinity])
    }
  })

  test('differs from model to model, and from seed to seed', () => {
    const rooms = roomsOf(seeded(1), switchesOf())
    const next = [rooms('m'), rooms('n'), roomsOf(seeded(2), switchesOf())('m')].map((room) => room.changesAt(0))
    expect(new Set(next).size).toBe(3)
    expect(rooms('m').changesAt(0)).toBe(next[0])
  })
})
