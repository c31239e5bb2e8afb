import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { Row } from '../../../../src/compare/comparison.ts'
import { attemptRate, binSeconds } from '../../../../src/report/figures/attempt-rate.ts'

const rowOf = (admitted: number, denied = 0) =>
  ({
    series: { admittedPerSecond: new Array(admitted).fill(1), deniedPerSecond: new Array(denied).fill(1) },
  }) as unknown as Row

test('bins are whole seconds, the same for all rows, and at most 120 over the longest run', () => {
  expect([
    binSeconds([]),
    binSeconds([rowOf(1)]),
    binSeconds([rowOf(120)]),
    binSeconds([rowOf(121), rowOf(3)]),
    binSeconds([rowOf(3600)]),
    binSeconds([rowOf(20, 3600), rowOf(3)]),
  ]).toEqual([1, 1, 1, 2, 30, 30])
})

test('a rate is the mean over its bin', () => {
  expect(attemptRate([10, 0, 4, 6, 9], 2)).toEqual([5, 5, 4.5])
  expect(attemptRate([], 3)).toEqual([])
})

test.prop([fc.array(fc.nat(100)), fc.integer({ min: 1, max: 9 })])('every attempt is counted', (attempts, bin) => {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
  expect(sum(attemptRate(attempts, bin)) * bin).toBeCloseTo(sum(attempts))
})
