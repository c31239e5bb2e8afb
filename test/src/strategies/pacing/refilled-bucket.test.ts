import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { RefilledBucket } from '../../../../src/strategies/pacing/refilled-bucket.ts'

const size = { size: 20, rate: 0.5, mostCost: 100 }

test.prop([
  fc.array(
    fc.record({
      gap: fc.nat(60),
      cost: fc.integer({ min: 1, max: 60 }),
      actual: fc.option(fc.nat(60), { nil: undefined }),
      after: fc.nat(5),
    }),
    { minLength: 1, maxLength: 15 },
  ),
])('a cost that turns out to be another one leaves the bucket as if that had been taken at once', (charges) => {
  const bucket = new RefilledBucket(size)
  const settlings: (() => void)[][] = charges.map(() => [])
  const sent: { at: number; cost: number }[] = []
  let now = 0
  for (const [i, { gap, cost, actual, after }] of charges.entries()) {
    for (const settle of settlings[i]!) settle()
    now = Math.max(now + gap, Math.ceil(bucket.opensAt(cost)))
    const settle = bucket.count(cost, now, now)
    const entry = { at: now, cost }
    sent.push(entry)
    // It is settled before the send that comes so many later, or not at all.
    settlings[i + 1 + after]?.push(() => {
      settle(actual)
      entry.cost = actual ?? cost
    })
    const model = new RefilledBucket(size)
    for (const each of sent) model.count(each.cost, each.at, each.at)()
    expect(bucket.opensAt(10)).toBeCloseTo(model.opensAt(10), 6)
  }
})
