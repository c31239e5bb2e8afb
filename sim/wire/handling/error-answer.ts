import type { Millis } from '../../../src/core/clock.ts'
import { type Envelope, errorBody, type WireError } from '../../errors/envelope.ts'
import { errorTable } from '../../errors/error-table.ts'
import type { Headers, WholeAnswer } from '../exchange.ts'
import type { RequestRecord } from '../request-record.ts'
import type { Context } from './context.ts'
import { replyHeaders } from './reply-headers.ts'

/** The error of one request, in the envelope of its protocol. */
export interface ErrorOfRequest {
  readonly envelope: Envelope
  readonly error: WireError
  readonly record: RequestRecord
  /** The wait that the header `retry-after` advises. Undefined: as the row of the error says. */
  readonly retryAfter?: Millis | undefined
}

/** An error as a plain HTTP reply. */
export function errorAnswer(context: Context, { envelope, error, record, ...advice }: ErrorOfRequest): WholeAnswer {
  const { profile, switches } = context
  const { status, retryAfter = advice.retryAfter } = errorTable[error.name]
  const id = { value: record.id, place: switches.errorId }
  return {
    kind: 'whole',
    status,
    headers: {
      ...replyHeaders(context, record, status, false),
      ...retryAfterHeader(retryAfter),
    },
    body: JSON.stringify(errorBody(profile, envelope, error, { id, links: switches.errorLinks })),
  }
}

/** The header that advises a wait, rounded up to seconds. There is none for a wait that nobody knows or that has no end. */
export function retryAfterHeader(wait: Millis = Infinity): Headers {
  return wait === Infinity ? {} : { 'retry-after': String(Math.ceil(wait / 1000)) }
}
