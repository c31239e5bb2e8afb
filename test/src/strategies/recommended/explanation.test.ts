import { describe, expect, test } from 'vitest'
import { Cap } from '../../../../src/strategies/recommended/cap.ts'
import { Explanation } from '../../../../src/strategies/recommended/explanation.ts'
import { Pad } from '../../../../src/strategies/recommended/pad.ts'
import { RoundTrips } from '../../../../src/strategies/recommended/round-trips.ts'
import { Spending } from '../../../../src/strategies/recommended/spending.ts'

/** A limit of 40 requests in 5 s is known, and so many were sent at once. */
function after(sent: number): { cap: Cap; pad: Pad; explanation: Explanation } {
  const trips = new RoundTrips()
  const pad = new Pad(trips)
  const spending = new Spending('requests', trips)
  const cap = new Cap('requests', 5000)
  cap.confirm(40)
  spending.add(1000, sent)
  const explanation = new Explanation('requests', [cap], spending, trips, pad)
  explanation.begin()
  return { cap, pad, explanation }
}

const explains = ({ explanation }: { explanation: Explanation }) => explanation.isKnown(1001, 1, 1050, 0)

describe('the first denial of a flight', () => {
  test('is explained by a window that is full, or lacks two requests at most, and widens the pad', () => {
    for (const sent of [38, 40, 44]) {
      const known = after(sent)
      const { value } = known.pad
      for (let i = 0; i < 3; i++) known.pad.admitted()
      expect(explains(known)).toBe(true)
      expect(known.pad.value).toBeGreaterThanOrEqual(value)
    }
  })

  test('is not explained by one that has more room', () => {
    expect(explains(after(37))).toBe(false)
  })

  test('lowers a limit that is being tested with more', () => {
    const known = after(39)
    known.cap.isTesting = true
    known.cap.extra = 2
    expect(explains(known)).toBe(true)
    expect(known.cap.limit).toBe(39)
  })
})

test('a few more denials in the flight are explained as well, and many refute the limit once', () => {
  const known = after(40)
  explains(known)
  const verdicts = Array.from({ length: 8 }, () => known.explanation.isRefuted())
  // A tenth of the limit, and what may overtake in the window.
  expect(verdicts.indexOf(true)).toBe(3)
  expect(verdicts.filter(Boolean)).toHaveLength(1)
})
