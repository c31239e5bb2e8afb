import { expect, test } from 'vitest'
import {
  failedReply,
  okReply,
  throttleAlways,
  throttledReply,
  throttleFirst,
} from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { stubRandom } from '../../../../contracts/stub-env.ts'
import { articleBackoff } from '../../../../src/strategies/article/backoff.ts'

test('waits 2^k + U(0, 1) seconds, and hands the fifth 429 on', async () => {
  const lab = strategyRig({
    strategy: articleBackoff(),
    script: throttleAlways,
    random: stubRandom(0.5, 0, 0.25, 0.9995),
  })
  const [outcome] = await lab.run(callsAtOnce(1))
  expect(lab.instants()).toEqual([0, 1500, 3500, 7750, 16_750])
  expect(outcome).toMatchObject({ at: 16_750, reply: { kind: 'throttled' } })
})

test('rounds up to whole milliseconds', async () => {
  const lab = strategyRig({ strategy: articleBackoff(), script: throttleFirst(1), random: stubRandom(0.00001) })
  await lab.run(callsAtOnce(1))
  expect(lab.instants()).toEqual([0, 1001])
})

test('retries every 429, even one that will never pass, and nothing else', async () => {
  const lab = strategyRig({
    strategy: articleBackoff({ attempts: 2 }),
    script: (call) => (call.id ? failedReply(500, true) : throttledReply('quota')),
  })
  await lab.run(callsAtOnce(2))
  expect(lab.ids()).toEqual([0, 1, 0])
})

test('sits a wait out even when the deadline comes first, then hands the 429 on', async () => {
  const given = throttledReply()
  const lab = strategyRig({ strategy: articleBackoff(), script: () => given, random: stubRandom(0) })
  const [outcome] = await lab.run([{ at: 0, call: exampleCall(0, { deadline: 500 }) }])
  expect(outcome).toEqual({ at: 1000, reply: given })
  expect(lab.instants()).toEqual([0])
})

test('stops at the first success', async () => {
  const lab = strategyRig({ strategy: articleBackoff(), script: () => okReply() })
  await lab.run(callsAtOnce(1))
  expect(lab.instants()).toEqual([0])
})

test('is named after its options and checks them', () => {
  expect(articleBackoff().name).toBe('articleBackoff(5)')
  expect(() => articleBackoff({ attempts: 0 })).toThrow('Expected `attempts` to be >= 1 and <= 31, got 0')
})
