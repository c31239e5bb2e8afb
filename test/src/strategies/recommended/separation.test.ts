import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { greatestAdmitted, separation } from '../../../../src/strategies/recommended/separation.ts'

const sums = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 12 })

describe('the separation', () => {
  test('is 1 where all denials lie above all admissions, and 0 where all lie below', () => {
    expect(separation([1, 2, 3], [4, 5])).toBe(1)
    expect(separation([4, 5], [1, 2, 3])).toBe(0)
    expect(separation([2], [2])).toBe(0)
    // From 3 on there are all denials and one admission of four.
    expect(separation([1, 2, 2, 3], [3, 4])).toBe(0.75)
  })

  test.prop([sums, sums])('is that of the best of all boundaries', (admitted, denied) => {
    const from = (boundary: number, list: readonly number[]) =>
      list.filter((sum) => sum >= boundary).length / list.length
    let best = 0
    for (let boundary = -1; boundary <= 14; boundary++)
      best = Math.max(best, from(boundary, denied) - from(boundary, admitted))
    expect(separation(admitted, denied)).toBeCloseTo(best, 12)
  })
})

describe('the greatest admitted sum', () => {
  test('leaves out those on the wrong side of the boundary', () => {
    expect(greatestAdmitted([8, 9, 10, 10, 10, 11], [10, 11, 11, 12])).toBe(10)
    expect(greatestAdmitted([5], [3])).toBe(1)
  })

  test.prop([sums, sums])('is below a boundary that has the fewest sums on its wrong side', (admitted, denied) => {
    const wrong = (boundary: number) =>
      admitted.filter((sum) => sum >= boundary).length + denied.filter((sum) => sum < boundary).length
    const fewest = Math.min(...denied.map(wrong))
    const possible = denied
      .filter((boundary) => wrong(boundary) === fewest)
      .map((boundary) => Math.max(1, ...admitted.filter((sum) => sum < boundary)))
    expect(possible).toContain(greatestAdmitted(admitted, denied))
  })
})
