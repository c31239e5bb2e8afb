import { about, number, object, oneOf, optional, type TypeOf, text } from '../../src/checks/shape.ts'
import type { References } from '../../src/scenario/accounts.ts'
import { verdicts } from '../../src/scenario/world.ts'

/** The number of entries that the control plane returns at once: by default, and at most. */
export const entriesAtOnce = { usual: 100, most: 1000 }

/** A query of the journal. It returns the entries to which everything that is named applies. */
export function journalQueryShape({ account }: Pick<References, 'account'>) {
  return object({
    id: about(optional(text), 'The x-request-id of one request.'),
    account: about(optional(account), 'The name of an account.'),
    // The model may be one that does not exist, since requests may name such a model.
    model: about(optional(text), 'The model that the request named.'),
    verdict: about(optional(oneOf(verdicts)), 'How the request was decided.'),
    since: about(
      optional(number({ atLeast: 0, whole: true })),
      'A number of an entry: only entries with higher numbers are returned, hence those that came later.',
    ),
    before: about(
      optional(number({ atLeast: 1, whole: true })),
      'A number of an entry: only entries with lower numbers are returned, hence those that came earlier.',
    ),
    limit: about(
      optional(number({ atLeast: 1, atMost: entriesAtOnce.most, whole: true }), entriesAtOnce.usual),
      'At most this many entries are returned: the newest.',
    ),
  })
}

export type JournalQuery = TypeOf<ReturnType<typeof journalQueryShape>>
