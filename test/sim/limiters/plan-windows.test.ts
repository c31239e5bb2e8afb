import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { planWindow } from '../../../sim/limiters/plan-windows.ts'
import { lastInstant } from '../../../src/core/last-instant.ts'
import { type Limit, monthLong, type PlanRule, weekLong } from '../../../src/core/limit.ts'

const one = { requests: 1, tokens: 0 }
const of = (rule: PlanRule, window: number, limit = 1) => planWindow[rule]({ rule, limit, window })
const at = (date: string) => Date.parse(date)

test('hours slide, and give back what a whole minute has taken', () => {
  const limiter = of('plan-hour', 5 * 3_600_000, 2)
  limiter.charge(one, at('2026-11-28T12:00:05Z'))
  limiter.charge(one, at('2026-11-28T12:01:00Z'))
  const now = at('2026-11-28T12:01:30Z')
  const freed = at('2026-11-28T17:00:59.999Z')
  expect(limiter.check(one, now)!.retryAfter).toBe(freed - now)
  expect(limiter.check(one, freed - 1)?.retryAfter).toBe(1)
  expect(limiter.check(one, freed)).toBeUndefined()
})

/** The first instant after this one at which a clock in UTC+8 shows midnight of such a day. */
function nextMidnight(now: number, isBegin: (date: Date) => boolean): number {
  for (let day = Math.floor(now / 86_400_000) * 86_400_000 - 8 * 3_600_000; ; day += 86_400_000)
    if (day > now && isBegin(new Date(day + 8 * 3_600_000))) return day
}

const instants = fc.integer({ min: 0, max: at('2100-01-01T00:00:00Z') })

property.prop([instants])('a week ends on Monday, and a month on its last day, at 24:00 UTC+8', (now) => {
  const ends = [
    [of('plan-week', weekLong), nextMidnight(now, (date) => date.getUTCDay() === 1)],
    [of('plan-month', monthLong), nextMidnight(now, (date) => date.getUTCDate() === 1)],
  ] as const
  for (const [limiter, end] of ends) {
    limiter.charge(one, now)
    expect(limiter.check(one, now)?.retryAfter).toBe(end - now)
    expect(limiter.check(one, end - 1)?.retryAfter).toBe(1)
    expect(limiter.check(one, end)).toBeUndefined()
  }
})

test('the month in which time ends has an end', () => {
  for (const now of [lastInstant - 31 * 86_400_000, lastInstant - 1, lastInstant]) {
    const limiter = of('plan-month', monthLong)
    limiter.charge(one, now)
    expect(limiter.check(one, now)!.retryAfter).toBeGreaterThan(0)
  }
})

test('the run of a laboratory begins 88 hours before the end of a week, and on the first of a month', () => {
  const left = ([rule, window]: readonly [PlanRule, number]) => {
    const limiter = of(rule, window)
    limiter.charge(one, 0)
    return limiter.check(one, 0)!.retryAfter / 3_600_000
  }
  expect(left(['plan-week', weekLong])).toBe(88)
  expect(left(['plan-month', monthLong])).toBe(30 * 24 + 16)
})

test('the rule of a denial is that of the plan', () => {
  const limits: Limit[] = [
    { rule: 'plan-hour', limit: 1, window: 60_000 },
    { rule: 'plan-week', limit: 1, window: weekLong },
    { rule: 'plan-month', limit: 1, window: monthLong },
  ]
  for (const limit of limits) {
    const limiter = planWindow[limit.rule as PlanRule](limit)
    limiter.charge(one, 0)
    expect(limiter.check(one, 0)!.rule).toBe(limit.rule)
  }
})
