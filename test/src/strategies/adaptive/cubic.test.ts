import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cubic } from '../../../../src/strategies/adaptive/cubic.ts'

property.prop([fc.double({ min: 0.1, max: 1000, noNaN: true }), fc.double({ min: 0.01, max: 3, noNaN: true })])(
  'it falls to 0.7 of the rate, is back at K seconds, and is point-symmetric about that',
  (rate, share) => {
    const cubic = new Cubic(0)
    expect(cubic.throttled(rate, 5000)).toBeCloseTo(0.7 * rate, 9)
    const plateau = 1000 * ((rate * 3) / 4) ** (1 / 3)
    expect(cubic.answered(5000) / rate).toBeCloseTo(0.7, 6)
    expect(cubic.answered(5000 + plateau) / rate).toBeCloseTo(1, 6)
    const below = rate - cubic.answered(5000 + plateau * (1 - share))
    const above = cubic.answered(5000 + plateau * (1 + share)) - rate
    expect(above / below).toBeCloseTo(1, 4)
  },
)

test('worked by hand: from 10 a second, K = ∛7.5 = 1.957 s', () => {
  const cubic = new Cubic(0)
  cubic.throttled(10, 0)
  // 0.4 · (4 − 1.957)³ + 10 = 13.41.
  expect(cubic.answered(4000)).toBeCloseTo(13.41, 2)
})

test('before the first throttle it is 0.4·t³ from the start', () => {
  expect(new Cubic(1000).answered(3000)).toBeCloseTo(3.2, 9)
})
