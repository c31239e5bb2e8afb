import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { TimerWheel } from '../../../sim/time/timer-wheel.ts'

/** A simple model: a list from which the first of the earliest timers is searched for and removed. */
function listModel() {
  const timers: { due: number; what: number | undefined }[] = []
  const nextDue = () => Math.min(...timers.map(({ due }) => due))
  return {
    timers,
    nextDue,
    pop: () => {
      const index = timers.findIndex(({ due }) => due === nextDue())
      return index < 0 ? undefined : timers.splice(index, 1)[0]!
    },
  }
}

type Operation = { readonly after: number } | { readonly cancel: number } | 'pop'

// The delays share instants, are close to the end of the ring on both sides, and are several rounds long.
const edge = 1 << 15
const delays = fc.oneof(
  fc.nat(3),
  fc.nat(200),
  fc.integer({ min: edge - 3, max: edge + 3 }),
  fc.integer({ min: 2 * edge - 2, max: 2 * edge + 2 }),
  fc.nat(6 * edge),
  fc.nat(2 ** 40),
)
const operations = (pushes: number) =>
  fc.array<Operation>(
    fc.oneof(
      { weight: pushes, arbitrary: delays.map((after) => ({ after })) },
      { weight: 1, arbitrary: fc.nat().map((cancel) => ({ cancel })) },
      { weight: 3, arbitrary: fc.constant('pop' as const) },
    ),
    { maxLength: 300 },
  )

test.prop(
  [fc.oneof(operations(6), operations(3)), fc.oneof(fc.nat(2 * edge), fc.constant(1.7e12), fc.constant(-edge - 7))],
  {
    numRuns: 300,
  },
)(
  'timers leave by due time and those of one instant in the order they came; a cancelled one leaves empty in its turn',
  (chosen, origin) => {
    const wheel = new TimerWheel<number>(origin)
    const model = listModel()
    const slots = new Map<object, number>()
    let now = origin
    const pop = () => {
      const timer = model.pop()
      if (timer) now = timer.due
      expect(wheel.pop()).toBe(timer?.what)
    }
    for (const [nth, operation] of chosen.entries()) {
      if (operation === 'pop') pop()
      else if ('after' in operation) {
        const timer = { due: now + operation.after, what: nth }
        model.timers.push(timer)
        slots.set(timer, wheel.push(timer.due, nth))
      } else if (model.timers.length > 0) {
        const timer = model.timers[operation.cancel % model.timers.length]!
        timer.what = undefined
        wheel.cancel(slots.get(timer)!)
      }
      expect(wheel.size).toBe(model.timers.length)
      expect(wheel.nextDue).toBe(model.nextDue())
    }
    while (model.timers.length > 0) pop()
    expect(wheel.pop()).toBeUndefined()
    expect(wheel.nextDue).toBe(Infinity)
  },
)

test('a timer at each position of the ring is found from either side of the ring’s end', () => {
  for (const origin of [0, 1, 31, 32, 1023, 1024, edge - 1]) {
    const wheel = new TimerWheel<number>(origin)
    const dues = Array.from({ length: edge }, (_, i) => origin + ((i * 7919) % edge))
    for (const due of dues) wheel.push(due, due)
    for (let due = origin; due < origin + edge; due++) {
      expect(wheel.nextDue).toBe(due)
      expect(wheel.pop()).toBe(due)
    }
    expect(wheel.size).toBe(0)
  }
})
