import { expect, test } from 'vitest'
import { okReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Limit } from '../../../../src/core/limit.ts'
import { dualBucket } from '../../../../src/strategies/pacing/dual-bucket.ts'

const limits: Limit[] = [
  { rule: 'rps', limit: 10, window: 1000 },
  { rule: 'tpm', limit: 60_000, window: 60_000 },
]

test('what binds decides: requests for short calls, tokens for long ones', async () => {
  const instants = async (promptTokens: number) => {
    const rig = strategyRig({
      strategy: dualBucket({ limits, share: 1 }),
      script: () => ({ ...okReply(), usage: { promptTokens, outputTokens: 0 } }),
    })
    await rig.run(callsAtOnce(4, 0, { promptTokens, maxTokens: 0 }))
    return rig.instants()
  }
  expect(await instants(1)).toEqual([0, 100, 200, 300])
  // The bucket holds 6,000 tokens and refills at 54,001 in a minute.
  expect(await instants(3000)).toEqual([0, 100, 3334, 6667])
})

test('reserves prompt and max_tokens, then prompt and the 0.95 quantile of outputs, and takes back what was not used', async () => {
  const rig = strategyRig({
    strategy: dualBucket({ limits, share: 1 }),
    script: ({ promptTokens }) => ({ ...okReply(), usage: { promptTokens, outputTokens: 500 } }),
    serviceTime: 200,
  })
  // The first call reserves all 6,000 and uses 1,500, so that at 200 there is room for three more of 1,500, and 180 refilled; 360 are left at 400.
  await rig.run(callsAtOnce(5, 0, { promptTokens: 1000, maxTokens: 5000 }))
  expect(rig.instants()).toEqual([0, 200, 300, 400, 1667])
})

test('an abort leaves the reservation, since nobody knows what was charged', async () => {
  const abort = new AbortController()
  const rig = strategyRig({ strategy: dualBucket({ limits, share: 1 }), script: () => okReply(), serviceTime: 200 })
  rig.at(50, () => abort.abort('gone'))
  await rig.run([
    { at: 0, call: exampleCall(0, { maxTokens: 5900, signal: abort.signal }) },
    { at: 60, call: exampleCall(1, { maxTokens: 900 }) },
  ])
  expect(rig.instants()).toEqual([0, 1112])
})

test('is named after its options and checks them', () => {
  expect(dualBucket({ limits }).name).toBe('dualBucket(1, 9.5/s; 6000, 855/s)')
  expect(dualBucket({ limits: limits.slice(0, 1) }).name).toBe('dualBucket(1, 9.5/s)')
  expect(dualBucket({ limits: limits.slice(1) }).name).toBe('dualBucket(6000, 855/s)')
  expect(() => dualBucket({ limits: [] })).toThrow(
    'Expected `limits` to be a list of one or more limits, got an empty list',
  )
})
