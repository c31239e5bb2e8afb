import { describe, expect, test } from 'vitest'
import { money, percent, shortDuration } from '../../../../src/report/figures/figures.ts'
import { pValue, withInterval } from '../../../../src/report/figures/intervals.ts'

const time = (value: number, low: number, high: number) => withInterval({ value, low, high }, shortDuration)

describe('a figure with its interval', () => {
  test('has both bounds after the value, in the unit of the value', () => {
    expect(time(112_041, 111_421, 112_661)).toBe('112 s (111–113)')
    expect(withInterval({ value: 0.8862, low: 0.883, high: 0.8894 }, percent)).toBe('88.6 % (88.3–88.9)')
    expect(withInterval({ value: 4.4, low: 4.37, high: 4.43 }, (value) => money(value, 'USD'))).toBe(
      '$4.40 (4.37–4.43)',
    )
  })

  test('has the units of the bounds when they differ', () => {
    expect(time(900, 850, 1200)).toBe('900 ms (850 ms–1.20 s)')
    expect(time(Infinity, 201_000, Infinity)).toBe('never (201 s–never)')
    expect(withInterval({ value: 1, low: 0.99991, high: 1 }, percent)).toBe('100 % (>99.9–100)')
  })

  test('is alone without an interval, when every seed gave the same, and when the bounds are written as the value', () => {
    expect(time(5000, Number.NaN, Number.NaN)).toBe('5.00 s')
    expect(time(5000, 5000, 5000)).toBe('5.00 s')
    expect(time(5000, 4999, 5001)).toBe('5.00 s')
    expect(time(Infinity, Infinity, Infinity)).toBe('never')
  })
})

test('a p-value has three decimals, and is `<0.001` below them', () => {
  expect([pValue(0.31), pValue(0.0004), pValue(1), pValue(Number.NaN)]).toEqual(['0.310', '<0.001', '1.000', '–'])
})
