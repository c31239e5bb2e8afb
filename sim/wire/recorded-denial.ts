import type { Millis } from '../../src/core/clock.ts'
import { amountOf } from '../limiters/limiter.ts'
import type { Level } from '../provider/counters.ts'
import type { Denied } from '../provider/provider.ts'
import type { RecordedDenial } from './request-record.ts'

/** What is to be told of a denial, at its instant. Where rejects count, it counts this one. */
export function recordedDenial({ quota, cost, denial: { rule } }: Denied, at: Millis): RecordedDenial {
  const denies = (each: Level) => each.rule === rule && each.used + amountOf(cost, each.unit) > each.limit
  const level = quota.levels(at).find(denies)
  if (!level) return { rule, admitsAt: null }
  const { limit, window, used, unit } = level
  const { retryAfter = 0 } = quota.limiter.check(cost, at) ?? {}
  return {
    rule,
    level: { limit, window, used, unit },
    asked: amountOf(cost, unit),
    admitsAt: retryAfter === Infinity ? null : at + retryAfter,
  }
}
