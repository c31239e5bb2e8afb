import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { okReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { highestFirst, priority } from '../../../../src/strategies/tenants/priority.ts'
import { expectOrder, lineSteps } from './order-model.ts'

test('serves the highest first, and among equals first come first served', async () => {
  const rig = strategyRig({ strategy: priority({ perSecond: 1 }), script: () => okReply() })
  await rig.run([0, 0, 2, Number.NaN, 1, 2].map((rank, id) => ({ at: 0, call: exampleCall(id, { priority: rank }) })))
  expect(rig.ids()).toEqual([0, 2, 5, 4, 1, 3])
})

test('a call rises by one rank for each 30 s that it waits', async () => {
  const rig = strategyRig({ strategy: priority({ perSecond: 0.1 }), script: () => okReply() })
  const ranked = (id: number, at: number, rank: number) => ({ at, call: exampleCall(id, { priority: rank }) })
  await rig.run([
    ranked(0, 0, 0),
    ranked(1, 1, 1),
    ranked(2, 2, 0),
    ranked(3, 3, 1),
    ranked(4, 29_000, 1),
    ranked(5, 30_003, 1),
  ])
  // Call 2 has rank 1 at 30,002: it is before call 5, which comes a millisecond later with that rank, and behind call 4.
  expect(rig.ids()).toEqual([0, 1, 3, 4, 2, 5])
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
