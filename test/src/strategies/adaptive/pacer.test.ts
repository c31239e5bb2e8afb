import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Pacer } from '../../../../src/strategies/adaptive/pacer.ts'

property.prop([fc.array(fc.double({ min: 0.1, max: 3000, noNaN: true }), { minLength: 1, maxLength: 80 })])(
  'attempts that wait are the sum of the intervals apart, less than a millisecond late',
  (rates) => {
    const pacer = new Pacer()
    let now = 0
    let ideal = 0
    for (const perSecond of rates) {
      now = Math.max(now, Math.ceil(pacer.due))
      expect(now - ideal).toBeGreaterThan(-1e-6)
      expect(now - ideal).toBeLessThan(1 + 1e-6)
      pacer.take(now, perSecond)
      ideal += 1000 / perSecond
    }
  },
)

test('idle time is not made up for, and a hold moves what comes', () => {
  const pacer = new Pacer()
  pacer.take(5000, 10)
  expect(pacer.due).toBe(5100)
  pacer.take(9000, 10)
  expect(pacer.due).toBe(9100)
  pacer.holdUntil(9050)
  expect(pacer.due).toBe(9100)
  pacer.holdUntil(12_000)
  expect(pacer.due).toBe(12_000)
})
