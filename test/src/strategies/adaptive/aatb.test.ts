import { expect, test } from 'vitest'
import { okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { stubRandom } from '../../../../contracts/stub-env.ts'
import { aatb } from '../../../../src/strategies/adaptive/aatb.ts'
import { watched } from '../watched.ts'

test('a client that is alone grows by a half after each window with an attempt and without a 429', async () => {
  const { strategy, state } = watched(aatb())
  const rig = strategyRig({ strategy, script: () => okReply() })
  await rig.run([0, 12_000, 24_000, 60_000].map((at, id) => ({ at, call: exampleCall(id) })))
  // The windows 0 and 1 had an attempt; the windows 3 to 5 had none and prove nothing.
  expect(state('aatb').perSecond).toBeCloseTo(0.1 * 1.5 * 1.5, 9)
})

test.each([
  ['much', 3],
  ['little', 2],
])(
  'a 429 of the client that sent %s divides its rate by %d, and it waits for as long as the server needs',
  async (tenant, divisor) => {
    const { strategy, state } = watched(aatb())
    const rig = strategyRig({
      strategy,
      script: (call, n) => (call.id === 9 && n === 0 ? throttledReply() : okReply()),
      random: stubRandom(0.25),
    })
    // After 60 s a bucket has all its 4 tokens. In the window from 60 s on, 1 attempt is less than half of the mean of 2.5.
    const senders = ['much', 'much', 'much', 'much', 'little'].map((tenant, id) => exampleCall(id, { tenant }))
    await rig.run([
      ...['much', 'little'].map((tenant) => ({ at: 0, call: exampleCall(5, { tenant }) })),
      ...senders.map((call) => ({ at: 61_000, call })),
    ])
    const part = `aatb of ${tenant}`
    rig.attempts.length = 0
    const before = state(part).perSecond as number
    const run = rig.start([{ at: 75_000, call: exampleCall(9, { tenant }) }])
    await rig.clock.run(rig.clock.sleep(75_001 - rig.clock.now()))
    const { perSecond, waitsUntil } = state(part)
    // The window of the attempts had no 429, so the rate has grown by a half for the client with little, and by a fifth for the other one.
    expect(perSecond).toBeCloseTo((before * (tenant === 'little' ? 1.5 : 1.2)) / divisor, 9)
    // The most that the server answered in a window is 5 calls, 30 a minute: 60 · (0 + 1) ÷ 30 + 0.25 s.
    expect(waitsUntil).toBe(77_250)
    await rig.clock.run(run)
    expect(rig.instants()[1]).toBeGreaterThanOrEqual(77_250)
  },
)

test('each tenant has a bucket of its own', async () => {
  const rig = strategyRig({ strategy: aatb(), script: () => okReply(), serviceTime: 1000 })
  await rig.run(
    ['a', 'b', 'a', undefined].map((tenant, id) => ({ at: 0, call: exampleCall(id, tenant ? { tenant } : {}) })),
  )
  expect(rig.ids().slice(0, 3)).toEqual([0, 1, 3])
  expect(rig.instants().filter((at) => at === 0)).toHaveLength(3)
})
