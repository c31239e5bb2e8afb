import { expect, test } from 'vitest'
import { okReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Limit } from '../../../../src/core/limit.ts'
import { bucket } from '../../../../src/strategies/pacing/bucket.ts'

const limits: Limit[] = [
  { rule: 'rps', limit: 10, window: 1000 },
  { rule: 'rpm', limit: 300, window: 60_000 },
  { rule: 'tpm', limit: 10, window: 60_000 },
]

test('sends its burst at once and then at its rate, by the tightest limit of requests', async () => {
  const rig = strategyRig({ strategy: bucket({ limits, burst: 0.3, share: 1 }), script: () => okReply() })
  await rig.run(callsAtOnce(6))
  // b = 3 and ρ = (300 + 1 − 3) / 60,000.
  expect(rig.instants()).toEqual([0, 0, 0, 202, 403, 605])
})

test('a limit of one bears a bucket of one', async () => {
  const one: Limit[] = [{ rule: 'rps', limit: 1, window: 1000 }]
  const rig = strategyRig({ strategy: bucket({ limits: one, share: 1 }), script: () => okReply() })
  await rig.run(callsAtOnce(3))
  expect(rig.instants()).toEqual([0, 1000, 2000])
})

test('is named after its options and checks them', () => {
  expect(bucket({ limits: limits.slice(0, 1) }).name).toBe('bucket(2, 8.55/s)')
  expect(() => bucket({ limits, burst: 2 })).toThrow('Expected `burst` to be >= 0 and <= 1, got 2')
  expect(() => bucket({ limits, share: 0 })).toThrow('Expected `share` to be >= 0.01 and <= 1, got 0')
  expect(() => bucket({ limits: limits.slice(2) })).toThrow(
    'Expected `limits` to be a list of one or more limits of requests, got none',
  )
})
