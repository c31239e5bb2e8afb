import { didYouMean } from '../../src/checks/did-you-mean.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { show } from '../../src/core/expect.ts'
import { type Strategy, stack } from '../../src/core/strategy.ts'
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

/** The strategies that `--strategies` and scenarios name. Their options are derived from the documented limits of the world. */
const entries: Readonly<Record<string, CatalogueEntry>> = {
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

export const strategyNames: readonly string[] = Object.keys(entries)

/** Returns the error for a name that the catalogue does not have. */
export function unknownStrategy(id: string): InputError {
  const names = strategyNames.join(', ')
  const hint = didYouMean(id, strategyNames)
  return new InputError(`Expected a strategy (${names}), got ${show(id)}${hint}`, 'STRATEGY_UNKNOWN')
}

/**
 * Builds the strategy of this name, with options that are derived from what its client knows. Throws an `InputError` for a name
 * that the catalogue does not have, and for an entry that needs more accounts, or a gateway, than the world has.
 */
export function strategyNamed(id: string, knowledge: ClientKnowledge): Strategy {
  return entryNamed(id).build(knowledge, {})
}

/** Returns the row of this name. Throws an `InputError` for a name that the catalogue does not have. */
export function entryNamed(id: string): CatalogueEntry {
  const entry = Object.hasOwn(entries, id) ? entries[id] : undefined
  if (!entry) throw unknownStrategy(id)
  return entry
}

/** Returns the names of the strategies that can run in this world: all except those that need more accounts, or a gateway. */
export function strategiesFor(knowledge: ClientKnowledge): string[] {
  return strategyNames.filter((id) => {
    try {
      strategyNamed(id, knowledge)
      return true
    } catch (error) {
      if (error instanceof InputError) return false
      throw error
    }
  })
}

/**
 * Returns a line about each strategy of the catalogue, the names of the options that it takes, and a warning where the provider's
 * terms may forbid it.
 */
export function aboutStrategies(): { name: string; about: string; options: readonly string[]; terms?: string }[] {
  return Object.entries(entries).map(([name, { about, options, terms }]) => ({
    name,
    about,
    options: Object.keys(options),
    ...(terms !== undefined && { terms }),
  }))
}
