import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { maximum, minimum } from '../../../src/core/extremes.ts'

const values = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(Infinity, -Infinity, 0)))

test.prop([values, fc.double({ noNaN: true })])(
  'are what Math.max and Math.min give for a short list',
  (list, bound) => {
    expect(maximum(list)).toBe(Math.max(...list))
    expect(minimum(list)).toBe(Math.min(...list))
    expect(maximum(list, bound)).toBe(Math.max(bound, ...list))
    expect(minimum(list, bound)).toBe(Math.min(bound, ...list))
  },
)

test('a list of any length has extremes, where a spread ends with a RangeError', () => {
  const long = Array.from({ length: 600_000 }, (_, i) => (i * 7919) % 600_000)
  expect(maximum(long)).toBe(599_999)
  expect(minimum(long)).toBe(0)
  expect(() => Math.max(...long)).toThrow(RangeError)
})

test('a value that is no number is not passed over', () => {
  expect(maximum([1, Number.NaN, 2])).toBeNaN()
  expect(minimum([1, Number.NaN, 2])).toBeNaN()
})
