import { test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { anyLimits, costFor, histories, playHistory, totalCharged } from '../../../contracts/history.ts'
import { limitLimiterContract } from '../../../contracts/limiter.ts'
import { expectSameDecisions } from '../../../contracts/limiter-laws.ts'
import { fixedWindow } from '../../../sim/limiters/fixed-window.ts'

limitLimiterContract('fixedWindow', fixedWindow, (charges, amount, now, { limit, window }) => {
  let start = 0
  while (start + window <= now) start += window
  return totalCharged(charges.filter(({ at }) => at >= start)) + amount <= limit
})

limitLimiterContract(
  'fixedWindow with a phase',
  (limit) => fixedWindow(limit, 7),
  (charges, amount, now, { limit, window }) => {
    let start = 7 - 7 * window
    while (start + window <= now) start += window
    return totalCharged(charges.filter(({ at }) => at >= start)) + amount <= limit
  },
)

test.prop([anyLimits, histories])('no window [k·w, (k+1)·w) ever holds more than the limit', (limit, history) => {
  const asked = history.map((step) => ({ ...step, kind: 'ask' as const }))
  const { charges } = playHistory(fixedWindow(limit), costFor(limit), asked)
  const byWindow = Map.groupBy(charges, ({ at }) => (at - (at % limit.window)) / limit.window)
  for (const held of byWindow.values()) expect(totalCharged(held)).toBeLessThanOrEqual(limit.limit)
})

test.prop([anyLimits, anyLimits, histories, histories])(
  'a new limit counts all charges of the window',
  (limit, { limit: next }, before, after) => {
    const changed = fixedWindow(limit)
    const born = fixedWindow({ ...limit, limit: next })
    const { now, charges } = playHistory(changed, costFor(limit), before)
    for (const { at, amount } of charges) born.charge(costFor(limit)(amount), at)
    changed.setLimit(next)
    expectSameDecisions(changed, born, costFor(limit), [{ gap: now, amount: 1, kind: 'ask' }, ...after])
  },
)

test('two neighbouring windows may be filled at their common end', () => {
  const limiter = fixedWindow({ rule: 'rpm', limit: 10, window: 60_000 })
  const ten = { requests: 10, tokens: 0 }
  limiter.charge(ten, 59_999)
  expect(limiter.check(ten, 59_999)).toEqual({ rule: 'rpm', retryAfter: 1 })
  expect(limiter.check(ten, 60_000)).toBeUndefined()
  limiter.charge(ten, 60_000)
  expect(limiter.check(ten, 60_000)).toEqual({ rule: 'rpm', retryAfter: 60_000 })
})

test('charges beyond the limit are not carried over to the next window', () => {
  const limiter = fixedWindow({ rule: 'tps', limit: 10, window: 1000 })
  limiter.charge({ requests: 0, tokens: 95 }, 0)
  expect(limiter.check({ requests: 0, tokens: 10 }, 1000)).toBeUndefined()
})
