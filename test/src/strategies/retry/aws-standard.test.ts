import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failedReply, okReply, throttleAlways, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { stubRandom } from '../../../../contracts/stub-env.ts'
import { awsStandard } from '../../../../src/strategies/retry/aws-standard.ts'
import { watched } from '../watched.ts'

test('waits u · 2^k s, 20 s at most', async () => {
  const rig = strategyRig({
    strategy: awsStandard({ attempts: 8 }),
    script: throttleAlways,
    random: stubRandom(0.5),
  })
  await rig.run(callsAtOnce(1))
  expect(rig.instants()).toEqual([0, 500, 1500, 3500, 7500, 15_500, 25_500, 35_500])
})

test('a crowd makes 100 retries in all, and then fails at once', async () => {
  const rig = strategyRig({ strategy: awsStandard(), script: throttleAlways })
  const settled = await rig.run(callsAtOnce(300))
  expect(rig.attempts).toHaveLength(300 + 100)
  expect(settled.filter(({ at }) => at === 0)).toHaveLength(200)
})

/** The number of attempts that a call needs until it is answered. */
const denials = fc.array(fc.nat(4), { minLength: 1, maxLength: 60 })
property.prop([denials, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 9 })])(
  'the quota is what botocore’s would be: 1 back for a clean answer, the cost of the last retry for another',
  async (denials, quota, retryCost) => {
    const { strategy, state } = watched(awsStandard({ quota, retryCost }))
    const rig = strategyRig({ strategy, script: (call, n) => (n < denials[call.id]! ? throttledReply() : okReply()) })
    let tokens = quota
    for (const [id, denied] of denials.entries()) {
      rig.attempts.length = 0
      await rig.run([{ at: rig.clock.now(), call: exampleCall(id) }])
      // By hand: three attempts at most, each retry paid before it is made.
      const paid = Math.min(2, denied, Math.floor(tokens / retryCost))
      tokens -= paid * retryCost
      if (paid === denied) tokens = Math.min(quota, tokens + (paid === 0 ? 1 : retryCost))
      expect(rig.attempts).toHaveLength(1 + paid)
      expect(state('retry quota')).toEqual({ tokens })
    }
  },
)

test('retries what may pass, and nothing else', async () => {
  for (const [reply, attempts] of [
    [failedReply(503, true), 3],
    [failedReply(400, false), 1],
    [throttledReply('quota'), 1],
    [throttledReply('tokens'), 3],
  ] as const) {
    const rig = strategyRig({ strategy: awsStandard(), script: () => reply })
    await rig.run(callsAtOnce(1))
    expect(rig.attempts).toHaveLength(attempts)
  }
})

test('is named after its options and checks them', () => {
  expect(awsStandard().name).toBe('awsStandard(3, 500/5)')
  expect(() => awsStandard({ attempts: 0 })).toThrow('Expected `attempts` to be >= 1, got 0')
  expect(() => awsStandard({ quota: -1 })).toThrow('Expected `quota` to be >= 0, got -1')
  expect(() => awsStandard({ retryCost: 0.5 })).toThrow('Expected `retryCost` to be a whole number >= 1, got 0.5')
})
