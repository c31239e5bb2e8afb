import { expect, test } from 'vitest'
import { okReply, slidingWindow, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { stubRandom } from '../../../../contracts/stub-env.ts'
import { awsAdaptive } from '../../../../src/strategies/adaptive/aws-adaptive.ts'
import { watched } from '../watched.ts'

test('nothing waits before the first throttle', async () => {
  const rig = strategyRig({ strategy: awsAdaptive(), script: () => okReply(), serviceTime: 100 })
  await rig.run(callsAtOnce(500))
  expect(new Set(rig.instants())).toEqual(new Set([0]))
})

test('a retry waits u · 2^k s, and then for a token of the bucket, whose least rate is 0.5 a second', async () => {
  const rig = strategyRig({
    strategy: awsAdaptive(),
    script: (_call, n) => (n < 2 ? throttledReply() : okReply()),
    random: stubRandom(0.5),
  })
  await rig.run(callsAtOnce(1))
  // At 0 nothing was measured, so the rate is the least one. At 2000 two replies in 2 s are 0.8 a second in the mean; the bucket's rate
  // is less, and 0.7 of that is below the least rate.
  expect(rig.instants()).toEqual([0, 2000, 4000])
})

test('the rate is never above twice the measured one, however long the last throttle was ago', async () => {
  const { strategy, state } = watched(awsAdaptive())
  const rig = strategyRig({ strategy, script: (call) => (call.id === 0 ? throttledReply() : okReply()) })
  await rig.run([{ at: 0, call: exampleCall(0, { deadline: 1 }) }])
  // Two replies in each half second, so 4 a second; the cubic curve is at hundreds by then.
  await rig.run(Array.from({ length: 80 }, (_, id) => ({ at: 1000 + 250 * id, call: exampleCall(id + 1) })))
  expect(state('awsAdaptive').perSecond).toBeCloseTo(8, 1)
})

test('in any span there are no more attempts than the bucket had and got', async () => {
  const { strategy, state } = watched(awsAdaptive())
  const rig = strategyRig({ strategy, script: slidingWindow(5, 1000), serviceTime: 300 })
  // The rate in each millisecond; before the first throttle there is none.
  const rates: number[] = []
  const watch = async () => {
    for (let at = 0; at < 30_000; at++) {
      rates.push(state('awsAdaptive').isEnabled ? (state('awsAdaptive').perSecond as number) : 0)
      await rig.clock.sleep(1)
    }
  }
  await rig.clock.run(Promise.all([rig.start(callsAtOnce(40)), watch()]))
  const enabledAt = rates.findIndex((rate) => rate > 0)
  expect(Math.min(...rates.slice(enabledAt))).toBeGreaterThanOrEqual(0.5)
  const sent = rig.instants().filter((at) => at > enabledAt && at < rates.length)
  expect(sent.length).toBeGreaterThan(20)
  for (const [i, from] of sent.entries()) {
    let filled = 0.01
    let capacity = 1
    let at = from - 1
    for (const [more, to] of sent.slice(i).entries()) {
      for (; at <= to; at++) {
        filled += rates[at]! / 1000
        capacity = Math.max(capacity, rates[at]!)
      }
      expect(more + 1).toBeLessThanOrEqual(capacity + filled)
    }
  }
})
