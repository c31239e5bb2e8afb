import type { Cause, Reply } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import { causeOf, isPlanRule, type Rule, rules } from '../../src/core/limit.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import { errorBody } from './envelope.ts'
import { type ErrorName, errorTable } from './error-table.ts'

/** A reason other than a limit for which a request is refused. */
export type Refusal = Extract<
  ErrorName,
  'unknown-key' | 'unknown-model' | 'arrears' | 'free-tier-only' | 'gateway-down'
>

const refusals: readonly Refusal[] = ['unknown-key', 'unknown-model', 'arrears', 'free-tier-only', 'gateway-down']

type Throttled = Extract<Reply, { kind: 'throttled' }>
type Failed = Extract<Reply, { kind: 'failed' }>

/** The error of a denial, by the cause that the wire reveals. */
const errorOf: Readonly<Record<Cause, ErrorName>> = {
  requests: 'requests',
  tokens: 'tokens',
  burst: 'burst',
  quota: 'free-quota',
}

/** The error of a denial by this rule. Default of `causes`: the cause is told. */
export function denialError(rule: Rule, causes: Switches['causes'] = 'told'): ErrorName {
  if (causes === 'hidden') return 'throttling'
  if (rule === 'concurrency') return 'plan-concurrency'
  return isPlanRule(rule) ? rule : errorOf[causeOf(rule)]
}

/**
 * The reply to a denied request: HTTP 429. Without a `retryAfter` it is one shared, frozen object for each profile and cause. Default of `causes`: the
 * cause is told.
 */
export function throttled(
  profile: Profile,
  rule: Rule,
  retryAfter?: Millis,
  causes: Switches['causes'] = 'told',
): Throttled {
  const shared = bookOf(profile).throttled[causes][rule]
  return retryAfter === undefined ? shared : { ...shared, retryAfter }
}

/** The reply to a refused request. It is shared and frozen, except for an unknown model, which its message names. */
export function refused(profile: Profile, kind: Refusal, model?: string): Failed {
  return kind === 'unknown-model' ? failed(profile, kind, model) : bookOf(profile).refused[kind]
}

/** The replies of one profile. */
interface Book {
  readonly throttled: Readonly<Record<Switches['causes'], Readonly<Record<Rule, Throttled>>>>
  readonly refused: Readonly<Record<Refusal, Failed>>
}

/** The replies are made once for each profile, since a run may deny millions of times. */
const books = new WeakMap<Profile, Book>()

function bookOf(profile: Profile): Book {
  const known = books.get(profile)
  if (known) return known
  /** Rules with the same error share a reply. */
  const byError = new Map<ErrorName, Throttled>()
  const throttledBy = (rule: Rule, causes: Switches['causes']): Throttled => {
    const name = denialError(rule, causes)
    const cause = causes === 'told' && { cause: causeOf(rule) }
    const reply = byError.get(name) ?? Object.freeze({ kind: 'throttled', ...cause, body: bodyOf(profile, name) })
    byError.set(name, reply)
    return reply
  }
  const book: Book = {
    throttled: {
      told: mapped(rules, (rule) => throttledBy(rule, 'told')),
      hidden: mapped(rules, (rule) => throttledBy(rule, 'hidden')),
    },
    refused: mapped(refusals, (kind) => failed(profile, kind)),
  }
  books.set(profile, book)
  return book
}

function failed(profile: Profile, kind: Refusal, model?: string): Failed {
  const { status, native, compat: code = native, isTransient: retryable } = errorTable[kind]
  return Object.freeze({ kind: 'failed', status, code, retryable, body: bodyOf(profile, kind, model) })
}

/** The body of a reply in process. It has the envelope of the OpenAI-compatible protocol, without the id of a request. */
function bodyOf(profile: Profile, name: ErrorName, model?: string): object {
  const body = errorBody(profile, 'compat', { name, ...(model !== undefined && { detail: model }) })
  for (const part of Object.values(body)) Object.freeze(part)
  return Object.freeze(body)
}

function mapped<K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>
}
