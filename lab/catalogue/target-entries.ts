import { type RotationOptions, rotation } from '../../src/strategies/targets/rotation.ts'
import { accountKeys } from './client-knowledge.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { backoffKinds } from './option-kinds.ts'
import { rotationTerms, severalAccounts } from './several-accounts.ts'

/** The strategies that change where a call goes. */
export const targetEntries: Readonly<Record<string, CatalogueEntry>> = {
  rotation: row<Omit<RotationOptions, 'keys'>>({
    about: 'Rotation over several accounts that tries the next key at once, and waits and retries when all deny.',
    terms: rotationTerms,
    options: backoffKinds,
    build: (knowledge, given) => rotation({ keys: accountKeys(knowledge), ...given }),
    quotaUse: severalAccounts,
  }),
}
