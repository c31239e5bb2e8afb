import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { Cap } from '../../../../src/strategies/recommended/cap.ts'
import { FreeRejects } from '../../../../src/strategies/recommended/free-rejects.ts'
import { Pad } from '../../../../src/strategies/recommended/pad.ts'
import { RoundTrips } from '../../../../src/strategies/recommended/round-trips.ts'
import { Spending } from '../../../../src/strategies/recommended/spending.ts'
import { WindowRoom } from '../../../../src/strategies/recommended/window-room.ts'

/** What no round trip is known of is widened by 20 ms. */
const pad = 20

function roomOf(limits: readonly (readonly [window: number, limit: number])[], sent: readonly number[]): WindowRoom {
  const trips = new RoundTrips()
  const spending = new Spending('requests', trips)
  const caps = limits.map(([window, limit]) => {
    const cap = new Cap('requests', window)
    // No trial follows so soon.
    cap.set(limit, 5000, 0)
    return cap
  })
  for (const at of sent) spending.add(at, 1)
  const rejects = new FreeRejects('tokens', caps, spending, trips)
  return new WindowRoom(caps, spending, trips, new Pad(trips), rejects)
}

describe('the first instant with room', () => {
  test.prop([
    fc.array(fc.nat(5000), { maxLength: 40 }).map((sent) => sent.sort((a, b) => a - b)),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 30 }),
  ])('is the first at which every widened window holds less than its limit', (sent, short, long) => {
    const limits = [
      [1000, short],
      [5000, long],
    ] as const
    let at = 5000
    const isFull = ([window, limit]: readonly [number, number]) =>
      sent.filter((each) => each > at - window - pad).length >= limit
    while (limits.some(isFull)) at++
    expect(roomOf(limits, sent).readyAt(1, 5000)).toBe(at)
  })

  test('is that of an empty window for a cost above the limit', () => {
    expect(roomOf([[1000, 3]], [100, 200]).readyAt(9, 500)).toBe(1220)
  })

  test('is now while no limit is known', () => {
    expect(roomOf([[1000, Infinity]], [0, 0, 0]).readyAt(1, 0)).toBe(0)
  })
})
