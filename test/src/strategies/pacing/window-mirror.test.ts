import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Limit } from '../../../../src/core/limit.ts'
import { windowMirror } from '../../../../src/strategies/pacing/window-mirror.ts'

const perSecond: Limit = { rule: 'rps', limit: 3, window: 1000 }
const perMinute: Limit = { rule: 'tpm', limit: 1000, window: 60_000 }

test('sends a crowd as soon as its windows allow it, and pads them', async () => {
  const rig = strategyRig({ strategy: windowMirror({ limits: [perSecond], pad: 20 }), script: () => okReply() })
  await rig.run(callsAtOnce(7))
  expect(rig.instants()).toEqual([0, 0, 0, 1020, 1020, 1020, 2040])
})

test('the usage of a reply takes the place of its reservation, and what a 429 reserved is free again', async () => {
  const usage = { promptTokens: 300, outputTokens: 100 }
  const rig = strategyRig({
    strategy: windowMirror({ limits: [perMinute], pad: 0 }),
    script: (call) => (call.id === 0 ? throttledReply('tokens') : { ...okReply(), usage }),
    serviceTime: 50,
  })
  // Call 0 reserves 800 and is denied at 50. Call 1 reserves as much and uses 400; calls 2 and 3 reserve 400 each.
  await rig.run(callsAtOnce(4, 0, { promptTokens: 300, maxTokens: 500 }))
  expect(rig.instants()).toEqual([0, 50, 100, 60_050])
})

test('a call that costs more than a whole limit goes when the window is empty', async () => {
  const rig = strategyRig({ strategy: windowMirror({ limits: [perMinute], pad: 0 }), script: () => okReply() })
  await rig.run([0, 1].map((id) => ({ at: id, call: exampleCall(id, { promptTokens: 5000 }) })))
  expect(rig.instants()).toEqual([0, 60_000])
})

const arrivals = fc.array(fc.oneof(fc.constant(0), fc.nat(400), fc.nat(5000)), { minLength: 1, maxLength: 40 })
const windows = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 1500 })), {
  minLength: 1,
  maxLength: 3,
})

test.prop([windows, arrivals])(
  'no client that keeps the limits and the order is earlier: a_i = max(r_i, a_(i−C) + W)',
  async (windows, arrivals) => {
    const limits = windows.map(([limit, window]): Limit => ({ rule: 'rps', limit, window }))
    const sorted = arrivals.toSorted((a, b) => a - b)
    const rig = strategyRig({ strategy: windowMirror({ limits, pad: 0 }), script: () => okReply(), serviceTime: 30 })
    await rig.run(sorted.map((at, id) => ({ at, call: exampleCall(id) })))
    const optimal: number[] = []
    for (const [i, at] of sorted.entries())
      optimal.push(
        Math.max(
          at,
          optimal[i - 1] ?? 0,
          ...limits.map(({ limit, window }) => (optimal[i - limit] ?? -Infinity) + window),
        ),
      )
    expect(rig.instants()).toEqual(optimal)
  },
)

test('is named after its options and checks them', () => {
  expect(windowMirror({ limits: [perSecond] }).name).toBe('windowMirror(30 ms)')
  expect(windowMirror({ limits: [perSecond], retriesFirst: false }).name).toBe('windowMirror(30 ms, fifo)')
  expect(() => windowMirror({ limits: [perSecond], pad: 0.5 })).toThrow('Expected `pad` to be a whole number >= 0')
})
