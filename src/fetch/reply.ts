import type { Call, Reply, Usage } from '../core/call.ts'
import type { Millis } from '../core/clock.ts'
import { adviceIn } from './advice.ts'
import { type ErrorMeaning, errorMeaning, type ServiceError } from './service-error.ts'
import type { StreamRecord } from './stream-record.ts'

/** What every reply to an attempt tells: the call, and the response, which is the body of the reply. */
export interface Reading {
  readonly call: Call
  readonly response: Response
  /** The instant at which its headers came. */
  readonly now: Millis
}

/** The reply to a call that was answered. */
export function answeredReply({ call, response }: Reading, usage: Usage, model = call.target.model): Reply {
  return { kind: 'ok', usage, model, body: response, ...received(response) }
}

/** The reply to a call that was not. `given`: the status of the response or of the frame. Undefined: the code of the error must tell. */
export function errorReply(reading: Reading, error: ServiceError, given: number | undefined): Reply {
  const { response, now } = reading
  const meaning = errorMeaning(error, given)
  const { cause } = meaning
  if (!meaning.isThrottle) return failedReply(reading, meaning, shouldRetry(response) ?? meaning.isTransient)
  const retryAfter = adviceIn(response.headers, now)
  const advice = retryAfter !== undefined && { retryAfter }
  return { kind: 'throttled', ...(cause && { cause }), ...advice, body: response, ...received(response) }
}

/** The reply to a stream of which the caller has got the response. After an error in it the call is not made again: its beginning would come twice. */
export function endReply(reading: Reading, record: StreamRecord, isWhole: boolean): Reply {
  const { failure, model } = record
  if (!failure) return answeredReply(reading, record.usage(isWhole), model)
  return failedReply(reading, errorMeaning(failure.error, failure.status), false)
}

function failedReply({ response }: Reading, { status, code }: ErrorMeaning, retryable: boolean): Reply {
  return { kind: 'failed', status, ...(code && { code }), retryable, body: response, ...received(response) }
}

/** Whether OpenAI says that the call should be made again. Undefined: it does not say. */
function shouldRetry({ headers }: Response): boolean | undefined {
  const told = headers.get('x-should-retry')
  return told === 'true' || (told === 'false' ? false : undefined)
}

/** The header with which DashScope says when a request came, in milliseconds since the Unix epoch. */
function received({ headers }: Response): Pick<Reply, 'receivedAt'> {
  const at = headers.get('req-arrive-time') ?? ''
  return /^\d{1,15}$/.test(at) ? { receivedAt: Number(at) } : {}
}
