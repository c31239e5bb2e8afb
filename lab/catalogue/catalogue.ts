import type { CatalogueEntry } from './entry.ts'
import { guestEntries } from './guest-entries.ts'
import { namedEntry } from './named-entry.ts'
import { portableEntries } from './portable-entries.ts'

/** The strategies that `--strategies` and scenarios name. Their options are derived from the documented limits of the world. */
const entries: Readonly<Record<string, CatalogueEntry>> = { ...portableEntries, ...guestEntries }

export const strategyNames: readonly string[] = Object.keys(entries)

/** Returns the row of this name. Throws an `InputError` for a name that the catalogue does not have. */
export function entryNamed(id: string): CatalogueEntry {
  return namedEntry(entries, id)
}

/** Whether a name, also one with options, is that of a guest: of a row that runs the code of npm packages. */
export function isGuest(id: string): boolean {
  return Object.hasOwn(guestEntries, id.split(':', 1)[0]!)
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
