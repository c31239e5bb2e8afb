import { describe, expect, test } from 'vitest'
import { Cap } from '../../../../src/strategies/recommended/cap.ts'
import { RoundTrips } from '../../../../src/strategies/recommended/round-trips.ts'
import { Search } from '../../../../src/strategies/recommended/search.ts'
import { SentAttempt } from '../../../../src/strategies/recommended/sent-attempt.ts'
import { Spending } from '../../../../src/strategies/recommended/spending.ts'

const windows = [1000, 5000, 60_000]

/** Requests are admitted at these instants, and one is denied at `denied`. */
function searchAfter(
  admitted: readonly number[],
  denied: number,
): { caps: readonly Cap[]; search: Search; spending: Spending } {
  const spending = new Spending('requests', new RoundTrips())
  const caps = windows.map((window) => new Cap('requests', window))
  for (const at of admitted) spending.add(at, 1)
  const search = new Search('requests', caps, spending, denied, denied + 50)
  search.deny(denied, denied + 50, denied - 1)
  return { caps, search, spending }
}

const even = (from: number, every: number, count: number) => Array.from({ length: count }, (_, i) => from + i * every)

describe('the window under suspicion', () => {
  test('is the shortest when all held most at the denial', () => {
    const { caps, search } = searchAfter(even(0, 100, 10), 1000)
    expect(search.suspect(1)).toBe(caps[0])
    expect(search.limitOf(caps[0]!)).toBe(10)
  })

  test('is no window that once held much more', () => {
    // Ten in one second, and later two in each second until ten have come in five.
    const { caps, search } = searchAfter([...even(0, 10, 10), ...even(20_000, 490, 10)], 24_950)
    expect(search.suspect(1)).toBe(caps[1])
  })

  test('is no window that was empty at a denial', () => {
    const { caps, search } = searchAfter(even(0, 100, 10), 10_000)
    expect(search.suspect(1)).toBe(caps[2])
    search.deny(100_000, 100_050, 99_999)
    expect(search.suspect(1)).toBeUndefined()
  })

  test('is not one that an admission contradicts', () => {
    const { caps, search, spending } = searchAfter(even(0, 400, 12), 4810)
    expect(search.suspect(1)).toBe(caps[0])
    for (const at of even(10_000, 10, 10)) {
      spending.add(at, 1)
      search.admit(new SentAttempt(at, { promptTokens: 1, maxTokens: 1 }))
    }
    expect(search.suspect(1)).toBe(caps[1])
  })
})

test('a known cap is the fullest from a third of its limit on', () => {
  const { caps, search } = searchAfter(even(0, 100, 10), 1000)
  expect(search.fullest()).toBeUndefined()
  caps[1]!.set(29, 0, 0)
  expect(search.fullest()).toBe(caps[1])
  caps[1]!.set(31, 0, 0)
  expect(search.fullest()).toBeUndefined()
})

test('a probe waits until a tenth has left the window, and as many as were denied', () => {
  const { caps, search } = searchAfter(even(0, 10, 20), 1000)
  expect(search.roomIn(caps[1]!)).toBe(18)
  for (let i = 0; i < 4; i++) search.deny(1000, 1060, 999)
  expect(search.roomIn(caps[1]!)).toBe(15)
})
