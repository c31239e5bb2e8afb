import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { okReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Limit } from '../../../../src/core/limit.ts'
import { evenGate } from '../../../../src/strategies/pacing/even-gate.ts'
import { gcra } from '../../../../src/strategies/pacing/gcra.ts'
import { RefilledBucket } from '../../../../src/strategies/pacing/refilled-bucket.ts'
import { Slots } from '../../../../src/strategies/pacing/slots.ts'

const limits: Limit[] = [{ rule: 'rps', limit: 10, window: 1000 }]

test('lets a crowd of τ/T + 1 go at once after an idle time, and then one each T', async () => {
  const rig = strategyRig({ strategy: gcra({ limits, tolerance: 250, share: 1 }), script: () => okReply() })
  await rig.run(callsAtOnce(5, 7))
  expect(rig.instants()).toEqual([7, 7, 7, 132, 257])
})

const gaps = fc.array(fc.oneof(fc.constant(0), fc.nat(60), fc.nat(2000)), { minLength: 1, maxLength: 60 })

test.prop([fc.integer({ min: 1, max: 400 }), fc.nat(1000), gaps])(
  'is the bucket of size τ/T + 1 and rate 1/T, to the millisecond',
  (interval, tolerance, gaps) => {
    const gate = evenGate(new Slots(1, interval), tolerance)
    const bucket = new RefilledBucket({ size: tolerance / interval + 1, rate: 1 / interval, mostCost: 1 })
    let now = 0
    for (const gap of gaps) {
      // Both let every call through as soon as the bucket does, so that they remain comparable.
      now = Math.max(now + gap, Math.ceil(bucket.opensAt(1) - 1e-6))
      const difference = Math.max(now, bucket.opensAt(1)) - Math.max(now, gate.opensAt(exampleCall(0), now))
      expect(Math.abs(difference)).toBeLessThan(1)
      bucket.count(1, now, now)()
      gate.pass(exampleCall(0), now, now)
    }
  },
)

test('is named after its options and checks them', () => {
  expect(gcra({ limits }).name).toBe('gcra(115.8 ms, 100 ms)')
  expect(gcra({ limits, retriesFirst: false, skipLate: false }).name).toBe('gcra(115.8 ms, 100 ms, fifo, late too)')
  expect(() => gcra({ limits, tolerance: -1 })).toThrow('Expected `tolerance` to be >= 0')
  expect(() => gcra({ limits, share: 0 })).toThrow('Expected `share` to be >= 0.01 and <= 1, got 0')
})
