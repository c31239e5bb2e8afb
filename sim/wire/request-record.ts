import type { Millis } from '../../src/core/clock.ts'
import type { Rule } from '../../src/core/limit.ts'
import type { Random } from '../../src/core/random.ts'
import type { Verdict } from '../../src/scenario/world.ts'
import type { ErrorName } from '../errors/error-table.ts'
import { amountOf } from '../limiters/limiter.ts'
import type { Level } from '../provider/counters.ts'
import type { DeniedDecision } from '../provider/provider.ts'

/** What the mock did with one request, and why: ground truth that the wire does not tell. */
export interface RequestRecord {
  /** From 1, in the order of arrival. */
  readonly number: number
  readonly id: string
  readonly arrivedAt: Millis
  readonly method: string
  readonly path: string
  readonly protocol: string
  /** Redacted. */
  readonly key: string
  account?: string
  /** Of the account, where the key belongs to one. */
  workspace?: string
  model?: string
  isStream?: boolean
  promptTokens?: number
  /** Absent: no model was asked, as when the request was wrong in itself. */
  verdict?: Verdict
  decidedAt?: Millis
  /** Where a limit denied. */
  denial?: RecordedDenial
  error?: ErrorName
  /** The fault plan's doing. */
  fault?: string
  /** HTTP status; 0 when the connection was broken without one. */
  status?: number
  outputTokens?: number
  money?: number
  firstTokenAt?: Millis
  endedAt?: Millis
  /** `answered`: in full; `left`: the client hung up before; `broken`: the fault plan broke the connection. */
  end?: 'answered' | 'left' | 'broken'
}

export interface RecordedDenial {
  readonly rule: Rule
  /** The limit that denied: its number, and how full its window was. Absent for the free quota, which has no window. */
  readonly level?: Omit<Level, 'rule' | 'retryAfter'>
  /** What the request asked of it, in the level's unit. */
  readonly asked?: number
  /** When the same request would pass if nobody else were admitted; null: never. */
  readonly admitsAt: Millis | null
}

/** Enough of a key to tell it from another, not to use it. */
export function redactedKey(key: string): string {
  if (key === '') return ''
  const [, prefix = '', rest = ''] = /^((?:sk-)?)(.*)$/s.exec(key)!
  return rest.length < 12 ? `${prefix}${rest.slice(0, 2)}…` : `${prefix}${rest.slice(0, 4)}…${rest.slice(-4)}`
}

const longestJournalText = 200

/** A text that a client chose, short enough to be remembered; a copy, since a slice would keep the whole of it alive. */
export function shortenedText(text: string): string {
  if (text.length <= longestJournalText) return text
  return `${Buffer.from(text.slice(0, longestJournalText)).toString()}…`
}

/** What is to be told of a denial, at its instant. Where rejects count, it counts this one. */
export function recordedDenial({ quota, cost, denial: { rule } }: DeniedDecision, at: Millis): RecordedDenial {
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

/** Four hexadecimal digits each: every request needs an id, and formatting one digit by digit costs more than deciding it. */
const digits = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, '0'))

/** Ids in the shape of the service's: UUIDs whose version digit is 9. The nth id of a seed is always the same. */
export function requestIds(random: Random): (nth: number) => string {
  const word = (nth: number, subkey: number) => Math.floor(random.at(nth, subkey) * 2 ** 32)
  const high = (word: number) => digits[word >>> 16]!
  const low = (word: number) => digits[word & 0xffff]!
  return (nth) => {
    const a = word(nth, 0)
    const b = word(nth, 1)
    const c = word(nth, 2)
    const d = word(nth, 3)
    // Version 9, and the variant that RFC 9562 lays down.
    const version = digits[0x9000 | (b & 0xfff)]!
    const variant = digits[0x8000 | ((c >>> 16) & 0x3fff)]!
    return `${high(a)}${low(a)}-${high(b)}-${version}-${variant}-${low(c)}${high(d)}${low(d)}`
  }
}
