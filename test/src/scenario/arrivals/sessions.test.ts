import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { seeded } from '../../../../src/core/random.ts'
import { turnsOf } from '../../../../src/scenario/arrivals/sessions.ts'

const hour = 3_600_000
const sessions = { kind: 'sessions', perSecond: 0.5, turns: 4, pause: 20_000, context: 8000, until: hour } as const

test('conversations start as a Poisson process, and have a geometric number of turns with the given mean', () => {
  const turns = [...turnsOf({ ...sessions, until: 10 * hour }, seeded(1))]
  const lengths = Map.groupBy(turns, ({ session }) => session)
  expect(Math.abs(lengths.size - 18_000)).toBeLessThan(4 * Math.sqrt(18_000))
  expect(turns.length / lengths.size).toBeCloseTo(4, 1)
  const withOne = [...lengths.values()].filter(({ length }) => length === 1).length
  expect(withOne / lengths.size).toBeCloseTo(1 / 4, 1)
})

test.prop([
  fc.record({
    kind: fc.constant('sessions' as const),
    perSecond: fc.double({ min: 0.01, max: 20, noNaN: true }),
    turns: fc.double({ min: 1, max: 20, noNaN: true }),
    pause: fc.double({ min: 1, max: 60_000, noNaN: true }),
    context: fc.constant(8000),
    until: fc.double({ min: 1, max: 60_000, noNaN: true }),
  }),
  fc.integer(),
])('turns of a conversation are in the order of time, whole, and before the end', (arrivals, seed) => {
  const last = new Map<number, number>()
  for (const { at, session } of turnsOf(arrivals, seeded(seed))) {
    expect(Number.isSafeInteger(at) && at >= (last.get(session) ?? 0) && at < arrivals.until).toBe(true)
    last.set(session, at)
  }
})

test('are drawn only when they are asked for', () => {
  const endless = turnsOf({ ...sessions, perSecond: 1e6, until: 1e15 }, seeded(1))
  expect(endless.next().value).toEqual({ at: 0, session: 0 })
})
