import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backoffName, backoffOf, lawOf, laws } from '../../../../src/strategies/retry/jitter.ts'

const backoff = { base: 1000, cap: 60_000 }

describe('the AWS formulas, worked by hand', () => {
  test.each([
    ['none', 0, 1000, 0.9, 1000],
    ['none', 3, 1000, 0.9, 8000],
    ['none', 6, 1000, 0.9, 60_000],
    ['full', 0, 1000, 0.5, 500],
    ['full', 2, 1000, 0.25, 1000],
    ['full', 9, 1000, 0.5, 30_000],
    ['full', 5, 1000, 0, 0],
    ['equal', 0, 1000, 0, 500],
    ['equal', 1, 1000, 0.5, 1500],
    ['equal', 9, 1000, 0.5, 45_000],
    ['decorrelated', 0, 1000, 0, 1000],
    ['decorrelated', 0, 1000, 0.5, 2000],
    ['decorrelated', 7, 2000, 0.5, 3500],
    ['decorrelated', 7, 50_000, 0.9, 60_000],
  ] as const)('%s, retry %d after a wait of %d, u = %d: %d ms', (jitter, k, previous, u, wait) => {
    expect(laws[jitter](k, previous, backoff, u)).toBe(wait)
  })
})

/** The formulas again, the long way round: by doubling and by a uniform draw between two ends. */
function reference(jitter: keyof typeof laws, k: number, previous: number, base: number, cap: number, u: number) {
  const uniform = (from: number, to: number) => from + u * (to - from)
  let expo = base
  for (let i = 0; i < k && expo < cap; i++) expo = Math.min(expo + expo, cap)
  if (jitter === 'none') return expo
  if (jitter === 'full') return uniform(0, expo)
  if (jitter === 'equal') return expo / 2 + uniform(0, expo / 2)
  return Math.min(uniform(base, previous * 3), cap)
}

const bounds = {
  none: [1, 1],
  full: [0, 1],
  equal: [0.5, 1],
} as const

describe.each(Object.keys(laws) as (keyof typeof laws)[])('%s', (jitter) => {
  const inputs = [
    fc.nat(2000),
    fc.integer({ min: 1, max: 10_000 }),
    fc.integer({ min: 1, max: 1000 }),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ] as const

  test('is the formula, and stays within its bounds', () => {
    fc.assert(
      fc.property(...inputs, (k, base, times, u, share) => {
        const cap = base * times
        // Decorrelated waits never leave [base, cap], so neither does the previous one.
        const previous = base + share * (cap - base)
        const wait = laws[jitter](k, previous, { base, cap }, u)
        expect(wait).toBeCloseTo(reference(jitter, k, previous, base, cap, u), 5)
        const whole = Math.min(cap, base * 2 ** k)
        const [least, most] =
          jitter === 'decorrelated'
            ? [base, Math.min(cap, previous * 3)]
            : [bounds[jitter][0] * whole, bounds[jitter][1] * whole]
        expect(wait).toBeGreaterThanOrEqual(least)
        expect(wait).toBeLessThanOrEqual(most)
        // Rounded up, it is still no longer than the cap.
        expect(Math.ceil(wait)).toBeLessThanOrEqual(cap)
      }),
    )
  })
})

test('options are checked where they are given', () => {
  expect(backoffOf({})).toEqual(backoff)
  expect(() => backoffOf({ base: 0 })).toThrow('Expected `base` to be > 0, got 0')
  expect(() => backoffOf({ base: 0.5 })).toThrow('Expected `base` to be a whole number > 0, got 0.5')
  expect(() => backoffOf({ base: 100, cap: 99 })).toThrow('Expected `cap` to be >= 100, got 99')
  expect(() => lawOf('fuller' as 'full')).toThrow(
    'Expected `jitter` to be one of none, full, equal, decorrelated, got "fuller"',
  )
  expect(() => lawOf('toString' as 'full')).toThrow(RangeError)
})

test('a name shows the backoff only where it is not the usual one', () => {
  expect(backoffName(backoff)).toBe('')
  expect(backoffName({ base: 500, cap: 60_000 })).toBe(', 500..60000 ms')
})
