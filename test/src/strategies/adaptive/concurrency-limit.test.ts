import { expect, test } from 'vitest'
import { ConcurrencyLimit, expectConcurrencyBounds } from '../../../../src/strategies/adaptive/concurrency-limit.ts'

test('lets through as many as the whole part of the limit, which stays within its bounds', () => {
  const limit = new ConcurrencyLimit({ start: 2, least: 1, most: 3 })
  limit.sent()
  expect(limit.opensAt(7)).toBe(7)
  limit.sent()
  expect(limit.opensAt(7)).toBe(Infinity)
  limit.limit = 2.9
  expect(limit.opensAt(7)).toBe(Infinity)
  limit.limit = 99
  expect(limit.state()).toEqual({ limit: 3, inFlight: 2 })
  expect(limit.opensAt(7)).toBe(7)
  limit.limit = 0
  expect(limit.limit).toBe(1)
  limit.ended()
  limit.ended()
  expect(limit.opensAt(8)).toBe(8)
})

test('checks its bounds', () => {
  for (const [bounds, message] of [
    [{ start: 1, least: 0, most: 1 }, '`least` to be >= 1, got 0'],
    [{ start: 5, least: 5, most: 4 }, '`most` to be >= 5, got 4'],
    [{ start: 4, least: 5, most: 9 }, '`start` to be >= 5 and <= 9, got 4'],
    [{ start: 1.5, least: 1, most: 2 }, '`start` to be a whole number'],
  ] as const)
    expect(() => expectConcurrencyBounds(bounds)).toThrow(message)
})
