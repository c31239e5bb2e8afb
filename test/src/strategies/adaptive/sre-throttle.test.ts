import { expect, test } from 'vitest'
import { okReply, slidingWindow, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { stubRandom } from '../../../../contracts/stub-env.ts'
import { sreThrottle } from '../../../../src/strategies/adaptive/sre-throttle.ts'

test('refuses itself with p = (requests − K · accepts) ÷ (requests + 1)', async () => {
  // p is 0, then 1 ÷ 2, 2 ÷ 3, 3 ÷ 4, …: a draw of 0.7 is below it from the fourth offer on, which are 100 ms apart.
  const rig = strategyRig({
    strategy: sreThrottle(),
    script: () => okReply(),
    serviceTime: 10_000,
    random: stubRandom(0.7),
  })
  const settled = await rig.run(callsAtOnce(5, 0, { deadline: 5000 }))
  expect(rig.instants()).toEqual([0, 0, 0])
  expect(settled.map(({ reply }) => reply!.kind)).toEqual(['ok', 'ok', 'ok', 'failed', 'failed'])
})

test('as long as K times the accepts cover the requests, nothing waits', async () => {
  const rig = strategyRig({ strategy: sreThrottle(), script: () => okReply(), random: stubRandom(0) })
  await rig.run(Array.from({ length: 50 }, (_, id) => ({ at: id * 10, call: exampleCall(id) })))
  expect(rig.instants()).toEqual(Array.from({ length: 50 }, (_, id) => id * 10))
})

test.each([1.5, 2, 3])('a lasting backlog costs about %d attempts for each that is accepted', async (multiplier) => {
  const rig = strategyRig({
    strategy: sreThrottle({ multiplier, window: 10_000 }),
    script: slidingWindow(20, 1000),
    serviceTime: 50,
  })
  await rig.run(callsAtOnce(4000))
  expect(rig.attempts.length / 4000 / multiplier).toBeGreaterThan(0.85)
  expect(rig.attempts.length / 4000 / multiplier).toBeLessThan(1.05)
})

test('forgets after the window', async () => {
  const rig = strategyRig({
    strategy: sreThrottle({ window: 5000 }),
    script: (call) => (call.id < 30 ? throttledReply() : okReply()),
    random: stubRandom(0),
  })
  await rig.run([...callsAtOnce(30, 0, { deadline: 1 }), { at: 6000, call: exampleCall(30) }])
  expect(rig.instants()).toEqual([0, 6000])
})

test('is named after its options and checks them', () => {
  expect(sreThrottle().name).toBe('sreThrottle(2, 120000 ms, 100 ms)')
  expect(() => sreThrottle({ multiplier: 0.5 })).toThrow('Expected `multiplier` to be >= 1, got 0.5')
  expect(() => sreThrottle({ window: 0 })).toThrow('Expected `window` to be > 0')
  expect(() => sreThrottle({ pause: 0 })).toThrow('Expected `pause` to be > 0')
})
