import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { partitionPoint } from '../../../src/core/partition-point.ts'

test.prop([fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: -1, max: 21 })])(
  'the partition point is the number of ascending values before a bound',
  (values, bound) => {
    const ascending = values.sort((a, b) => a - b)
    expect(partitionPoint(values.length, (i) => ascending[i]! < bound)).toBe(values.filter((v) => v < bound).length)
  },
)
