import { test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { anyLimits, costFor, histories, playHistory, totalCharged } from '../../../contracts/history.ts'
import { limitLimiterContract } from '../../../contracts/limiter.ts'
import { anchoredWindow } from '../../../sim/limiters/anchored-window.ts'

/** The instants at which windows begin, found by going through all charges. */
function startsOf(charges: readonly { at: number }[], window: number): number[] {
  const starts: number[] = []
  for (const { at } of charges) if (at >= (starts.at(-1) ?? -Infinity) + window) starts.push(at)
  return starts
}

limitLimiterContract('anchoredWindow', anchoredWindow, (charges, amount, now, { limit, window }) => {
  const start = startsOf(charges, window).at(-1) ?? -Infinity
  const open = now < start + window ? charges.filter(({ at }) => at >= start) : []
  return totalCharged(open) + amount <= limit
})

test.prop([anyLimits, histories])('no window that a charge begins ever holds more than the limit', (limit, history) => {
  const asked = history.map((step) => ({ ...step, kind: 'ask' as const }))
  const { charges } = playHistory(anchoredWindow(limit), costFor(limit), asked)
  for (const start of startsOf(charges, limit.window)) {
    const held = charges.filter(({ at }) => at >= start && at < start + limit.window)
    expect(totalCharged(held)).toBeLessThanOrEqual(limit.limit)
  }
})

test('a window begins with the first charge after the one before, not with a grid', () => {
  const limiter = anchoredWindow({ rule: 'rpm', limit: 10, window: 60_000 })
  const nine = { requests: 9, tokens: 0 }
  limiter.charge({ requests: 1, tokens: 0 }, 30_000)
  limiter.charge(nine, 89_999)
  expect(limiter.check(nine, 89_999)).toEqual({ rule: 'rpm', retryAfter: 1 })
  expect(limiter.check(nine, 90_000)).toBeUndefined()
  limiter.charge(nine, 100_000)
  expect(limiter.check(nine, 100_000)).toEqual({ rule: 'rpm', retryAfter: 60_000 })
})

test('a check does not begin a window', () => {
  const limiter = anchoredWindow({ rule: 'rps', limit: 1, window: 1000 })
  const one = { requests: 1, tokens: 0 }
  limiter.check(one, 0)
  limiter.charge({ requests: 0, tokens: 7 }, 0)
  limiter.charge(one, 900)
  expect(limiter.check(one, 1000)).toEqual({ rule: 'rps', retryAfter: 900 })
})
