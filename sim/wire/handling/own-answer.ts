import { type Envelope, errorBody, type WireError } from '../../errors/envelope.ts'
import { errorTable } from '../../errors/error-table.ts'
import { intl } from '../../profiles/intl.ts'
import type { WholeAnswer } from '../exchange.ts'

/** An error where no mock has given one, in the international spelling. `id`: of the request, if it has one. */
export function ownAnswer(envelope: Envelope, error: WireError, id?: string): WholeAnswer {
  const circumstances = id === undefined ? {} : { id: { value: id, place: 'request_id' } as const }
  const body = JSON.stringify(errorBody(intl, envelope, error, circumstances))
  return { kind: 'whole', status: errorTable[error.name].status, headers: { 'content-type': 'application/json' }, body }
}
