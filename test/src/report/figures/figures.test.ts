import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import {
  count,
  decimal,
  duration,
  money,
  percent,
  shortCount,
  shortDuration,
  whole,
} from '../../../../src/report/figures/figures.ts'

describe('a figure is written as', () => {
  test.each([
    [whole(1204), '1,204'],
    [whole(1_234_567.4), '1,234,567'],
    [decimal(0), '0'],
    [decimal(1), '1.00'],
    [decimal(1.0207), '1.02'],
    [decimal(12.34), '12.3'],
    [decimal(1234.5), '1,235'],
    [decimal(0.599), '0.60'],
    [decimal(1e-9), '<0.01'],
    [decimal(Infinity), '–'],
    [count(1204), '1,204'],
    [count(0.4), '0.4'],
    [count(0.001), '<0.1'],
    [shortCount(388), '388'],
    [shortCount(1950), '2.0k'],
    [shortCount(9104.6), '9.1k'],
    [shortCount(12_138), '12k'],
    [shortCount(1_250_000), '1.3M'],
    [percent(0.0636), '6.4 %'],
    [percent(1), '100 %'],
    [percent(0), '0 %'],
    [percent(Number.NaN), '–'],
    [duration(0), '0 s'],
    [duration(850), '850 ms'],
    [duration(12_345), '12.3 s'],
    [duration(30_000), '30 s'],
    [duration(243_000), '4 min 3 s'],
    [duration(7_500_000), '2 h 5 min'],
    [duration(97_200_000), '1 d 3 h'],
    [duration(Infinity), 'never'],
    [duration(Number.NaN), '–'],
    [shortDuration(41), '41 ms'],
    [shortDuration(0.2), '<1 ms'],
    [shortDuration(12_345), '12.3 s'],
    [shortDuration(213_000), '213 s'],
    [shortDuration(750_000), '12.5 min'],
    [shortDuration(9_000_000), '2.50 h'],
    [shortDuration(Infinity), 'never'],
    [money(0, 'USD'), '$0'],
    [money(5.2031, 'USD'), '$5.20'],
    [money(0.0021, 'USD'), '$0.0021'],
    [money(1234.5, 'CNY'), '¥1,235'],
    [money(3, 'EUR'), '3.00 EUR'],
    [money(Infinity, 'USD'), '–'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected)
  })
})

describe('a share close to 0 or 1 is not written as 0 % or 100 %', () => {
  test.each([
    [percent(0.99996), '>99.9 %'],
    [percent(0.00004), '<0.1 %'],
    [percent(0.9994), '99.9 %'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected)
  })
})

describe('a time that rounds up to the next unit is written in that unit', () => {
  test.each([
    [duration(999.6), '1 s'],
    [duration(59_970), '1 min'],
    [duration(3_599_600), '1 h'],
    [duration(86_399_000), '1 d'],
    [shortDuration(999.7), '1.00 s'],
    [shortDuration(599_600), '9.99 min'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected)
  })
})

test('a five rounds up, even when the nearest double is below it', () => {
  expect(percent(0.01995)).toBe('2.0 %')
  expect(percent(0.0105)).toBe('1.1 %')
  expect(decimal(1.005)).toBe('1.01')
})

test.prop([fc.double({ min: 1e-6, max: 1e9, noNaN: true })])(
  'a rounding error in the last bit changes nothing',
  (value) => {
    const other = value * (1 + Number.EPSILON)
    for (const shown of [decimal, percent, duration, shortDuration, count, shortCount, whole])
      expect(shown(other)).toBe(shown(value))
  },
)
