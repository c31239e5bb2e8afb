import { describe, expect, test } from 'vitest'
import { decimal, percent, shortDuration } from '../../../../src/report/figures/figures.ts'
import { durationMargin, percentagePoints, pValue, withInterval } from '../../../../src/report/figures/intervals.ts'

const time = (value: number, low: number, high: number) =>
  withInterval({ value, low, high }, shortDuration, durationMargin)

describe('a figure with its interval', () => {
  test('has half of the interval after the value, in the unit of the value', () => {
    expect(time(112_041, 111_721, 112_361)).toBe('112 s ±0.32 s')
    expect(withInterval({ value: 0.8862, low: 0.883, high: 0.8894 }, percent, percentagePoints)).toBe('88.6 % ±0.32')
  })

  test('is alone when there is one seed, and when every seed gave the same', () => {
    expect(time(5000, Number.NaN, Number.NaN)).toBe('5.00 s')
    expect(time(5000, 5000, 5000)).toBe('5.00 s')
    expect(time(5000, 5000 - 1e-9, 5000 + 1e-9)).toBe('5.00 s')
  })

  test('has both bounds when the interval is not symmetric or a bound is infinite', () => {
    expect(time(120_000, 118_000, 140_000)).toBe('120 s (118 s to 140 s)')
    expect(time(Infinity, 201_000, Infinity)).toBe('never (201 s to never)')
    expect(time(Infinity, Infinity, Infinity)).toBe('never')
  })

  test('shows that half of the interval is too small to write', () => {
    expect(withInterval({ value: 1, low: 0.999, high: 1.001 }, decimal, (half) => decimal(half, 2))).toBe('1.00 ±<0.01')
    expect(percentagePoints(0.00001)).toBe('0')
  })
})

test('a p-value has three decimals, and is `<0.001` below them', () => {
  expect([pValue(0.31), pValue(0.0004), pValue(1), pValue(Number.NaN)]).toEqual(['0.310', '<0.001', '1.000', '–'])
})
