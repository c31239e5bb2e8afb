import type { Millis } from '../../src/core/clock.ts'
import type { Context } from './context.ts'
import { type Envelope, errorBody, type WireError } from './envelope.ts'
import { errorTable } from './error-table.ts'
import type { Whole } from './exchange.ts'
import { replyHeaders } from './headers.ts'
import type { RequestRecord } from './request-record.ts'

/** An error as a plain HTTP reply. */
export function errorAnswer(
  { profile, timeline, switches }: Context,
  envelope: Envelope,
  error: WireError,
  { id, arrivedAt }: RequestRecord,
  retryAfter?: Millis,
): Whole {
  const { status } = errorTable[error.name]
  return {
    kind: 'whole',
    status,
    headers: {
      ...replyHeaders(id, arrivedAt, timeline.now(), false, status === 403),
      ...(retryAfter !== undefined && { 'retry-after': String(Math.ceil(retryAfter / 1000)) }),
    },
    body: JSON.stringify(errorBody(profile, envelope, error, { value: id, place: switches.errorId })),
  }
}
