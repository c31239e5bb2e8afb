import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { TimerHeap } from '../../../sim/time/timer-heap.ts'

/** A simple model: a list from which the first of the earliest timers is searched for and removed. */
function sortedModel() {
  const timers: { due: number; timer: number }[] = []
  const nextDue = () => Math.min(...timers.map(({ due }) => due))
  return {
    timers,
    nextDue,
    pop: () => {
      const due = nextDue()
      const index = timers.findIndex((each) => each.due === due)
      return index < 0 ? undefined : timers.splice(index, 1)[0]!.timer
    },
  }
}

type Operation = { readonly push: number } | 'pop'

const dues = fc.oneof(fc.nat(5), fc.nat(5), fc.integer({ min: -(2 ** 40), max: 2 ** 40 }))
const operations = (pushes: number) =>
  fc.array<Operation>(
    fc.oneof(
      { weight: pushes, arbitrary: dues.map((push) => ({ push })) },
      { weight: 3, arbitrary: fc.constant('pop' as const) },
    ),
    { maxLength: 300 },
  )

test.prop([fc.oneof(operations(6), operations(3))])(
  'timers are removed by due time, and those of one instant in the order in which they were added',
  (chosen) => {
    const heap = new TimerHeap()
    const model = sortedModel()
    for (const [timer, operation] of chosen.entries()) {
      if (operation === 'pop') expect(heap.pop()).toBe(model.pop())
      else {
        model.timers.push({ due: operation.push, timer })
        heap.push(operation.push, timer)
      }
      expect(heap.size).toBe(model.timers.length)
      expect(heap.nextDue).toBe(model.nextDue())
    }
    while (model.timers.length > 0) expect(heap.pop()).toBe(model.pop())
    expect(heap.pop()).toBeUndefined()
  },
)

test('ten thousand timers of one instant are removed in the order in which they were added', () => {
  const heap = new TimerHeap()
  const count = 10_000
  for (let nth = 0; nth < count; nth++) heap.push(7, nth)
  const left = Array.from({ length: count }, () => heap.pop())
  expect(left).toEqual(Array.from({ length: count }, (_, nth) => nth))
})

test('an empty heap has no next instant', () => {
  const heap = new TimerHeap()
  expect(heap.size).toBe(0)
  expect(heap.nextDue).toBe(Infinity)
  expect(heap.pop()).toBeUndefined()
  heap.push(3, 17)
  expect(heap.nextDue).toBe(3)
  expect(heap.pop()).toBe(17)
  expect(heap.nextDue).toBe(Infinity)
})
