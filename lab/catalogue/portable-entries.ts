import { InputError } from '../../src/checks/input-error.ts'
import { stack } from '../../src/core/strategy.ts'
import { adaptiveEntries } from './adaptive-entries.ts'
import { bare, overSdk } from './article-entries.ts'
import type { ClientKnowledge } from './client-knowledge.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { ownEntries } from './own-entries.ts'
import { pacingEntries } from './pacing-entries.ts'
import { retryEntries } from './retry-entries.ts'
import { targetEntries } from './target-entries.ts'
import { tenantEntries } from './tenant-entries.ts'
import { toldEntries } from './told-entries.ts'

/** The strategies that need nothing of a platform, and so also run inside k6: all of ratelab's own. */
export const portableEntries: Readonly<Record<string, CatalogueEntry>> = {
  none: row<object>({ about: 'Sends once and takes what comes.', options: {}, build: () => stack() }),
  ...overSdk(),
  ...bare(),
  ...retryEntries,
  ...pacingEntries,
  ...toldEntries,
  ...ownEntries,
  ...tenantEntries,
  ...adaptiveEntries,
  ...targetEntries,
}

/** Returns the names of those that can run in this world at one address: all except those that need more accounts, a gateway or Batch Chat. */
export function portableFor(knowledge: ClientKnowledge): string[] {
  return Object.keys(portableEntries).filter((id) => {
    const { build, quotaUse } = portableEntries[id]!
    try {
      build(knowledge, {})
      return !quotaUse?.(knowledge).beyondLimits
    } catch (error) {
      if (error instanceof InputError) return false
      throw error
    }
  })
}
