import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { timeLeft } from '../../../cli/process/time-left.ts'

test('nothing is told in the first 2 s, or before the first part is done', () => {
  const prediction = timeLeft(10)
  expect(prediction.at(1999, 1)).toBeUndefined()
  expect(prediction.at(5000, 0)).toBeUndefined()
  expect(prediction.at(5000, 1)).toBe(45_000)
})

test.prop([fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 10_000 })])(
  'at an even rate the time left is exact',
  (total, gap) => {
    const prediction = timeLeft(total)
    for (let done = 1; done <= total; done++) {
      const left = prediction.at(done * gap, done)
      if (done * gap < 2000) expect(left).toBeUndefined()
      else expect(left).toBeCloseTo((total - done) * gap, 3)
    }
  },
)

test.prop([fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 2, maxLength: 100 })])(
  'the predicted end stays between the ends that the rates so far give, and moves less than the rate does',
  (gaps) => {
    const prediction = timeLeft(gaps.length)
    let elapsed = 0
    let end: number | undefined
    const predicted: number[] = []
    for (const [i, gap] of gaps.slice(0, -1).entries()) {
      elapsed += gap
      const left = prediction.at(elapsed, i + 1)
      if (left === undefined) continue
      predicted.push((elapsed * gaps.length) / (i + 1))
      const now = elapsed + left
      expect(now).toBeGreaterThanOrEqual(Math.max(elapsed, Math.min(...predicted) - 1e-3))
      expect(now).toBeLessThanOrEqual(Math.max(elapsed, Math.max(...predicted)) + 1e-3)
      // An end that lies in the past is moved to the present, which is not a jump of the prediction.
      if (end !== undefined && left > 0)
        expect(Math.abs(now - end)).toBeLessThanOrEqual(Math.abs(predicted.at(-1)! - end) + 1e-3)
      end = left > 0 ? now : undefined
    }
  },
)

test('one slow part does not make the time left jump', () => {
  const prediction = timeLeft(100)
  for (let done = 1; done <= 50; done++) prediction.at(done * 100, done)
  // The next part takes 1 s instead of 0.1 s. The rate alone would move the end from 10 s to 11.8 s.
  const end = 6000 + prediction.at(6000, 51)!
  expect(end).toBeGreaterThan(10_000)
  expect(end).toBeLessThan(11_000)
})

test('nothing is left at the end', () => {
  expect(timeLeft(3).at(9000, 3)).toBe(0)
})
