import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { okReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { highestFirst, priority } from '../../../../src/strategies/tenants/priority.ts'
import { expectOrder, lineSteps } from './order-model.ts'

test('serves the highest first, and a call rises by one rank for each 30 s that it waits', async () => {
  const rig = strategyRig({ strategy: priority({ perSecond: 0.1 }), script: () => okReply() })
  await rig.run(
    [0, 0, 0, 1, 1, 1, 1].map((rank, id) => ({
      at: id < 3 ? 0 : 9000 * id,
      call: exampleCall(id, { priority: rank }),
    })),
  )
  // Call 2 has waited 30 s more than call 4 and is as high as it; it goes first, because it joined first.
  expect(rig.ids()).toEqual([0, 1, 2, 3, 4, 5, 6])
  const crowd = strategyRig({ strategy: priority({ perSecond: 1 }), script: () => okReply() })
  await crowd.run([0, 0, 2, Number.NaN, 1].map((rank, id) => ({ at: 0, call: exampleCall(id, { priority: rank }) })))
  expect(crowd.ids()).toEqual([0, 2, 4, 1, 3])
})

test.prop([fc.integer({ min: 1, max: 100 }), lineSteps])(
  'serves the highest rank, as a plain list finds it',
  (aging, steps) => {
    expectOrder(highestFirst(aging), steps, (waiting, now) => {
      const rank = ({ call, joined }: (typeof waiting)[number]) => call.priority! * aging + now - joined
      return waiting.find((each) => waiting.every((other) => rank(other) <= rank(each)))
    })
  },
)

test('is named after its options and checks them', () => {
  expect(priority({ perSecond: 9 }).name).toBe('priority(9/s, 30000 ms)')
  expect(() => priority({ perSecond: 9, aging: 0 })).toThrow('Expected `aging` to be > 0 and <= 1000000000000, got 0')
  expect(() => priority({ perSecond: 0 })).toThrow('Expected `perSecond` to be > 0, got 0')
})
