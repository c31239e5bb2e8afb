import { isObject } from '../checks/shape.ts'
import type { Cause } from '../core/call.ts'

/** An error of the provider, as a body or a frame of a stream shows it. A text that it does not show is empty. */
export interface ServiceError {
  readonly code: string
  readonly type: string
  readonly message: string
}

/** What a body shows that is no error of a known spelling, as that of a proxy may be. */
export const unknownError: ServiceError = { code: '', type: '', message: '' }

/** Returns the error that a body or the data of a frame shows, in the spelling of any protocol. Returns undefined when it shows none. */
export function serviceErrorIn(json: unknown): ServiceError | undefined {
  if (!isObject(json)) return undefined
  const { error, response, choices, type, code, message, output } = json
  if (isObject(error)) return Object.keys(error).length > 0 ? fieldsOf(error) : undefined
  if (typeof error === 'string' && error !== '')
    return serviceErrorInText(error) ?? { ...fieldsOf(json), message: error }
  // The Responses protocol ends a stream with the failed response.
  if (isObject(response) && isObject(response.error)) return fieldsOf(response.error)
  // The native protocol. Its answers may have an empty code.
  const isNative = text(code) !== '' && typeof message === 'string' && choices === undefined && output === undefined
  if (isNative || type === 'error') return fieldsOf(json)
  const [choice] = Array.isArray(choices) ? choices : []
  if (!isObject(choice) || choice.finish_reason !== 'error_finish') return undefined
  // The service has been seen to write the error as the last words of the model.
  return { code: '', type: '', message: isObject(choice.delta) ? text(choice.delta.content) : '' }
}

/** The error of a text that may be JSON. */
export function serviceErrorInText(json: string): ServiceError | undefined {
  return serviceErrorIn(parsed(json))
}

/** The value of a text as JSON, and undefined for a text that is no object. */
export function parsed(json: string): unknown {
  // An exception costs more than all the rest of a reply.
  if (!/^\s*\{/.test(json)) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function fieldsOf({ code, type, message }: Readonly<Record<string, unknown>>): ServiceError {
  return { code: text(code), type: text(type), message: text(message) }
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** The causes by the code, or by the type, of an error. */
const causes: Readonly<Record<string, Cause>> = {
  limit_requests: 'requests',
  limitrequests: 'requests',
  'throttling.ratequota': 'requests',
  insufficient_quota: 'tokens',
  'throttling.allocationquota': 'tokens',
  limit_burst_rate: 'burst',
  'throttling.burstrate': 'burst',
  // The types that OpenAI gives an error with the code `rate_limit_exceeded`.
  requests: 'requests',
  tokens: 'tokens',
}

/** The causes by the message, for errors whose code says no more than that they are throttled. The first row that matches counts. */
const messages: readonly (readonly [RegExp, Cause])[] = [
  [/increased too quickly/i, 'burst'],
  [/\bTP[MS]\b|tokens? per |allocated quota exceeded|exceeded your current quota/i, 'tokens'],
  [/\bRP[MSD]\b|requests? per |request(?:s rate)? limit|requests list|too many requests, please wait/i, 'requests'],
]

/** A quota that no wait within a call's patience changes: the free one, and those of the windows of a plan. */
const usedUp = /\b(?:free|hour|week|month) allocated quota exceeded/i

/** A limit on the number of requests in flight, which has no cause of its own. */
const inFlight = /\bconcurrency allocated quota exceeded/i

/** Why the call was throttled. Undefined when the error does not say so. */
function causeOf({ code, type, message }: ServiceError): Cause | undefined {
  if (usedUp.test(message)) return 'quota'
  if (inFlight.test(message)) return undefined
  const named = [code, type].map((each) => each.toLowerCase()).find((each) => Object.hasOwn(causes, each))
  return named === undefined ? messages.find(([pattern]) => pattern.test(message))?.[1] : causes[named]
}

/** The codes and types of throttles and of faults of the provider, where no status says so. */
const throttling = /^(?:throttling|limit_|insufficient_quota|rate_?limit|too_?many_?requests|429)/i
const passing =
  /^(?:model_?serving|model_?unavailable|internal|request_?time_?out|server|service|overloaded|api_error|5\d\d)/i

/** The codes of an account whose bill is not paid, which come with status 429. */
const unpaid = /^(?:CommodityNotPurchased|PrepaidBillOverdue|PostpaidBillOverdue)$/

/** What an error means for the call. */
export interface ErrorMeaning {
  /** The HTTP status, or the one that the error has where it is a reply of its own. */
  readonly status: number
  /** The code of the error, or else its type. Empty: it has neither. */
  readonly code: string
  /** Whether it denies the call for now. */
  readonly isThrottle: boolean
  /** Undefined: the error does not say. */
  readonly cause: Cause | undefined
  /** Whether the same call may succeed later. */
  readonly isTransient: boolean
}

/** Returns what an error means. `given`: its status. Undefined: its code must tell. */
export function errorMeaning(error: ServiceError, given: number | undefined): ErrorMeaning {
  const { code, type } = error
  const cause = causeOf(error)
  const status = given ?? statusOf(error, cause)
  const isThrottle = status === 429 && !unpaid.test(code)
  const isTransient = isThrottle ? cause !== 'quota' : status === 408 || status === 409 || status >= 500
  return { status, code: code || type, isThrottle, cause, isTransient }
}

/** The status that an error has where it is a reply of its own. */
function statusOf({ code, type, message }: ServiceError, cause: Cause | undefined): number {
  const isNamed = (pattern: RegExp) => pattern.test(code) || pattern.test(type)
  if (cause || isNamed(throttling)) return 429
  return isNamed(passing) || /please try again later/i.test(message) ? 500 : 400
}
