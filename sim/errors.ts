import type { Cause, Reply } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'
import { causeOf, type Rule } from '../src/core/limit.ts'
import type { Profile } from './profiles/profile.ts'

/** Why a request is refused for another reason than a limit. */
export type Refusal = 'unknown-key' | 'unknown-model' | 'arrears' | 'free-tier-only' | 'gateway-down'

type Throttled = Extract<Reply, { kind: 'throttled' }>
type Failed = Extract<Reply, { kind: 'failed' }>

/**
 * One error in both spellings. `type` is absent where it repeats the code, `anchor` where the message ends without a
 * link.
 */
interface Wording {
  readonly code: string
  readonly type?: string
  readonly message: string
  /** The article's shorter wording, where it prints one. */
  readonly article?: string
  readonly param?: string
  readonly anchor?: string
}

const throttles: Readonly<Record<Cause, Wording>> = {
  requests: {
    code: 'limit_requests',
    message: 'You have exceeded your current request limit.',
    article: 'Requests rate limit exceeded',
    anchor: '#rate-limit',
  },
  tokens: {
    code: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details.',
    anchor: '#token-limit',
  },
  burst: {
    code: 'limit_burst_rate',
    message:
      'Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.',
    article: 'Request rate increased too quickly',
    param: '',
  },
  quota: {
    code: 'insufficient_quota',
    message: 'Free allocated quota exceeded.',
    article: 'Free allocated quota exceeded',
  },
}

const refusals: Readonly<Record<Refusal, Wording & { readonly status: number }>> = {
  'unknown-key': {
    status: 401,
    code: 'invalid_api_key',
    type: 'invalid_request_error',
    // The trailing space is the service's.
    message: 'Incorrect API key provided. ',
  },
  'unknown-model': {
    status: 404,
    code: 'model_not_found',
    type: 'invalid_request_error',
    message: 'The model `{model}` does not exist or you do not have access to it.',
  },
  arrears: {
    status: 400,
    code: 'Arrearage',
    message: 'Access denied, please make sure your account is in good standing.',
    anchor: '#overdue-payment',
  },
  'free-tier-only': {
    status: 403,
    code: 'AllocationQuota.FreeTierOnly',
    message:
      'The free tier of the model has been exhausted. If you wish to continue access the model on a paid basis, please disable the "use free tier only" mode in the management console.',
  },
  // A gateway is nobody in particular: these words are ours.
  'gateway-down': {
    status: 503,
    code: 'gateway_unavailable',
    message: 'The gateway is not available at the moment (simulated by ratelab).',
  },
}

/** A denial's reply: HTTP 429. Without advice it is one shared, frozen object for each profile and cause. */
export function throttled(profile: Profile, rule: Rule, retryAfter?: Millis): Throttled {
  const cause = causeOf(rule)
  const shared = bookOf(profile).throttled[cause]
  return retryAfter === undefined ? shared : { kind: 'throttled', cause, retryAfter, body: shared.body }
}

/** A refusal's reply. Shared and frozen, except that an unknown model is named in the message. */
export function refused(profile: Profile, kind: Refusal, model?: string): Failed {
  return kind === 'unknown-model' ? failed(profile, kind, model) : bookOf(profile).refused[kind]
}

interface Book {
  readonly throttled: Readonly<Record<Cause, Throttled>>
  readonly refused: Readonly<Record<Refusal, Failed>>
}

/** Bodies are written once a profile: a run may deny millions of times. */
const books = new WeakMap<Profile, Book>()

function bookOf(profile: Profile): Book {
  const known = books.get(profile)
  if (known) return known
  const throttledBy = (cause: Cause): Throttled =>
    Object.freeze({ kind: 'throttled', cause, body: bodyOf(profile, throttles[cause], 429) })
  const book: Book = {
    throttled: mapped(throttles, throttledBy),
    refused: mapped(refusals, (kind) => failed(profile, kind)),
  }
  books.set(profile, book)
  return book
}

function failed(profile: Profile, kind: Refusal, model = ''): Failed {
  const wording = refusals[kind]
  const { status, code } = wording
  const message = wording.message.replace('{model}', () => model)
  const body = bodyOf(profile, { ...wording, message }, status)
  return Object.freeze({ kind: 'failed', status, code, retryable: kind === 'gateway-down', body })
}

/**
 * The envelope of the OpenAI-compatible protocol. The service adds the `request_id` of the one request, which is the
 * wire's to write; the article's body has a `status`, which no captured body has.
 */
function bodyOf(profile: Profile, wording: Wording, status: number): unknown {
  const { code, type = code, message, param = null, anchor } = wording
  if (profile.spelling === 'article') {
    const error = Object.freeze({ message: wording.article ?? message, type, code })
    return Object.freeze({ error, status })
  }
  const link = anchor ? ` For details, see: ${profile.docs}${anchor}` : ''
  return Object.freeze({ error: Object.freeze({ code, message: message + link, param, type }) })
}

function mapped<K extends string, V>(keys: Readonly<Record<K, unknown>>, value: (key: K) => V): Record<K, V> {
  return Object.fromEntries((Object.keys(keys) as K[]).map((key) => [key, value(key)])) as Record<K, V>
}
