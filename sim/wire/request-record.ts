import type { Millis } from '../../src/core/clock.ts'
import { instantAfter } from '../../src/core/last-instant.ts'
import type { Rule } from '../../src/core/limit.ts'
import type { Verdict } from '../../src/scenario/world.ts'
import type { ErrorName } from '../errors/error-table.ts'
import { amountOf } from '../limiters/limiter.ts'
import type { Level } from '../provider/counters.ts'
import type { DeniedDecision } from '../provider/provider.ts'

/** What the mock did with one request, and why. The client cannot see all of this: it is the truth behind the answer. */
export interface RequestRecord {
  /** Counts the requests in the order of their arrival, from 1. */
  readonly number: number
  /** The `x-request-id` of the reply. */
  readonly id: string
  readonly arrivedAt: Millis
  readonly method: string
  readonly path: string
  /** The name of the protocol, such as `compat-chat`; `none` when the path is unknown. */
  readonly protocol: string
  /** The key of the request, shortened so that nobody can use it. Empty when the request has no key. */
  readonly key: string
  /** Absent when nobody has the key. */
  account?: string
  /** Absent when the key belongs to no workspace. */
  workspace?: string
  /** Absent when the request was answered before it was read. */
  model?: string
  isStream?: boolean
  promptTokens?: number
  /** What the provider decided. Absent when it was not asked, because the request itself was wrong or a fault came first. */
  verdict?: Verdict
  decidedAt?: Millis
  /** Present when a limit denied the request. */
  denial?: RecordedDenial
  /** The error that the request was answered with. */
  error?: ErrorName
  /** The fault of the fault plan that happened to the request, in words. */
  fault?: string
  /** The HTTP status of the reply; 0 when the connection broke without a reply. */
  status?: number
  outputTokens?: number
  /** What the request costs, in the currency of the profile. */
  money?: number
  firstTokenAt?: Millis
  endedAt?: Millis
  /** How the request ended. `answered`: in full; `left`: the client hung up before; `broken`: a fault broke the connection. */
  end?: 'answered' | 'left' | 'broken'
}

/** Why a limit denied a request. */
export interface RecordedDenial {
  /** The rule that the reply tells of. */
  readonly rule: Rule
  /** Every rule that denied the request at that instant. */
  readonly rules: readonly Rule[]
  /** The limit that denied, and how full its window was. Absent for the free quota, which has no window. */
  readonly level?: Pick<Level, 'limit' | 'window' | 'used' | 'unit'>
  /** What the request asked of the limit, in the unit of the limit. */
  readonly asked?: number
  /** The instant at which the same request would pass if no other were admitted. Null: it never passes. */
  readonly admitsAt: Millis | null
}

/** Describes a denial at the instant of the decision. Where rejected requests count, the level includes this one. */
export function recordedDenial(
  { quota, cost, denial }: DeniedDecision,
  rules: readonly Rule[],
  at: Millis,
): RecordedDenial {
  const { rule } = denial
  const denies = (each: Level) =>
    each.rule === rule && !each.hasRoom && each.used + amountOf(cost, each.unit) > each.limit
  const level = quota.levels(at).find(denies)
  // The limiters are asked again, since the rejected request may have been charged. None of them counts the free quota.
  const { retryAfter = 0 } = rule === 'free' ? denial : (quota.limiter.check(cost, at) ?? {})
  const admitsAt = instantAfter(at, retryAfter)
  if (!level) return { rule, rules, admitsAt }
  const { limit, window, used, unit } = level
  const shown = { limit, used, unit, ...(window !== undefined && { window }) }
  return { rule, rules, level: shown, asked: amountOf(cost, unit), admitsAt }
}
