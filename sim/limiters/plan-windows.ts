import type { Millis } from '../../src/core/clock.ts'
import { type Limit, type PlanRule, weekLong } from '../../src/core/limit.ts'
import { isoTime } from '../../src/core/system-clock.ts'
import { calendarWindow, type Span } from './calendar-window.ts'
import { fixedWindow } from './fixed-window.ts'
import type { LimitLimiter } from './limiter.ts'
import { steppedLog } from './sliding-log.ts'

const minute: Millis = 60_000
const hour: Millis = 60 * minute

const day: Millis = 24 * hour

/** How far the clocks of the plans are ahead of UTC: their zone is UTC+8. */
const zone: Millis = 8 * hour

/** An instant at which a week begins: Monday, 5 January 1970, 00:00 UTC+8. */
const aMonday: Millis = 4 * day - zone

/**
 * The windows of the plans that are paid by the month, such as the Coding Plan, by the rule of their limits. Whatever the switches say, that of hours
 * slides, and what is charged in one minute counts as charged at its end; a week begins on Monday and a month on its first day, at 00:00 UTC+8.
 */
export const planWindow: Readonly<Record<PlanRule, (limit: Limit) => LimitLimiter>> = {
  'plan-hour': (limit) => steppedLog(limit, minute),
  'plan-week': ({ rule, limit }) => fixedWindow({ rule, limit, window: weekLong }, aMonday),
  'plan-month': (limit) => calendarWindow(limit, monthAt),
}

function monthAt(now: Millis): Span {
  const local = now + zone
  const start = local - (local % day) - (dayOf(local) - 1) * day
  let end = start + 28 * day
  while (dayOf(end) !== 1) end += day
  return { start: start - zone, end: end - zone }
}

/** The day of the month that an instant has in UTC. */
function dayOf(instant: Millis): number {
  // The month in which simulated time ends, at the end of the year 9999, reaches into a year with more digits. So the day is counted from the end.
  return Number(isoTime(instant).slice(-16, -14))
}
