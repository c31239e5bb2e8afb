import { errorBody, type WireError } from '../../errors/envelope.ts'
import { errorTable } from '../../errors/error-table.ts'
import { intl } from '../../profiles/intl.ts'
import type { WholeAnswer } from '../exchange.ts'
import { envelopeOf } from './routes.ts'

/** An error where no mock has given one: in the envelope of the protocol at this path, in the international spelling, without the id of a request. */
export function ownAnswer(path: string, error: WireError): WholeAnswer {
  const body = JSON.stringify(errorBody(intl, envelopeOf(path), error))
  return { kind: 'whole', status: errorTable[error.name].status, headers: { 'content-type': 'application/json' }, body }
}
