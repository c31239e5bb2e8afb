import type { Millis } from '../../src/core/clock.ts'
import type { Unit } from '../../src/core/limit.ts'
import type { Level } from '../provider/counters.ts'
import type { Headers } from './exchange.ts'
import type { Context } from './handling/context.ts'
import type { RequestRecord } from './request-record.ts'

/**
 * What is left of the limits, under OpenAI's names: of each unit the limit with the fewest left, its number, what is left of it,
 * and the longest that its window can take to be empty again. An assumption throughout: the service was never seen to tell.
 */
export function limitHeaders({ brain }: Context, { account, workspace, model }: RequestRecord, now: Millis): Headers {
  const quota = model === undefined ? undefined : brain.accounts.get(account ?? '')?.quota(model, workspace)
  if (!quota) return {}
  const levels = quota.levels(now).filter(({ rule }) => rule !== 'burst')
  return Object.assign({}, ...(['requests', 'tokens'] satisfies Unit[]).map((unit) => ofUnit(unit, levels)))
}

function ofUnit(unit: Unit, levels: readonly Level[]): Headers {
  const [first, ...others] = levels.filter((level) => level.unit === unit)
  if (!first) return {}
  const { limit, window, used } = others.reduce((least, each) => (left(each) < left(least) ? each : least), first)
  return {
    [`x-ratelimit-limit-${unit}`]: String(limit),
    [`x-ratelimit-remaining-${unit}`]: String(Math.max(0, limit - used)),
    [`x-ratelimit-reset-${unit}`]: duration(used > 0 ? window : 0),
  }
}

function left({ limit, used }: Level): number {
  return limit - used
}

/** As Go prints it, and OpenAI with it: `250ms`, `6s`, `1m0s`. */
function duration(ms: Millis): string {
  if (ms < 1000) return `${ms}ms`
  const seconds = ms / 1000
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}
