import { didYouMean } from '../../src/checks/did-you-mean.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { show } from '../../src/core/expect.ts'
import type { CatalogueEntry } from './entry.ts'

/** Returns the row of this name. Throws an `InputError` for a name that the table does not have. */
export function namedEntry(entries: Readonly<Record<string, CatalogueEntry>>, id: string): CatalogueEntry {
  if (Object.hasOwn(entries, id)) return entries[id]!
  const names = Object.keys(entries)
  const message = `Expected a strategy (${names.join(', ')}), got ${show(id)}${didYouMean(id, names)}`
  throw new InputError(message, 'STRATEGY_UNKNOWN')
}
