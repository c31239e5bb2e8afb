import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { Heap } from '../../../../src/strategies/tenants/heap.ts'

const step = fc.oneof(
  fc.record({ key: fc.constantFrom(-Infinity, -1, 0, 1, 2, Infinity) }),
  fc.record({ leaves: fc.nat(40) }),
)

test.prop([fc.array(step, { maxLength: 80 })])('behaves as a list that is sorted by key and then by age', (steps) => {
  const heap = new Heap<number>()
  const leave: (() => void)[] = []
  let model: { id: number; key: number }[] = []
  for (const action of steps) {
    if ('key' in action) {
      const id = leave.length
      leave.push(heap.add(id, action.key))
      model.push({ id, key: action.key })
    } else if (model.some(({ id }) => id === action.leaves)) {
      leave[action.leaves]!()
      model = model.filter(({ id }) => id !== action.leaves)
    }
    const smallest = Math.min(...model.map(({ key }) => key))
    expect(heap.first).toBe(model.find(({ key }) => key === smallest)?.id)
  }
})
