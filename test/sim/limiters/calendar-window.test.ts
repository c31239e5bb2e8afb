import { totalCharged } from '../../../contracts/history.ts'
import { limitLimiterContract } from '../../../contracts/limiter.ts'
import { calendarWindow } from '../../../sim/limiters/calendar-window.ts'

/** Windows of 7 and 11 ms in turn. */
function spanAt(now: number) {
  const start = now - (now % 18)
  return now < start + 7 ? { start, end: start + 7 } : { start: start + 7, end: start + 18 }
}

limitLimiterContract(
  'calendarWindow',
  (limit) => calendarWindow(limit, spanAt),
  (charges, amount, now, { limit }) =>
    totalCharged(charges.filter(({ at }) => at >= spanAt(now).start)) + amount <= limit,
)
