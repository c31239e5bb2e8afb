import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { ksDistance, normalShare } from '../../../lab/fit/kolmogorov-smirnov.ts'

const numbers = fc.array(fc.nat(40), { minLength: 1, maxLength: 40 }).map((all) => all.toSorted((a, b) => a - b))
const shareUpTo = (all: readonly number[], most: number) => all.filter((each) => each <= most).length / all.length

describe('ksDistance', () => {
  test.prop([numbers, numbers])('is the greatest difference of the shares up to any whole number', (one, other) => {
    const differences = Array.from({ length: 50 }, (_, most) => Math.abs(shareUpTo(one, most) - shareUpTo(other, most)))
    expect(ksDistance(one, (most) => shareUpTo(other, most))).toBeCloseTo(Math.max(...differences), 12)
  })

  test('of numbers that all lie above, or all below, is 1', () => {
    expect(ksDistance([5, 6], (tokens) => Number(tokens >= 1))).toBe(1)
    expect(ksDistance([5, 6], (tokens) => Number(tokens >= 9))).toBe(1)
    expect(ksDistance([], () => 0)).toBeNaN()
  })
})

test.each([
  [-3, 0.0013499],
  [-1, 0.1586553],
  [0, 0.5],
  [1.96, 0.9750021],
  [8, 1],
])('the normal distribution has %d with the share %d below it', (z, share) => {
  expect(normalShare(z)).toBeCloseTo(share, 6)
})
