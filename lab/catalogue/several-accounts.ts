import { type ClientKnowledge, ownAccounts } from './client-knowledge.ts'
import type { QuotaUse } from './entry.ts'

/** The warning of every strategy that rotates accounts. */
export const rotationTerms =
  'Rotating accounts to get round a limit can breach the provider’s terms of service; check them first.'

/** Returns the quota of a strategy that rotates the client's own accounts. */
export function severalAccounts(knowledge: ClientKnowledge): QuotaUse {
  const accounts = ownAccounts(knowledge).map(({ name }) => name)
  return { text: `${accounts.length} accounts`, accounts, models: [knowledge.model] }
}
