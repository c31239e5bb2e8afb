import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { RecentQuantile } from '../../../src/strategies/recent-quantile.ts'

test('is unknown as long as there is no value', () => {
  expect(new RecentQuantile(0.98).valueOr(7)).toBe(7)
})

const shares = fc.double({ min: 0, max: 1, noNaN: true })
const values = fc.array(fc.oneof(fc.nat(20), fc.double({ noNaN: true })), { minLength: 1, maxLength: 700, size: 'max' })

test.prop([shares, values], { numRuns: 60 })(
  'is that of the latest 500 values as sorting gives it',
  (share, values) => {
    const quantile = new RecentQuantile(share)
    values.forEach((value, i) => {
      quantile.add(value)
      if (i % 50 !== 0 && i < values.length - 3) return
      const sorted = values.slice(Math.max(0, i - 499), i + 1).sort((a, b) => a - b)
      const smaller = sorted.filter((each) => each < quantile.valueOr(Number.NaN)).length
      const smallerOrEqual = sorted.filter((each) => each <= quantile.valueOr(Number.NaN)).length
      expect(smaller).toBeLessThan(Math.max(1, share * sorted.length))
      expect(smallerOrEqual).toBeGreaterThanOrEqual(share * sorted.length)
    })
  },
)
