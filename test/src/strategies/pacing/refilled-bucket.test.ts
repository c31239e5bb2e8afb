import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { RefilledBucket } from '../../../../src/strategies/pacing/refilled-bucket.ts'

interface Sent {
  readonly at: number
  cost: number
}

const size = 60
const rate = 4

/** The level at an instant of a bucket that has counted these costs and no other, computed from the beginning. */
function levelOf(sent: readonly Sent[], now: number): number {
  let [level, at] = [size, -Infinity]
  for (const each of [...sent, { at: now, cost: 0 }]) {
    level = Math.min(size, level + (each.at - at) * rate) - each.cost
    at = each.at
  }
  return level
}

/** A cost is counted if the bucket holds it; some time later a part of it is given back. */
const steps = fc.array(
  fc.record({ wait: fc.nat(12), cost: fc.oneof(fc.nat(20), fc.nat(size)), share: fc.constantFrom(0, 0.5, 1) }),
  { minLength: 1, maxLength: 30 },
)
/** Which of the costs that are out is corrected after each step. Undefined: none. */
const choices = fc.array(fc.option(fc.nat(), { nil: undefined, freq: 1 }), { minLength: 30, maxLength: 30 })

describe('a refilled bucket', () => {
  test.prop([steps, choices], { numRuns: 1000 })(
    'is as full as if what was given back had never been taken, whenever that was',
    (all, corrected) => {
      const bucket = new RefilledBucket({ size, rate, mostCost: size })
      const sent: Sent[] = []
      const out: { readonly own: Sent; readonly actual: number; correct(actual: number, later: number): void }[] = []
      let now = 0
      for (const [i, { wait, cost, share }] of all.entries()) {
        now += wait
        const isOpen = levelOf(sent, now) >= cost
        expect(bucket.opensAt(cost) <= now).toBe(isOpen)
        if (isOpen) {
          const own = { at: now, cost }
          sent.push(own)
          out.push({ own, actual: cost * share, correct: bucket.count(cost, now) })
        }
        const choice = corrected[i]
        if (choice === undefined || out.length === 0) continue
        const [each] = out.splice(choice % out.length, 1)
        each!.own.cost = each!.actual
        each!.correct(each!.actual, now)
        expect(size - rate * (bucket.opensAt(size) - now)).toBeCloseTo(levelOf(sent, now))
      }
    },
  )

  test('gives nothing back that it would have lost by being full, without the others that gave back', () => {
    const bucket = new RefilledBucket({ size, rate, mostCost: size })
    const corrections = [30, 30].map((cost) => bucket.count(cost, 0))
    // The bucket would have been full since 3, and now hold 60 − 48 = 12.
    bucket.count(48, 12)
    for (const correct of corrections) correct(0, 12)
    expect(bucket.opensAt(12)).toBe(12)
    expect(bucket.opensAt(13)).toBeGreaterThan(12)
  })
})
