import { errorTable } from '../../errors/error-table.ts'
import { errorCode } from './first-frame.ts'
import type { NoReply } from './patience.ts'
import type { AccountReply } from './upstream-account.ts'

/**
 * How an account has done with a request. `failed`: it has given no reply, a 5xx or an error as the first frame of a stream, or it refuses whatever
 * it is asked, because its key is wrong or its bill is not paid.
 */
export type AccountOutcome = 'worked' | 'throttled' | 'failed'

/** The codes of an account whose bill is not paid, in either spelling. */
const overdue = new Set(
  (['arrears', 'prepaid-overdue', 'postpaid-overdue', 'not-purchased'] as const).map((name) => errorTable[name].native),
)

/** The longest error whose code is looked for, characters. */
const longestError = 64 * 1024

export function outcomeOf(reply: AccountReply | NoReply): AccountOutcome {
  if ('reason' in reply) return 'failed'
  const { error, status, text } = reply
  if (error) return error.status === 429 && !overdue.has(error.code) ? 'throttled' : 'failed'
  if (status === 401 || status === 402 || status >= 500) return 'failed'
  if (status >= 400 && text.length <= longestError && overdue.has(errorCode(text) ?? '')) return 'failed'
  return status === 429 ? 'throttled' : 'worked'
}
