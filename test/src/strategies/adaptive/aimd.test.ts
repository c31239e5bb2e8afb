import { expect, test } from 'vitest'
import { okReply, slidingWindow, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { aimd } from '../../../../src/strategies/adaptive/aimd.ts'
import { watched } from '../watched.ts'

test('the first sends of slow start are an interval of the rate at their instant apart', async () => {
  const rig = strategyRig({ strategy: aimd(), script: () => okReply() })
  await rig.run(callsAtOnce(5))
  // The rate is 1, then 2^(1 ÷ 4) after a second; 841 ms later it has grown by that much more.
  const third = 1000 + 1000 / 2 ** 0.25
  expect(rig.instants().slice(0, 3)).toEqual([0, 1000, Math.ceil(third)])
  expect(rig.instants()[3]).toBe(Math.ceil(third + 1000 / 2 ** (Math.ceil(third) / 4000)))
})

test('finds a limit that nobody told, and stays near it with few denials', async () => {
  const rig = strategyRig({ strategy: aimd(), script: slidingWindow(10, 1000), serviceTime: 50 })
  const settled = await rig.run(callsAtOnce(3000))
  expect(settled.every(({ reply }) => reply?.kind === 'ok')).toBe(true)
  // The best that a client can do is 300 s. The sawtooth is between 0.9 and 1 of the limit.
  expect(Math.max(...settled.map(({ at }) => at))).toBeLessThan(300_000 / 0.9)
  expect(rig.attempts.length).toBeLessThan(3000 * 1.03)
})

test('a throttled call goes before all that have not been sent', async () => {
  const rig = strategyRig({
    strategy: aimd(),
    script: (call, n) => (call.id === 0 && n === 0 ? throttledReply() : okReply()),
    serviceTime: 10,
  })
  await rig.run(callsAtOnce(4))
  expect(rig.ids()).toEqual([0, 0, 1, 2, 3])
})

test('waits as long as the provider advises, and lets others go meanwhile', async () => {
  const rig = strategyRig({
    strategy: aimd({ start: 10 }),
    script: (call, n) => (call.id === 0 && n === 0 ? throttledReply('requests', 5000) : okReply()),
  })
  await rig.run(callsAtOnce(3))
  expect(rig.attempts.map(({ at, call }) => [call.id, at >= 5000])).toEqual([
    [0, false],
    [1, false],
    [2, false],
    [0, true],
  ])
})

test('shows its rate, and is named after its options', async () => {
  const { strategy, state } = watched(aimd({ start: 2 }))
  const rig = strategyRig({ strategy, script: (_call, n) => (n === 0 ? throttledReply() : okReply()) })
  await rig.run([{ at: 0, call: exampleCall(0) }])
  expect(state('aimd')).toMatchObject({ isSlowStart: false })
  expect(strategy.name).toBe('aimd(2/s, x2 in 4000 ms, +0.01/s, x0.9, >= 0.1/s)')
  expect(() => aimd({ decrease: 0 })).toThrow('Expected `decrease` to be > 0')
})
