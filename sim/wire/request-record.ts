import type { Millis } from '../../src/core/clock.ts'
import type { Rule } from '../../src/core/limit.ts'
import type { Random } from '../../src/core/random.ts'
import { withoutKeys } from '../../src/core/redaction.ts'
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
  readonly level?: Omit<Level, 'rule' | 'retryAfter' | 'phase'>
  /** What the request asked of the limit, in the unit of the limit. */
  readonly asked?: number
  /** The instant at which the same request would pass if no other were admitted. Null: it never passes. */
  readonly admitsAt: Millis | null
}

/** Describes a denial at the instant of the decision. Where rejected requests count, the level includes this one. */
export function recordedDenial(
  { quota, cost, denial: { rule } }: DeniedDecision,
  rules: readonly Rule[],
  at: Millis,
): RecordedDenial {
  const denies = (each: Level) => each.rule === rule && each.used + amountOf(cost, each.unit) > each.limit
  const level = quota.levels(at).find(denies)
  if (!level) return { rule, rules, admitsAt: null }
  const { limit, window, used, unit } = level
  const { retryAfter = 0 } = quota.limiter.check(cost, at) ?? {}
  return {
    rule,
    rules,
    level: { limit, window, used, unit },
    asked: amountOf(cost, unit),
    admitsAt: retryAfter === Infinity ? null : at + retryAfter,
  }
}

/** The longest text of a client that the journal keeps, characters. */
const longestJournalText = 200

/**
 * Shortens a text that a client chose, and the keys in it. The result is a copy, since a slice would keep the whole text in memory.
 */
export function shortenedText(text: string): string {
  if (text.length <= longestJournalText) return withoutKeys(text)
  // A key that begins before the end of the shortened text is shortened as a whole.
  const beginning = withoutKeys(text.slice(0, 2 * longestJournalText)).slice(0, longestJournalText)
  return `${Buffer.from(beginning).toString()}…`
}

/** All numbers of 16 bits as four hexadecimal digits. Every request needs an id, and writing it digit by digit would cost more than the decision. */
const digits = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, '0'))

/** Ids in the form of the service's own: UUIDs whose version digit is 9. The nth id of a seed is always the same. */
export function requestIds(random: Random): (nth: number) => string {
  const word = (nth: number, subkey: number) => Math.floor(random.at(nth, subkey) * 2 ** 32)
  const high = (word: number) => digits[word >>> 16]!
  const low = (word: number) => digits[word & 0xffff]!
  return (nth) => {
    const a = word(nth, 0)
    const b = word(nth, 1)
    const c = word(nth, 2)
    const d = word(nth, 3)
    // Version 9, and the variant that RFC 9562 prescribes.
    const version = digits[0x9000 | (b & 0xfff)]!
    const variant = digits[0x8000 | ((c >>> 16) & 0x3fff)]!
    return `${high(a)}${low(a)}-${high(b)}-${version}-${variant}-${low(c)}${high(d)}${low(d)}`
  }
}
