import { fc } from '@fast-check/vitest'
import { expect } from 'vitest'
import { exampleCall } from '../../../../contracts/strategy-rig.ts'
import type { Millis } from '../../../../src/core/clock.ts'
import type { LineOrder, Place } from '../../../../src/strategies/pacing/order.ts'

/** What happens to a line at an instant: a call joins it, one leaves it from anywhere, or the first one is served. */
const step = fc.oneof(
  fc.record({
    joins: fc.record({ patience: fc.constantFrom(50, 100, 1000, Infinity), priority: fc.integer({ min: -2, max: 3 }) }),
  }),
  fc.record({ leaves: fc.nat(30) }),
  fc.constant({ serves: true as const }),
)

/** Mixes of steps, with the time that passes before each. */
export const lineSteps = fc.array(fc.tuple(fc.nat(40), step), { maxLength: 80 })

/** Checks that an order serves what `choose` chooses from a plain list of those who wait, in the order in which they joined. */
export function expectOrder(
  order: LineOrder,
  steps: typeof lineSteps extends fc.Arbitrary<infer T> ? T : never,
  choose: (waiting: readonly Place[], now: Millis) => Place | undefined,
): void {
  const leave: (() => void)[] = []
  let waiting: Place[] = []
  let now = 0
  const remove = (place: Place) => {
    leave[place.call.id]!()
    waiting = waiting.filter((each) => each !== place)
  }
  for (const [gap, action] of steps) {
    now += gap
    if ('joins' in action) {
      const { patience, priority } = action.joins
      const place = { call: exampleCall(leave.length, { deadline: now + patience, priority }), joined: now }
      waiting.push(place)
      leave.push(order.join(place))
    } else if ('leaves' in action) {
      const place = waiting.find(({ call }) => call.id === action.leaves)
      if (place) remove(place)
    } else {
      const place = order.first(now)
      expect(place).toBe(choose(waiting, now))
      if (place) remove(place)
    }
  }
}
