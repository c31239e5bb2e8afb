import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { RoundTrips } from '../../../../src/strategies/recommended/round-trips.ts'
import { Spending } from '../../../../src/strategies/recommended/spending.ts'

/** No round trip is known, so that sends within 20 ms may overtake each other. */
const smear = 20

interface Sent {
  readonly at: number
  readonly isDenied: boolean
}

const history = fc
  .array(fc.record({ at: fc.nat(2000), isDenied: fc.boolean() }), { minLength: 1, maxLength: 80 })
  .map((sent) => sent.sort((a, b) => a.at - b.at))

function spendingOf(sent: readonly Sent[]): Spending {
  const spending = new Spending('requests', new RoundTrips())
  for (const { at, isDenied } of sent) {
    spending.add(at, 1)
    if (isDenied) spending.reject(at, 1)
  }
  return spending
}

/** The sends after `from`, until `until`, of which `counts` counts. */
function count(sent: readonly Sent[], from: number, until: number, counts = (_: Sent) => true): number {
  return sent.filter((each) => each.at > from && each.at <= until && counts(each)).length
}

const isAdmitted = ({ isDenied }: Sent) => !isDenied

describe('the sums of a window, against a plain count', () => {
  test.prop([history, fc.nat(3000), fc.constantFrom(500, 1000), fc.nat(3000)])(
    'surely, probably and possibly',
    (sent, at, window, flight) => {
      const spending = spendingOf(sent)
      const now = at + 500
      const until = (end: number, length: number) =>
        count(sent, end - length, end, isAdmitted) +
        count(sent, end - length, Math.min(end, flight), (each) => each.isDenied)
      expect(spending.surely(window, at)).toBe(count(sent, at - window + 2 * smear, at, isAdmitted))
      if (flight > at) return
      expect(spending.probably(window, at, now, flight)).toBe(until(at + smear, window))
      expect(spending.possibly(window, at, flight)).toBe(until(at + smear, window + 2 * smear))
    },
  )

  test.prop([history, fc.nat(3000)])('rejects that are free count nowhere but in what was sent', (sent, at) => {
    const spending = spendingOf(sent)
    spending.takeRejectsAs(true)
    expect(spending.possibly(1000, at, at)).toBe(count(sent, at - 1000 - smear, at + smear, isAdmitted))
    expect(spending.counted.sum(at, 1000)).toBe(count(sent, at - 1000, at))
    expect(spending.total).toBe(sent.length)
  })

  test.prop([history])(
    'the busiest window is one of those that were looked at, and no less than a quarter-window grid shows',
    (sent) => {
      const grid = Array.from({ length: 12 }, (_, i) => count(sent, 3000 - i * 250 - 1000, 3000 - i * 250, isAdmitted))
      expect(spendingOf(sent).busiest(1000, 3000, 3000)).toBe(Math.max(...grid))
    },
  )
})

test('rejected tokens never count', () => {
  const spending = new Spending('tokens', new RoundTrips())
  spending.add(0, 500)
  spending.reject(0, 500)
  spending.takeRejectsAs(false)
  expect([spending.total, spending.possibly(1000, 10, 5)]).toEqual([0, 0])
})

test('forgets what no window asks for, and keeps the total', () => {
  const spending = spendingOf([
    { at: 0, isDenied: false },
    { at: 100_000, isDenied: false },
  ])
  spending.forget(100_000, 60_000)
  expect([spending.total, spending.admitted.sum(1000, 2000), spending.admitted.sum(100_000, 10)]).toEqual([2, 0, 1])
})
