import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { answerLevel, answerLevels } from '../../../src/compare/answer-level.ts'

test.each([
  [1, 'nearly every call'],
  [0.99, 'nearly every call'],
  [0.9899, 'a part of the calls'],
  [0.1, 'a part of the calls'],
  [0.0999, 'hardly any call'],
  [0, 'hardly any call'],
])('a share of %d is %s', (share, level) => {
  expect(answerLevel(share)).toBe(level)
})

const share = fc.double({ min: 0, max: 1, noNaN: true })
test.prop([share, share])('a greater share has no lower level', (a, b) => {
  const placeOf = (each: number) => answerLevels.indexOf(answerLevel(each))
  expect(placeOf(Math.max(a, b))).toBeLessThanOrEqual(placeOf(Math.min(a, b)))
})
