import type { Millis } from '../../../src/core/clock.ts'
import { type Envelope, errorBody, type WireError } from '../../errors/envelope.ts'
import { errorTable } from '../../errors/error-table.ts'
import type { WholeAnswer } from '../exchange.ts'
import type { RequestRecord } from '../request-record.ts'
import type { Context } from './context.ts'
import { replyHeaders } from './reply-headers.ts'

/** The error of one request, in the envelope of its protocol. */
export interface ErrorOfRequest {
  readonly envelope: Envelope
  readonly error: WireError
  readonly record: RequestRecord
  /** The wait that the header `retry-after` advises, rounded up to seconds. Undefined: as the row of the error says. */
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
      ...(retryAfter !== undefined && { 'retry-after': String(Math.ceil(retryAfter / 1000)) }),
    },
    body: JSON.stringify(errorBody(profile, envelope, error, { id, links: switches.errorLinks })),
  }
}
