import { test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { okReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { adaptiveLifo, newestFirstUnderOverload } from '../../../../src/strategies/tenants/adaptive-lifo.ts'
import { expectOrder, lineSteps } from './order-model.ts'

test('serves the oldest first until it has waited for half its patience, and then the newest', async () => {
  const rig = strategyRig({ strategy: adaptiveLifo({ perSecond: 1 }), script: () => okReply() })
  await rig.run([0, 1, 2, 3, 4, 5].map((id) => ({ at: id, call: exampleCall(id, { deadline: id + 4000 }) })))
  // At 4,000 call 3 is the oldest, and it expires 3 ms later.
  expect(rig.ids()).toEqual([0, 1, 2, 5, 4])
  expect(rig.instants()).toEqual([0, 1000, 2000, 3000, 4000])
})

test.prop([lineSteps])('serves as a plain list does', (steps) => {
  expectOrder(newestFirstUnderOverload(), steps, (waiting, now) => {
    const [oldest] = waiting
    if (!oldest) return undefined
    const hasExpired = oldest.call.deadline <= now
    const halfGone = oldest.joined + (oldest.call.deadline - oldest.joined) / 2
    return now > halfGone && !hasExpired ? waiting.at(-1) : oldest
  })
})

test('is named after its options and checks them', () => {
  expect(adaptiveLifo({ perSecond: 9, skipLate: false }).name).toBe('adaptiveLifo(9/s, late too)')
  expect(() => adaptiveLifo({ perSecond: 0 })).toThrow('Expected `perSecond` to be > 0, got 0')
})
